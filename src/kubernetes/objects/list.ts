import type { UpstreamError } from "../../errors.ts";
import { trouble } from "../connection/refusal.ts";
import { type Answered, type Ask, query, type Transport } from "../connection/transport.ts";
import { at, items, text } from "./read.ts";

/** `size` of a page: small where objects are large and answers are cut. `partial`: metadata is enough. `first`: so is one page. */
export type List = {
  path: string;
  selector?: string;
  fields?: string;
  size: number;
  partial?: boolean;
  first?: true;
};
type Listed = { listed: unknown[]; error?: UpstreamError };

const mostPages = 1000;
/** How often a list is begun anew because the API server no longer knows its place. */
const mostBeginnings = 3;

/** All objects of several lists, each to its last page; their first pages are asked for together. */
export async function listEach(transport: Transport, lists: readonly List[]): Promise<Listed[]> {
  const first = await transport.ask(lists.map((list) => pageOf(list)));
  const all: Listed[] = [];
  for (const [index, list] of lists.entries())
    all.push(await toTheEnd(transport, list, first[index] ?? { body: undefined }));
  return all;
}

async function toTheEnd(transport: Transport, list: List, first: Answered): Promise<Listed> {
  let listed: unknown[] = [];
  const seen = new Set<string>();
  let { size } = list;
  let beginnings = 0;
  for (let answer = first, token = ""; ; ) {
    // What does not fit into one answer comes in smaller pages.
    if (answer.error?.code === "OutputCut" && size > 1) size = Math.ceil(size / 4);
    // Tokens live for minutes: then 410 Gone [Kubernetes API concepts, retrieving large results sets in chunks]. A list
    // that expires again and again is asked for whole at last.
    else if (answer.error?.status === 410 && token !== "" && beginnings++ < mostBeginnings) {
      listed = [];
      seen.clear();
      token = "";
      if (beginnings === mostBeginnings) size = 0;
    } else if (answer.error) return { listed, error: answer.error };
    else if (!isList(answer.body)) return { listed, error: noList() };
    else {
      for (const item of items(answer.body, "items")) listed.push(item);
      token = text(answer.body, ["metadata", "continue"], 10_000);
      if (token === "" || list.first) return { listed };
      if (seen.has(token) || seen.size >= mostPages) return { listed, error: endless() };
      seen.add(token);
    }
    const [next] = await transport.ask([pageOf({ ...list, size }, token)]);
    answer = next ?? { body: undefined };
  }
}

function pageOf({ path, selector, fields, size, partial }: List, token = ""): Ask {
  const limit = size > 0 ? size : undefined;
  return {
    kind: "get",
    path: `${path}${query({ labelSelector: selector, fieldSelector: fields, limit, continue: token || undefined })}`,
    ...(partial && { partial }),
  };
}

/** An empty list may have nothing for its items [Go, nil slices]; what is no list says nothing of what there is. */
function isList(body: unknown): boolean {
  return Array.isArray(at(body, "items")) || text(body, ["kind"]).endsWith("List");
}

function noList(): UpstreamError {
  return trouble("InvalidBody", "The API server answered with something else than a list", true, 200);
}

function endless(): UpstreamError {
  return trouble("ContinueLoop", "The cluster's list does not end: its token was used before", true, 200);
}
