import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownLists } from "../src/azure/findings/known-lists.ts";
import { findingsParser } from "../src/azure/findings/parser.ts";

const long = (id: string, more = "x".repeat(300)) => JSON.stringify([{ CveId: id, Description: more }]);

/** What a reader gets of the page, with every mark opened. */
function openedBy(lists: ReturnType<typeof knownLists>, page: string): unknown {
  return JSON.parse(lists.marked(Buffer.from(page)), (_, value: unknown) => lists.opened(value));
}

describe("lists that are known by their bytes", () => {
  it("leave a page what it is, whatever stands in it and around it", () => {
    const piece = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(long("CVE-1"), long("CVE-2"), long("CVE-1", 'é😀\\"'.repeat(99))),
      },
      fc.string({ unit: fc.constantFrom('"', "\\", "[", "{", "]", "a", "é", "\u0000", "😀"), maxLength: 30 }),
      fc.constantFrom('[{"a"', '"[{"', `see ${long("CVE-3")}`, `${long("CVE-4")} `, '\\"[{\\"'),
    );
    const cell = fc.oneof(
      piece,
      fc.json(),
      fc.integer(),
      fc.constant(null),
      fc.array(piece, { maxLength: 3 }),
    );
    const page = fc.record({ rows: fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 6 }) });
    fc.assert(
      fc.property(fc.array(page, { minLength: 1, maxLength: 4 }), fc.nat(2), (pages, indent) => {
        const lists = knownLists();
        for (const one of pages) expect(openedBy(lists, JSON.stringify(one, null, indent))).toEqual(one);
      }),
    );
  });

  it("take a small part of their room once they are known, on the first page too", () => {
    const lists = knownLists();
    const page = () => Buffer.from(JSON.stringify(Array.from({ length: 100 }, () => long("CVE-1"))));
    expect(lists.marked(page()).length).toBeLessThan(page().length / 5);
    const marks = new Set(JSON.parse(lists.marked(page())) as string[]);
    expect(marks.size).toBe(1);
  });

  it("are told apart where they begin alike", () => {
    const lists = knownLists();
    const page = Array.from({ length: 30 }, (_, index) => long("CVE-1", `${"x".repeat(300)}${index}`));
    for (let time = 0; time < 2; time++) expect(openedBy(lists, JSON.stringify(page))).toEqual(page);
  });

  it("are still read when there were so many that the first ones were forgotten", () => {
    const lists = knownLists();
    const pageOf = (first: number) =>
      Array.from({ length: 4 }, (_, index) => long(`CVE-${first + index}`, "y".repeat(4 * 1024 * 1024)));
    for (let first = 0; first < 12; first += 4) {
      const page = pageOf(first);
      expect(openedBy(lists, JSON.stringify(page))).toEqual(page);
    }
    expect(openedBy(lists, JSON.stringify(pageOf(0)))).toEqual(pageOf(0));
  });

  it("cannot be named by who writes into a page", () => {
    const mark = (
      JSON.parse(knownLists().marked(Buffer.from(JSON.stringify([long("CVE-1")])))) as string[]
    )[0]!;
    const other = knownLists();
    openedBy(other, JSON.stringify([long("CVE-1")]));
    expect(openedBy(other, JSON.stringify([mark]))).toEqual([mark]);
  });
});

describe("a page that is no JSON", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  const columns = ["id", "resourceType", "status", "about", "package", "versions", "details"];
  const row = (status: string, details: string) => [
    digest,
    ".containerimage",
    status,
    JSON.stringify({ Digest: digest }),
    "curl",
    '["1"]',
    details,
  ];
  const whole = JSON.stringify({
    data: {
      columns: columns.map((name) => ({ name })),
      rows: [row("Healthy", ""), row("Unhealthy", long("CVE-2024-1"))],
    },
  });

  it.each([
    ["a list in it is cut off", (text: string) => text.slice(0, -40)],
    ["a list in it has a line end", (text: string) => text.replace("xxx", "x\nx")],
    ["a list in it has an escape that there is none of", (text: string) => text.replace("xxx", "x\\qx")],
  ])("says nothing of what it held, so that it is all told when it comes again: %s", (_, damaged) => {
    const parser = findingsParser(new Map());
    expect(() => parser.read("individual", Buffer.from(damaged(whole)))).toThrow(SyntaxError);
    const [part] = parser.read("individual", Buffer.from(whole)).parts;
    expect(part!.artifacts.map(({ artifact }) => artifact.key)).toEqual([digest]);
    expect(part!.groups[0]!.vulnerabilities).toMatchObject([{ id: "CVE-2024-1", package: "curl" }]);
    expect([...part!.pairs]).toEqual([part!.artifacts[0]!.ref, part!.groups[0]!.ref]);
  });
});
