import type { Client } from "../client/client.ts";
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
  const turn = turns();
  return ({ kind, query, scope, signal }: Source): AskPage =>
    async (top, skipToken) => {
      const cancel = new AbortController();
      const either = signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal;
      const options = { resultFormat: "table", $top: top, ...(skipToken && { $skipToken: skipToken }) };
      const asked = await asking(() =>
        client.postForStream(path, apiVersion, { query, ...scope, options }, either),
      );
      if (reachesSome(asked.headers)) access.listed = true;
      return parser.read(kind, await receive(asked, () => cancel.abort(), { room: parser.room, turn }));
    };

  async function asking<T extends { headers: { get(name: string): string | undefined } }>(
    send: () => Promise<T>,
  ): Promise<T> {
    let headers: T["headers"] | undefined;
    const sent = async () => {
      const answer = await send();
      headers = answer.headers;
      return answer;
    };
    return access.gate(sent, () => headers, { spare });
  }
}

/** Asks for details of CVEs: a page is some hundred kilobytes, and is parsed here. */
export function detailSource(client: Client, access: GraphAccess, signal?: AbortSignal): AskDetails {
  const turn = turns();
  return async (query, scope, { top, token }) => {
    const cancel = new AbortController();
    const either = signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal;
    const options = { resultFormat: "table", $top: top, ...(token && { $skipToken: token }) };
    let headers: { get(name: string): string | undefined } | undefined;
    const bytes = await access.gate(
      async () => {
        const answer = await client.postForStream(path, apiVersion, { query, ...scope, options }, either);
        headers = answer.headers;
        return receive(answer, () => cancel.abort(), { room: Buffer.allocUnsafeSlow, turn });
      },
      () => headers,
      { spare },
    );
    return detailPage(bytes);
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
