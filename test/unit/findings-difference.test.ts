import { describe, expect, it } from "vitest";
import { compareSnapshots } from "../../src/domain/findings/comparison/difference.ts";
import type { Difference } from "../../src/domain/findings/comparison/difference-context.ts";
import { fixedMemory, packFixed } from "../../src/domain/findings/comparison/fixed-before.ts";
import { packageMark } from "../../src/domain/findings/model/finding.ts";
import type { Snapshot, SnapshotHead } from "../../src/domain/findings/model/snapshot.ts";
import { digestOf, estates, flaw, place, type Sketch, use } from "../findings-estate.ts";

const xz = flaw("CVE-2024-3094", "critical", { package: "xz" });
const ssl = flaw("CVE-2024-1", "high");
const zlib = flaw("CVE-2024-2", "medium", { package: "zlib" });
const glibc = flaw("CVE-2024-4", "low", { package: "glibc" });
const nothing = fixedMemory([]);

type Days = [Record<string, Sketch>, Record<string, Sketch>, ...Record<string, Sketch>[]];

/** What happened on the last of some days, with the memory of those before. */
async function lastDay(days: Days, heads: Partial<SnapshotHead>[] = []): Promise<Said> {
  const { snapshot, words } = estates();
  const taken = days.map((day, index) => snapshot(index + 1, day, heads[index]));
  const fixed: Uint8Array[] = [];
  let difference: Difference | undefined;
  for (const [index, after] of taken.entries()) {
    if (index === 0) continue;
    difference = await compareSnapshots(taken[index - 1] as Snapshot, after, fixedMemory(fixed));
    fixed.push(packFixed(difference.fixed));
  }
  const said: Said = { changes: [], rebuilt: [], newImages: [], goneImages: [] };
  for (const { kind, artifact, ids } of difference!.deltas) {
    for (const id of ids) said.changes.push(`${kind} ${words.vulnerability(id)!.id} ${artifact.image}`);
  }
  said.changes.sort();
  said.rebuilt = difference!.rebuilt.map(
    ({ image, from, to, fixed: gone, added, by }) =>
      `${image} ${nameOf(from)}→${nameOf(to)} ${gone.length} fixed ${added.length} new by ${by}`,
  );
  said.newImages = difference!.newImages.map(({ image }) => image);
  said.goneImages = difference!.goneImages.map(({ image }) => image);
  return said;
}

type Said = { changes: string[]; rebuilt: string[]; newImages: string[]; goneImages: string[] };

function nameOf(key: string): string {
  return Buffer.from(key.replace("sha256:", ""), "hex").toString().replace(/\0+$/, "");
}

/** An image of the repository `shop/frontend`. */
function frontend(tags: string[] | undefined, flaws: Sketch["flaws"], more: Partial<Sketch> = {}): Sketch {
  return { places: [place("shop/frontend", tags)], flaws, ...more };
}

const short = (name: string) => digestOf(name).slice(7, 13);

describe("the difference between two snapshots of the same digest", () => {
  it.each<[string, Sketch, Sketch, string[]]>([
    ["nothing where nothing changed", frontend(["1"], [ssl]), frontend(["1"], [ssl]), []],
    ["new", frontend(["1"], [ssl]), frontend(["1"], [ssl, xz]), ["new CVE-2024-3094 shop/frontend:1"]],
    [
      "withdrawn",
      frontend(["1"], [ssl, xz]),
      frontend(["1"], [ssl]),
      ["withdrawn CVE-2024-3094 shop/frontend:1"],
    ],
    [
      "raised",
      frontend(["1"], [zlib]),
      frontend(["1"], [{ ...zlib, severity: "critical" }]),
      ["raised CVE-2024-2 shop/frontend:1"],
    ],
    [
      "raised where a severity becomes known",
      frontend(["1"], [{ ...zlib, severity: "unknown" }]),
      frontend(["1"], [zlib]),
      ["raised CVE-2024-2 shop/frontend:1"],
    ],
    [
      "nothing where a severity went down",
      frontend(["1"], [xz]),
      frontend(["1"], [{ ...xz, severity: "low" }]),
      [],
    ],
    [
      "news where an exploit became known",
      frontend(["1"], [ssl]),
      frontend(["1"], [{ ...ssl, exploit: true }]),
      ["news CVE-2024-1 shop/frontend:1"],
    ],
    [
      "news where a fix became available",
      frontend(["1"], [ssl]),
      frontend(["1"], [{ ...ssl, fix: "available", fixed: "3.0.9" }]),
      ["news CVE-2024-1 shop/frontend:1"],
    ],
    [
      "not read",
      frontend(["1"], [ssl]),
      frontend(["1"], [ssl], { stale: "2026-08-01T08:00:00.000Z" }),
      ["not-read CVE-2024-1 shop/frontend:1"],
    ],
    [
      "scan missing where it is reported, and older than two rescans",
      frontend(["1"], [ssl], { scanned: "2026-07-30T07:00:00Z" }),
      frontend(["1"], [ssl], { scanned: "2026-07-30T07:00:00Z" }),
      ["scan-missing CVE-2024-1 shop/frontend:1"],
    ],
    [
      "nothing of a scan of yesterday",
      frontend(["1"], [ssl], { scanned: "2026-08-01T07:00:00Z" }),
      frontend(["1"], [ssl], { scanned: "2026-08-01T07:00:00Z" }),
      [],
    ],
  ])("is %s", async (_, before, after, changes) => {
    expect(await lastDay([{ a: before }, { a: after }])).toEqual({
      changes,
      rebuilt: [],
      newImages: [],
      goneImages: [],
    });
  });

  it("is regressed where the same finding had been fixed in the line before", async () => {
    const days: Days = [
      { a: frontend(["1"], [ssl, xz]) },
      { b: frontend(["1"], [ssl]) },
      { b: frontend(["1"], [ssl, xz]) },
    ];
    expect((await lastDay(days)).changes).toEqual(["regressed CVE-2024-3094 shop/frontend:1"]);
  });
});

