import { items, text } from "./read.ts";
import { trouble } from "./refusal.ts";
import { askOne, query, type Transport } from "./transport.ts";

const mostPages = 200;

/** All objects of a list, to its last page. `size` of a page: small where objects are large and answers are cut. */
export async function listAll(
  transport: Transport,
  path: string,
  options: { selector?: string; size?: number } = {},
): Promise<unknown[]> {
  const all: unknown[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; ; ) {
    const page = await askOne(transport, {
      kind: "get",
      path: `${path}${query({ labelSelector: options.selector, limit: options.size ?? 250, continue: token })}`,
    });
    for (const item of items(page, "items")) all.push(item);
    token = text(page, ["metadata", "continue"], 10_000) || undefined;
    if (token === undefined) return all;
    if (seen.has(token) || seen.size >= mostPages)
      throw trouble("ContinueLoop", "The cluster's list does not end: its token was used before", true, 200);
    seen.add(token);
  }
}
