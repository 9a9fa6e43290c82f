import { expect, it } from "vitest";
import type { ParsedPage } from "../../src/azure/findings/parser.ts";
import { readPart } from "../../src/azure/findings/part.ts";

/** A result of Resource Graph, whose tokens are places in it; `between` is done to it after each page. */
function resultOf(rows: string[], between: () => void = () => {}) {
  let pages = 0;
  const ask = async (top: number, skipToken = "0"): Promise<ParsedPage> => {
    const page = rows.slice(Number(skipToken), Number(skipToken) + top);
    const next = Number(skipToken) + page.length;
    const about = { rows: page.length, unreadable: 0, total: rows.length, truncated: false };
    const more = next < rows.length ? { skipToken: String(next) } : {};
    pages++;
    between();
    // What a page says of its rows is their subscriptions here.
    return { ...about, ...more, subscriptions: page, parts: [], shape: {} as ParsedPage["shape"] };
  };
  return { ask, asked: () => pages };
}

async function taken({ ask }: ReturnType<typeof resultOf>): Promise<Set<string>> {
  const seen = new Set<string>();
  await readPart(
    ask,
    (page) => {
      for (const one of page.subscriptions) seen.add(one);
    },
    { top: 3 },
  );
  return seen;
}

it("misses no row that moved onto a page which was read, because one of that page was deleted meanwhile", async () => {
  const rows = ["a", "b", "c", "d", "e"];
  let deleted = false;
  const result = resultOf(rows, () => {
    if (!deleted) rows.splice(1, 1);
    deleted = true;
  });
  expect(await taken(result)).toEqual(new Set(["a", "b", "c", "d", "e"]));
  expect(result.asked()).toBe(4);
});

it("reads each page once where nothing was deleted, and ends where rows are deleted without end", async () => {
  const still = resultOf(["a", "b", "c", "d"]);
  expect([(await taken(still)).size, still.asked()]).toEqual([4, 2]);
  const rows = Array.from({ length: 40 }, (_, n) => `r${n}`);
  const busy = resultOf(rows, () => rows.splice(0, 1));
  expect((await taken(busy)).size).toBeGreaterThan(20);
});