describe("a node pool", () => {
  const pool = (flaws: Sketch["flaws"]): Sketch => ({ kind: "node-pool", flaws });

  it("has fixed what its nodes no longer have, and regressed what comes back", async () => {
    const days: Days = [{ nodes: pool([ssl, xz]) }, { nodes: pool([ssl]) }, { nodes: pool([ssl, xz]) }];
    expect((await lastDay(days.slice(0, 2) as Days)).changes).toEqual(["fixed CVE-2024-3094 nodes"]);
    expect((await lastDay(days)).changes).toEqual(["regressed CVE-2024-3094 nodes"]);
  });

  it("has fixed nothing of a package that an exemption closes, and nothing of it is back when that ends", async () => {
    const closed = { ...pool([ssl]), exempted: 1, closed: [packageMark("XZ ")] };
    const days: Days = [
      { nodes: pool([ssl, xz, zlib]) },
      { nodes: closed },
      { nodes: pool([ssl, xz, zlib]) },
    ];
    expect((await lastDay(days.slice(0, 2) as Days)).changes).toEqual([
      "fixed CVE-2024-2 nodes",
      "withdrawn CVE-2024-3094 nodes",
    ]);
    expect((await lastDay(days)).changes).toEqual(["new CVE-2024-3094 nodes", "regressed CVE-2024-2 nodes"]);
  });

  it("has fixed nothing where the estate shrank for no known reason", async () => {
    const said = await lastDay(
      [{ nodes: pool([ssl, xz]) }, { nodes: pool([ssl]) }],
      [{}, { accepted: true }],
    );
    expect(said.changes).toEqual(["withdrawn CVE-2024-3094 nodes"]);
  });
});

