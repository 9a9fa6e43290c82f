import type { HttpClient } from "@azure/core-rest-pipeline";
import type { Answer, Client } from "../client/client.ts";
import { unreadableBody } from "../client/problem.ts";
import { count, field } from "../fields.ts";
import { type GraphAccess, reachesSome } from "../graph/graph.ts";
import type { GraphScope } from "../graph/graph-scope.ts";
import type { Names } from "../place.ts";
import type { AskDetails } from "./cve-details.ts";
import { findingsParser, type ParsedPage, type RowKind } from "./parser.ts";
import type { AskPage } from "./part.ts";
import { tableRows } from "./table-rows.ts";

const path = "/providers/Microsoft.ResourceGraph/resources";
const apiVersion = "2022-10-01";
/** Requests of the quota that are left for others: a poll reads a few pages. */
const spare = 5;

export type Source = { kind: RowKind; query: string; scope: GraphScope; signal?: AbortSignal };
/** Sends the one request for a page, by another transport where one is given. */
export type Post = (transport?: HttpClient) => Promise<Answer>;
/** What makes a page of an answer. Throws a retryable `UpstreamError` where that is no JSON. */
export type PageReader = {
  read(kind: RowKind, post: Post): Promise<{ headers: Answer["headers"]; page: ParsedPage }>;
  end(): Promise<void>;
};

type Wanted = { query: string; scope: GraphScope; top: number; token?: string; signal?: AbortSignal };

/** Asks Resource Graph for one page, within the quota that it shares with everything else. */
function asking(client: Client, { gate }: GraphAccess) {
  return async <T extends Pick<Answer, "headers">>(
    { query, scope, top, token, signal }: Wanted,
    read: (post: Post) => Promise<T>,
  ): Promise<T> => {
    const options = { resultFormat: "table", $top: top, ...(token && { $skipToken: token }) };
    const body = { query, ...scope, options };
    let headers: Answer["headers"] | undefined;
    const post: Post = async (transport) => {
      const answer = await client.exchange(path, apiVersion, body, { signal, transport });
      headers = answer.headers;
      return answer;
    };
    return gate(
      () => read(post),
      () => headers,
      { spare },
    );
  };
}

/** Asks for pages of findings. */
export function pageSource(client: Client, access: GraphAccess, reader: PageReader) {
  const ask = asking(client, access);
  return ({ kind, query, scope, signal }: Source): AskPage =>
    async (top, token) => {
      const { headers, page } = await ask({ query, scope, top, token, signal }, (post) =>
        reader.read(kind, post),
      );
      if (reachesSome(headers)) access.listed = true;
      return page;
    };
}

/** Asks for details of CVEs: a page is some hundred kilobytes, and is parsed here. */
export function detailSource(client: Client, access: GraphAccess, signal?: AbortSignal): AskDetails {
  const ask = asking(client, access);
  return async (query, scope, { top, token }) =>
    detailPage((await ask({ query, scope, top, token, signal }, (post) => post())).text);
}

function detailPage(body: string): Awaited<ReturnType<AskDetails>> {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
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
export function readingHere(names: Names): PageReader {
  const parser = findingsParser(names);
  return {
    async read(kind, post) {
      const { headers, text } = await post();
      try {
        return { headers, page: parser.read(kind, text) };
      } catch (error) {
        throw error instanceof SyntaxError ? unreadableBody(200, error) : error;
      }
    },
    async end() {},
  };
}
