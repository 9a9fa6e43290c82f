import type { Client, Streamed } from "../client/client.ts";
import { jsonOf } from "../client/packed.ts";
import { unreadableBody } from "../client/problem.ts";
import { count, field } from "../fields.ts";
import { type GraphAccess, reachesSome } from "../graph/graph.ts";
import type { GraphScope } from "../graph/graph-scope.ts";
import type { Names } from "../place.ts";
import type { AskDetails } from "./cve-details.ts";
import { findingsParser, type RowKind } from "./parser.ts";
import type { AskPage } from "./part.ts";
import type { NodeGroups } from "./read-artifact.ts";
import { receive, turns } from "./receive.ts";
import { tableRows } from "./table-rows.ts";
import type { PageParser } from "./thread.ts";

const path = "/providers/Microsoft.ResourceGraph/resources";
const apiVersion = "2022-10-01";
/** Requests of the quota that are left for others: a poll reads a few pages. */
const spare = 5;

export type Source = { kind: RowKind; query: string; scope: GraphScope; signal?: AbortSignal };

/** Asks Resource Graph for pages as bytes, within the quota that it shares with everything else, and parses them. */
export function pageSource(client: Client, access: GraphAccess, parser: PageParser) {
  const ask = asking(client, access);
  const turn = turns();
  return ({ kind, query, scope, signal }: Source): AskPage =>
    async (top, token) => {
      // The quota is spent when the answer begins: its bytes come in while others ask.
      const { answer, cancel } = await ask({ query, scope, top, token, signal }, async (asked) => asked);
      if (reachesSome(answer.headers)) access.listed = true;
      return parser.read(kind, await receive(answer, cancel, { room: parser.room, turn }));
    };
}

/** Asks for details of CVEs: a page is some hundred kilobytes, and is parsed here. */
export function detailSource(client: Client, access: GraphAccess, signal?: AbortSignal): AskDetails {
  const ask = asking(client, access);
  const how = { room: Buffer.allocUnsafeSlow, turn: turns() };
  return async (query, scope, { top, token }) =>
    detailPage(
      await ask({ query, scope, top, token, signal }, ({ answer, cancel }) => receive(answer, cancel, how)),
    );
}

type Wanted = { query: string; scope: GraphScope; top: number; token?: string; signal?: AbortSignal };
/** `cancel` ends the request. */
type Asked = { answer: Streamed; cancel: () => void };

/** Asks for one page. `take`: what is done with its answer before the next one is asked for. */
function asking(client: Client, { gate }: GraphAccess) {
  return <T>(
    { query, scope, top, token, signal }: Wanted,
    take: (asked: Asked) => Promise<T>,
  ): Promise<T> => {
    const ending = new AbortController();
    const either = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
    const options = { resultFormat: "table", $top: top, ...(token && { $skipToken: token }) };
    let headers: Streamed["headers"] | undefined;
    return gate(
      async () => {
        const answer = await client.postForStream(path, apiVersion, { query, ...scope, options }, either);
        headers = answer.headers;
        return take({ answer, cancel: () => ending.abort() });
      },
      () => headers,
      { spare },
    );
  };
}

function detailPage(bytes: Buffer): Awaited<ReturnType<AskDetails>> {
  let answer: unknown;
  try {
    answer = jsonOf(bytes);
  } catch (error) {
    throw unreadableBody(200, error);
  }
  const rows = tableRows(field(answer, "data"));
  const token = field(answer, "$skipToken");
  return {
    rows,
    total: count(field(answer, "totalRecords")) ?? rows.length,
    ...(typeof token === "string" && token !== "" && { token }),
  };
}

/** Parses here and now: for a few rows a thread is not worth its start. */
export function parsingHere(names: Names, nodeGroups?: NodeGroups): PageParser {
  const parser = findingsParser(names, nodeGroups);
  return {
    room: Buffer.allocUnsafeSlow,
    async read(kind, bytes) {
      try {
        return parser.read(kind, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      } catch (error) {
        throw error instanceof SyntaxError ? unreadableBody(200, error) : error;
      }
    },
    async end() {},
  };
}