describe("an image that was not there before", () => {
  it("is a new image, its findings counted apart", async () => {
    expect(await lastDay([{}, { a: frontend(["1"], [ssl, xz]) }])).toEqual({
      changes: ["new-image CVE-2024-1 shop/frontend:1", "new-image CVE-2024-3094 shop/frontend:1"],
      rebuilt: [],
      newImages: ["shop/frontend:1"],
      goneImages: [],
    });
  });

  it("is a rebuilt one where it has the tag of another, which is compared with it", async () => {
    const days: Days = [{ a: frontend(["1"], [ssl, xz, zlib]) }, { b: frontend(["1"], [ssl, glibc]) }];
    expect(await lastDay(days)).toEqual({
      changes: [
        "fixed CVE-2024-2 shop/frontend:1",
        "fixed CVE-2024-3094 shop/frontend:1",
        "new CVE-2024-4 shop/frontend:1",
      ],
      rebuilt: ["shop/frontend:1 a→b 2 fixed 1 new by tag"],
      newImages: [],
      goneImages: [],
    });
  });

  it.each<[string, Partial<Sketch>, Partial<SnapshotHead>, string[]]>([
    [
      "of a package that is exempted in the new one",
      { exempted: 1, closed: [packageMark("xz")] },
      {},
      ["fixed CVE-2024-2", "withdrawn CVE-2024-3094"],
    ],
    ["where the estate shrank", {}, { accepted: true }, ["withdrawn CVE-2024-2", "withdrawn CVE-2024-3094"]],
  ])("has fixed nothing %s", async (_, more, head, wanted) => {
    const days: Days = [{ a: frontend(["1"], [ssl, xz, zlib]) }, { b: frontend(["1"], [ssl], more) }];
    const said = await lastDay(days, [{}, head]);
    expect(said.changes).toEqual(wanted.map((one) => `${one} shop/frontend:1`));
    const fixed = wanted.filter((one) => one.startsWith("fixed")).length;
    expect(said.rebuilt).toEqual([`shop/frontend:1 a→b ${fixed} fixed 0 new by tag`]);
  });

  it("is compared with the one before also while that lies in the registry without the tag", async () => {
    const days: Days = [
      { a: frontend(["1"], [ssl, xz]) },
      { a: frontend([], [ssl, xz]), b: frontend(["1"], [ssl]) },
      { b: frontend(["1"], [ssl]) },
    ];
    const second = await lastDay(days.slice(0, 2) as Days);
    expect(second.changes).toEqual(["fixed CVE-2024-3094 shop/frontend:1"]);
    // Deleted at last: what was fixed is not fixed again.
    expect((await lastDay(days)).changes).toEqual([
      `gone CVE-2024-1 shop/frontend@${short("a")}`,
      `gone CVE-2024-3094 shop/frontend@${short("a")}`,
    ]);
  });

  it("is compared with what the workload ran before, whatever its tag", async () => {
    const days: Days = [
      { a: frontend(["1"], [ssl, xz], { uses: [use("web")] }) },
      { a: frontend(["1"], [ssl, xz]), b: frontend(["2"], [ssl, zlib], { uses: [use("web")] }) },
    ];
    expect(await lastDay(days)).toEqual({
      changes: ["fixed CVE-2024-3094 shop/frontend:2", "new CVE-2024-2 shop/frontend:2"],
      rebuilt: ["shop/frontend:2 a→b 1 fixed 1 new by workload"],
      newImages: [],
      goneImages: [],
    });
  });

  it("has fixed nothing while the workload still runs the old one beside it", async () => {
    const days: Days = [
      { a: frontend(["1"], [xz], { uses: [use("web")] }) },
      { a: frontend(["1"], [xz], { uses: [use("web")] }), b: frontend(["2"], [], { uses: [use("web")] }) },
    ];
    expect((await lastDay(days)).changes).toEqual([]);
  });

  it("is compared by push time where the registry's tags are not known", async () => {
    const pushed = (day: string, flaws: Sketch["flaws"]): Sketch => ({
      places: [place("shop/frontend", undefined, { pushed: `2026-07-${day}T10:00:00Z` })],
      flaws,
    });
    const days: Days = [
      { a: pushed("01", [ssl]), b: pushed("10", [ssl, xz]) },
      { a: pushed("01", [ssl]), b: pushed("10", [ssl, xz]), c: pushed("30", [ssl, zlib]) },
    ];
    expect(await lastDay(days)).toEqual({
      changes: [
        `fixed CVE-2024-3094 shop/frontend@${short("c")}`,
        `new CVE-2024-2 shop/frontend@${short("c")}`,
      ],
      rebuilt: ["shop/frontend b→c 1 fixed 1 new by push-time"],
      newImages: [],
      goneImages: [],
    });
  });

  it("counts a finding once, however many tags and workloads moved on", async () => {
    const more = { uses: [use("web"), use("jobs")] };
    const days: Days = [
      { a: frontend(["1", "1.8", "latest"], [ssl, xz], more) },
      { b: frontend(["1", "1.8", "latest"], [ssl], more) },
    ];
    expect((await lastDay(days)).changes).toEqual(["fixed CVE-2024-3094 shop/frontend:1"]);
  });

  it("tells what was raised against the image before", async () => {
    const days: Days = [
      { a: frontend(["1"], [zlib]) },
      { b: frontend(["1"], [{ ...zlib, severity: "high" }]) },
    ];
    expect((await lastDay(days)).changes).toEqual(["raised CVE-2024-2 shop/frontend:1"]);
  });

  it("is compared when it has been read whole", async () => {
    const old = frontend(["1"], [ssl, xz]);
    const days: Days = [
      { a: old },
      { a: old, b: frontend(["1"], [], { partial: true }) },
      { b: frontend(["1"], [ssl]) },
    ];
    expect((await lastDay(days.slice(0, 2) as Days)).changes).toEqual([]);
    expect((await lastDay(days)).changes).toEqual(["fixed CVE-2024-3094 shop/frontend:1"]);
  });
});

describe("an image that is no longer there", () => {
  it("is gone, and nothing of it fixed", async () => {
    expect(await lastDay([{ a: frontend(["1"], [ssl]) }, {}])).toEqual({
      changes: ["gone CVE-2024-1 shop/frontend:1"],
      rebuilt: [],
      newImages: [],
      goneImages: ["shop/frontend:1"],
    });
  });

  it("brings back what was fixed where its tag or workload returns to it", async () => {
    const a = (tags: string[]) => frontend(tags, [ssl, xz]);
    const days: Days = [
      { a: a(["prod"]) },
      { a: a([]), b: frontend(["prod"], [ssl]) },
      { a: a(["prod"]), b: frontend([], [ssl]) },
    ];
    expect((await lastDay(days)).changes).toEqual(["regressed CVE-2024-3094 shop/frontend:prod"]);
  });
});

it("compares nothing with itself", async () => {
  const { snapshot } = estates();
  const one = snapshot(1, { a: frontend(["1"], [ssl]) });
  expect(await compareSnapshots(one, one, nothing)).toMatchObject({ deltas: [], rebuilt: [], fixed: [] });
});
