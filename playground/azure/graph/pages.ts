import { randomBytes } from "node:crypto";
import type { Column } from "../kusto/tree.ts";
import type { Value } from "../kusto/values.ts";

/** The evaluated rows of one query, kept so that its next pages need not be evaluated again. */
export type Evaluated = { columns: Column[]; rows: Value[][]; pageable: boolean; revision: number };
type Open = { query: string; scope: string; offset: number; top: number; until: number };

/** Tokens are good for ten minutes. */
const lifetime = 600_000;
const mostOpen = 10_000;
/** How many results are kept: a page of an older one is evaluated again. */
const mostKept = 8;

/** The open pages of a stand-in: which token continues which query, over which scope, from where. */
export type Pages = {
  open(page: Omit<Open, "until">, evaluated: Evaluated, at: number): string;
  /** The page that a token continues; undefined where it does not belong to this query and scope, or is too old. */
  find(token: string, query: string, scope: string, at: number): Open | undefined;
  /** The last result of a query over a scope, where it is still kept. */
  kept(query: string, scope: string): Evaluated | undefined;
};

function forgetOldest(map: Map<string, unknown>, most: number) {
  while (map.size > most) map.delete(map.keys().next().value!);
}

export function openPages(): Pages {
  const pages = new Map<string, Open>();
  const results = new Map<string, Evaluated>();
  const key = (query: string, scope: string) => `${scope}\n${query}`;
  return {
    open(page, evaluated, at) {
      const token = randomBytes(24).toString("base64");
      pages.set(token, { ...page, until: at + lifetime });
      forgetOldest(pages, mostOpen);
      results.delete(key(page.query, page.scope));
      results.set(key(page.query, page.scope), evaluated);
      forgetOldest(results, mostKept);
      return token;
    },
    find(token, query, scope, at) {
      const page = pages.get(token);
      return page && page.query === query && page.scope === scope && page.until > at ? page : undefined;
    },
    kept: (query, scope) => results.get(key(query, scope)),
  };
}
