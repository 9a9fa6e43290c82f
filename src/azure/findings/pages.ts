import type { Client } from "../client.ts";
import { type GraphAccess, reachesSome } from "../graph.ts";
import type { GraphScope } from "../graph-scope.ts";
import type { Names } from "../place.ts";
import { unreadableBody } from "../problem.ts";
import { findingsParser, type RowKind } from "./parser.ts";
import type { AskPage } from "./part.ts";
import { receive, turns } from "./receive.ts";
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
    return access.gate(sent, () => headers, spare);
  }
}

/** Parses here and now: for a few rows a thread is not worth its start. */
export function parsingHere(names: Names): PageParser {
  const parser = findingsParser(names);
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
