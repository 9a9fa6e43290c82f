import { type Answer, failure } from "./errors.ts";
import type { Call } from "./routes.ts";

/** One page of a list with `nextLink`; the token is opaque to clients and good for this list only. */
export function page(
  call: Call,
  all: readonly unknown[],
  body: (value: unknown[]) => object = (value) => ({ value }),
): Answer {
  const token = call.url.searchParams.get("$skiptoken") ?? call.url.searchParams.get("$skipToken");
  const from = token === null ? 0 : offsetOf(token, call.url.pathname);
  if (from === undefined)
    return failure(400, "InvalidSkipToken", "The $skiptoken is not valid for this request.");
  const to = from + call.pageSize;
  const answer = body(all.slice(from, to));
  if (to >= all.length) return { status: 200, body: answer };
  const next = new URL(call.url.pathname + call.url.search, call.base);
  next.searchParams.delete("$skipToken");
  next.searchParams.set("$skiptoken", tokenOf(to, call.url.pathname));
  return { status: 200, body: { ...answer, nextLink: next.href } };
}

const tokenOf = (offset: number, path: string) =>
  Buffer.from(JSON.stringify([offset, path.toLowerCase()])).toString("base64url");

function offsetOf(token: string, path: string): number | undefined {
  try {
    const [offset, where] = JSON.parse(Buffer.from(token, "base64url").toString()) as [unknown, unknown];
    return where === path.toLowerCase() && typeof offset === "number" ? offset : undefined;
  } catch {
    return undefined;
  }
}
