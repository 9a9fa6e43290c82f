import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dictionary, mergeVulnerabilities } from "../../src/domain/findings/model/dictionary.ts";
import type { FindingPage, Vulnerability } from "../../src/domain/findings/model/finding.ts";
import { findingModels, vulnerabilityKey } from "../../src/domain/findings/model/finding.ts";
import {
  packAscending,
  packedAmong,
  packedCount,
  unpackAscending,
} from "../../src/domain/findings/model/varint.ts";
import { snapshotBuilder } from "../../src/domain/findings/reading/snapshot-builder.ts";
import { severities } from "../../src/domain/severity.ts";
import { digestOf, place, use } from "../findings-estate.ts";

const name = fc.constantFrom("openssl", "xz-utils", "glibc", "log4j core");
const vulnerability: fc.Arbitrary<Vulnerability> = fc.record(
  {
    id: fc.constantFrom("CVE-2024-1", "CVE-2024-2", "CVE-2024-3"),
    package: name,
    version: fc.constantFrom("1.0", "2.0-r1", ""),
    severity: fc.constantFrom(...severities),
    fix: fc.constantFrom("available", "none", "unknown"),
    fixed: fc.constantFrom("2.1", "3.0"),
    exploit: fc.boolean(),
    published: fc.constantFrom("2024-03-29", "2024-04-01"),
  },
  { requiredKeys: ["id", "package", "version", "severity", "fix", "exploit"] },
);

/** The same text as another model or day may write it. */
const spelled = (text: string) =>
  fc
    .tuple(fc.boolean(), fc.constantFrom("", " ", "\t", "\n  "), fc.constantFrom("", " "))
    .map(
      ([upper, before, after]) => `${before}${upper ? text.toUpperCase() : text.replace(" ", "  ")}${after}`,
    );

/** One row: an artifact, its place, and the vulnerabilities of one package. */
type Row = {
  image: string;
  model: FindingPage["model"];
  flaws: Vulnerability[];
  running: boolean;
  closed?: number;
};
const row: fc.Arbitrary<Row> = fc.record({
  image: fc.constantFrom("a", "b", "c", "d"),
  model: fc.constantFrom(...findingModels),
  flaws: fc.array(vulnerability, { maxLength: 4 }),
  running: fc.boolean(),
  closed: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
});

/** Rows as one page; references are counted within the reading: those of a row stay the same when it comes again. */
function pageOf(rows: readonly { row: Row; ref: number }[]): FindingPage[] {
  return rows.map(({ row: { image, model, flaws, running, closed }, ref }) => ({
    model,
    artifacts: [
      {
        ref,
        artifact: {
          key: digestOf(image),
          kind: "image",
          name: image,
          places: running ? [] : [place(`team/${image}`)],
          uses: running ? [use(image)] : [],
        },
      },
    ],
    groups: [{ ref, vulnerabilities: flaws }],
    pairs: Uint32Array.from([ref, ref]),
    closed: closed ? [{ ref, row: closed, why: "exempted" }] : [],
  }));
}

/** What a builder makes of pages, without the numbers of its dictionary. */
function built(pages: readonly FindingPage[]) {
  const words = dictionary();
  const builder = snapshotBuilder(words);
  for (const page of pages) builder.take(page);
  return [...builder.artifacts()].map(({ findings, places, uses, ...artifact }) => ({
    ...artifact,
    places: places.map((one) => JSON.stringify(one)).sort(),
    uses: uses.map((one) => JSON.stringify(one)).sort(),
    flaws: [...findings].map((id) => JSON.stringify(words.vulnerability(id))).sort(),
  }));
}

describe("a snapshot", () => {
  it("does not hang on the order of rows, on repeated rows, or on pages that come twice", () => {
    const rows = fc.array(row, { maxLength: 12 }).chain((all) => {
      const numbered = all.map((one, ref) => ({ row: one, ref }));
      return fc.tuple(
        fc.constant(numbered),
        fc.shuffledSubarray(numbered, { minLength: numbered.length }),
        fc.array(fc.nat(), { maxLength: 6 }),
      );
    });
    fc.assert(
      fc.property(rows, ([inOrder, shuffled, again]) => {
        const repeated = again.flatMap((index) =>
          shuffled.length > 0 ? [shuffled[index % shuffled.length]!] : [],
        );
        expect(built(pageOf([...shuffled, ...repeated]))).toEqual(built(pageOf(inOrder)));
      }),
    );
  });

  it("has each finding once, whatever models tell of it", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const artifacts = built(pageOf(rows.map((one, ref) => ({ row: one, ref }))));
        for (const { key, flaws } of artifacts) {
          const reported = rows.filter(({ image }) => digestOf(image) === key).flatMap((one) => one.flaws);
          const result = flaws.map((text) => vulnerabilityKey(JSON.parse(text) as Vulnerability));
          expect(result.sort()).toEqual([...new Set(reported.map(vulnerabilityKey))].sort());
        }
      }),
    );
  });

  it("counts a closed row once, however often it comes", () => {
    const rows = [
      { row: { image: "a", model: "individual", flaws: [], running: false, closed: 7 } as Row, ref: 0 },
    ];
    expect(built(pageOf([...rows, ...rows, ...rows]))[0]!.exempted).toBe(1);
  });

  it("does not grow while a page comes again and again", () => {
    const words = dictionary();
    const builder = snapshotBuilder(words);
    const [page] = pageOf([{ row: { image: "a", model: "individual", flaws: [], running: false }, ref: 0 }]);
    for (let time = 0; time < 10_000; time++) builder.take(page!);
    expect([...builder.artifacts()]).toHaveLength(1);
  });
});

describe("the identity of a finding", () => {
  it("is stable across letter case and white space, from day to day", () => {
    const pair = vulnerability.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.record({ id: spelled(one.id), package: spelled(one.package), version: spelled(one.version) }),
      ),
    );
    fc.assert(
      fc.property(pair, ([one, spelling]) => {
        const words = dictionary();
        const first = words.id(one);
        // The same entry, and so the same number, today and in a dictionary read tomorrow.
        expect(words.id({ ...one, ...spelling })).toBe(first);
        expect(dictionary(words.entries()).id({ ...one, ...spelling })).toBe(first);
      }),
    );
  });

  it("stays where severity, fix or exploit change, in an entry of its own", () => {
    const words = dictionary();
    const one: Vulnerability = {
      id: "CVE-1",
      package: "x",
      version: "1",
      severity: "low",
      fix: "none",
      exploit: false,
    };
    const before = words.id(one);
    const after = words.id({ ...one, severity: "high", exploit: true });
    expect(after).not.toBe(before);
    expect(words.identity(after)).toBe(words.identity(before));
    expect(words.vulnerability(before)).toEqual(one);
  });

  it("is another one for another package, version or vulnerability", () => {
    const words = dictionary();
    const one: Vulnerability = {
      id: "CVE-1",
      package: "x",
      version: "1",
      severity: "low",
      fix: "none",
      exploit: false,
    };
    const others = [one, { ...one, id: "CVE-2" }, { ...one, package: "y" }, { ...one, version: "2" }];
    expect(new Set(others.map((other) => words.identity(words.id(other)))).size).toBe(4);
  });
});

describe("reports of one finding", () => {
  const same = fc
    .array(vulnerability, { minLength: 1, maxLength: 5 })
    .map((all) => all.map((one) => ({ ...one, id: "CVE-1", package: "x", version: "1" })));

  it("say the same together in whatever order they come: the worst known severity, a fix, an exploit", () => {
    fc.assert(
      fc.property(
        same.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const merged = all.reduce(mergeVulnerabilities);
          expect(shuffled.reduce(mergeVulnerabilities)).toEqual(merged);
          expect(mergeVulnerabilities(merged, all[0]!)).toEqual(merged);
          expect(merged.exploit).toBe(all.some(({ exploit }) => exploit));
          expect(merged.fix === "available").toBe(all.some(({ fix }) => fix === "available"));
          expect(merged.severity === "unknown").toBe(all.every(({ severity }) => severity === "unknown"));
        },
      ),
    );
  });
});

describe("packed numbers", () => {
  it("are unpacked as they were, and looked through without unpacking", () => {
    const numbers = fc.uniqueArray(fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { maxLength: 5 }), (some, others) => {
        const sorted = Uint32Array.from(some).sort();
        const packed = packAscending(sorted);
        expect(unpackAscending(packed)).toEqual(sorted);
        expect(packedCount(packed)).toBe(sorted.length);
        const wanted = new Uint8Array(1000);
        for (const one of [...some.slice(0, 3), ...others]) wanted[one] = 1;
        expect(packedAmong(packed, wanted)).toEqual([...sorted].filter((one) => wanted[one] === 1));
      }),
    );
  });
});
