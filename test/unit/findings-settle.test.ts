import { describe, expect, it } from "vitest";
import { artifactOf } from "../../src/domain/findings/model/artifact-record.ts";
import { isReadWhole } from "../../src/domain/findings/model/completeness.ts";
import type { FindingsRead } from "../../src/domain/findings/model/finding.ts";
import type { SnapshotHead } from "../../src/domain/findings/model/snapshot.ts";
import { isShrunk } from "../../src/domain/findings/reading/shrunk.ts";
import { type Day, days, image, named, tags } from "../findings-days.ts";
import {
  digestOf,
  estates,
  flaw,
  headOf,
  pageOf,
  place,
  type Sketch,
  slotOf,
  use,
} from "../findings-estate.ts";

const xz = flaw("CVE-2024-3094", "critical", { package: "xz" });
const ssl = flaw("CVE-2024-1", "high");
const prod = { id: "11111111-0000-4000-8000-000000000001", name: "prod-payments" };
const dev = { id: "22222222-0000-4000-8000-000000000002", name: "dev" };

describe("what could not be read", () => {
  it("is taken over where a subscription turned 403: neither new, nor fixed, nor gone", async () => {
    const inDev = image([ssl], { places: [place("dev/tool", undefined, { subscription: dev })] });
    const { changes, heads, snapshots } = await days([
      { pages: [pageOf({ a: image([ssl, xz]), b: inDev })] },
      {
        pages: [pageOf({ a: image([ssl]) })],
        read: { unread: [{ id: dev.id.toUpperCase(), name: "dev", why: "denied", detail: "403" }] },
      },
      { pages: [pageOf({ a: image([ssl]), b: inDev })] },
    ]);
    expect(changes[1]).toEqual([
      `not-read CVE-2024-1 dev/tool@${digestOf("b").slice(7, 13)}`,
      `withdrawn CVE-2024-3094 ${named("a")}`,
    ]);
    expect(heads[1]).toMatchObject({ stale: 1, findings: 2, told: 1 });
    expect(snapshots[1]!.records.map((one) => artifactOf(one).stale)).toEqual([undefined, slotOf(1)]);
    expect(changes[2]).toEqual([]);
  });

  it("is taken over where a subscription is no longer listed, until the third scan says the same", async () => {
    const inDev = image([ssl], { places: [place("dev/tool", undefined, { subscription: dev })] });
    const without: Day = { pages: [pageOf({ a: image([ssl]) })], read: { listed: [prod.id] } };
    const { changes, heads } = await days([
      { pages: [pageOf({ a: image([ssl]), b: inDev })], read: { listed: [prod.id, dev.id] } },
      without,
      without,
      without,
    ]);
    const tool = `CVE-2024-1 dev/tool@${digestOf("b").slice(7, 13)}`;
    expect(changes.slice(1)).toEqual([[`not-read ${tool}`], [`not-read ${tool}`], [`gone ${tool}`]]);
    expect(heads[2]!.absent).toEqual([{ ...dev, scans: 2 }]);
    expect(heads[2]!.unread).toMatchObject([{ id: dev.id, why: "gone" }]);
  });

  it("is taken over while the management group of a subscription can't be read, however often", async () => {
    const inDev = image([ssl], { places: [place("dev/tool", undefined, { subscription: dev })] });
    const both = [pageOf({ a: image([ssl]), b: inDev })];
    const unread = [{ id: "mg", name: "mg", why: "denied" as const, detail: "403", group: true as const }];
    const without: Day = { pages: [pageOf({ a: image([ssl]) })], read: { listed: [prod.id, "mg"], unread } };
    const whole: Day = { pages: both, read: { listed: [prod.id, dev.id] } };
    const tool = `CVE-2024-1 dev/tool@${digestOf("b").slice(7, 13)}`;
    const known = await days([whole, without, without, without, whole]);
    const notRead = [`not-read ${tool}`];
    expect(known.changes.slice(1)).toEqual([notRead, notRead, notRead, []]);
    expect(known.heads[3]!.unread).toEqual(unread);
    // What a group holds that was never read is not new when it is.
    expect((await days([without, whole])).changes[1]).toEqual([`first-read ${tool}`]);
  });

  it("keeps the workloads of an unread subscription on the image that they ran", async () => {
    const runs = image([ssl], { uses: [use("web", { subscription: dev })] });
    const { snapshots } = await days([
      { pages: [pageOf({ a: runs })] },
      {
        pages: [pageOf({ a: image([ssl]) })],
        read: { unread: [{ id: dev.id, name: "dev", why: "denied", detail: "" }] },
      },
    ]);
    expect(artifactOf(snapshots[1]!.records[0]!).uses).toHaveLength(1);
  });

  it("fixes nothing where a model failed in part, and takes what is new", async () => {
    const failed: Partial<FindingsRead> = {
      models: [{ model: "individual", rows: 1, error: "a partition failed" }],
    };
    const { changes, heads } = await days([
      { pages: [pageOf({ a: image([ssl, xz]), b: image([ssl]) })] },
      { pages: [pageOf({ a: image([ssl, flaw("CVE-2026-1")]) })], read: failed },
      { pages: [pageOf({ a: image([ssl]), b: image([ssl]) })] },
    ]);
    expect(changes[1]).toEqual([
      `new CVE-2026-1 ${named("a")}`,
      `not-read CVE-2024-1 ${named("a")}`,
      `not-read CVE-2024-1 ${named("b")}`,
      `not-read CVE-2024-3094 ${named("a")}`,
      `not-read CVE-2026-1 ${named("a")}`,
    ]);
    expect(heads[1]!.stale).toBe(2);
    expect(changes[2]).toEqual([
      `withdrawn CVE-2024-3094 ${named("a")}`,
      `withdrawn CVE-2026-1 ${named("a")}`,
    ]);
  });

  it("counts a new image that was read in part when it has been read whole", async () => {
    const failed: Partial<FindingsRead> = {
      models: [{ model: "individual", rows: 1, error: "a partition failed" }],
    };
    const { changes } = await days([
      { pages: [pageOf({ a: image([ssl]) })] },
      { pages: [pageOf({ a: image([ssl]), b: image([ssl]) })], read: failed },
      { pages: [pageOf({ a: image([ssl]), b: image([ssl, xz]) })] },
    ]);
    expect(changes[1]).toEqual([`not-read CVE-2024-1 ${named("a")}`, `not-read CVE-2024-1 ${named("b")}`]);
    expect(changes[2]).toEqual([
      `new-image CVE-2024-1 ${named("b")}`,
      `new-image CVE-2024-3094 ${named("b")}`,
    ]);
  });

  it("keeps what an artifact had where one of its rows has no readable details", async () => {
    const { changes, heads } = await days([
      { pages: [pageOf({ a: image([ssl, xz]) })] },
      { pages: [{ ...pageOf({ a: image([ssl]) }), partly: [0] }] },
    ]);
    expect(heads.map(({ stale }) => stale)).toEqual([0, 1]);
    expect(changes[1]).toEqual([`not-read CVE-2024-1 ${named("a")}`, `not-read CVE-2024-3094 ${named("a")}`]);
  });
});

it("counts images of the first scan that were read in part: nothing is called unaffected then", async () => {
  const { heads } = await days([{ pages: [{ ...pageOf({ a: image([]), b: image([ssl]) }), partly: [0] }] }]);
  expect(heads[0]).toMatchObject({ stale: 0, partial: 1 });
  expect(isReadWhole(heads[0]!)).toBe(false);
});

describe("a model that answers nothing all of a sudden", () => {
  const both: Day = {
    pages: [
      pageOf({ a: image([ssl]) }),
      pageOf({ a: image([ssl, xz]), b: image([xz]) }, "grouped-registry", 10),
    ],
    read: {
      models: [
        { model: "individual", rows: 1 },
        { model: "grouped-registry", rows: 3 },
      ],
    },
  };
  const silent: Day = {
    pages: [pageOf({ a: image([ssl]) })],
    read: {
      models: [
        { model: "individual", rows: 1 },
        { model: "grouped-registry", rows: 0 },
      ],
    },
  };

  it("is silent: nothing of it is fixed or gone, until the third scan says the same", async () => {
    const { changes, heads } = await days([both, silent, silent, silent]);
    const unread = [
      `not-read CVE-2024-1 ${named("a")}`,
      `not-read CVE-2024-3094 ${named("a")}`,
      `not-read CVE-2024-3094 ${named("b")}`,
    ];
    expect(changes[1]).toEqual(unread);
    expect(changes[2]).toEqual(unread);
    expect(changes[3]).toEqual([`gone CVE-2024-3094 ${named("b")}`, `withdrawn CVE-2024-3094 ${named("a")}`]);
    expect(
      heads.map(({ models }) => models.find(({ model }) => model === "grouped-registry")?.silent),
    ).toEqual([undefined, 1, 2, undefined]);
  });

  it("is no longer silent when it answers again", async () => {
    const { changes, heads } = await days([both, silent, both]);
    expect(changes[2]).toEqual([]);
    expect(heads[2]!.stale).toBe(0);
  });
});

describe("tags", () => {
  const at = (flaws: Sketch["flaws"]) => image(flaws);

  it("come from the registry, and a registry that cannot be read is named", async () => {
    const { heads, snapshots } = await days([
      { pages: [pageOf({ a: at([ssl]) })], registries: tags(["a", ["1.8", "latest"]]) },
      { pages: [pageOf({ a: at([ssl]) })], unreadable: ["contoso"] },
    ]);
    expect(artifactOf(snapshots[0]!.records[0]!).places[0]!.tags).toEqual(["1.8", "latest"]);
    expect(heads[0]!.untagged).toEqual([]);
    expect(artifactOf(snapshots[1]!.records[0]!).places[0]!.tags).toBeUndefined();
    expect(heads[1]).toMatchObject({
      untagged: ["contoso"],
      untaggedWhy: [{ name: "contoso", why: "denied" }],
    });
  });

  it("that moved on to an image without findings have fixed all, when that must have been scanned", async () => {
    const { changes } = await days([
      { pages: [pageOf({ a: at([ssl, xz]) })], registries: tags(["a", ["1.8"]]) },
      {
        pages: [],
        read: { models: [{ model: "individual", rows: 5 }] },
        registries: tags(["b", ["1.8"], "2026-07-31T08:00:00Z"]),
      },
      {
        pages: [],
        read: { models: [{ model: "individual", rows: 5 }] },
        registries: tags(["b", ["1.8"], "2026-07-31T08:00:00Z"]),
      },
    ]);
    expect(changes[1]).toEqual([
      "fixed CVE-2024-1 shop/frontend:1.8",
      "fixed CVE-2024-3094 shop/frontend:1.8",
    ]);
    expect(changes[2]).toEqual([]);
  });

  it("that moved on to an image not scanned yet wait for its scan", async () => {
    const rows: Partial<FindingsRead> = { models: [{ model: "individual", rows: 5 }] };
    const pushed = "2026-08-02T07:00:00Z";
    const { changes } = await days([
      { pages: [pageOf({ a: at([ssl, xz]) })], registries: tags(["a", ["1.8"]]) },
      { pages: [], read: rows, registries: tags(["b", ["1.8"], pushed]) },
      { pages: [pageOf({ b: at([ssl]) })], read: rows, registries: tags(["b", ["1.8"], pushed]) },
    ]);
    expect(changes[1]).toEqual([
      "not-read CVE-2024-1 shop/frontend:1.8",
      "not-read CVE-2024-3094 shop/frontend:1.8",
    ]);
    expect(changes[2]).toEqual(["fixed CVE-2024-3094 shop/frontend:1.8"]);
  });

  it("of an image for several platforms are compared with what each of them was", async () => {
    const { changes } = await days([
      {
        pages: [pageOf({ amd: at([ssl, xz]), arm: at([ssl]) })],
        registries: tags(["list", ["1.8"]], ["amd", ["1.8"]], ["arm", ["1.8"]]),
      },
      {
        pages: [pageOf({ amd2: at([ssl]), arm2: at([ssl]) })],
        registries: tags(["list2", ["1.8"]], ["amd2", ["1.8"]], ["arm2", ["1.8"]], ["list", []], ["amd", []]),
      },
    ]);
    expect(changes[1]).toEqual(["fixed CVE-2024-3094 shop/frontend:1.8"]);
  });

  it("of an image whose findings all vanished say whether it is there still: withdrawn, or out of the window", async () => {
    const rows: Partial<FindingsRead> = { models: [{ model: "individual", rows: 5 }] };
    const run = async (pushed: string) =>
      (
        await days([
          { pages: [pageOf({ a: at([ssl]) })], registries: tags(["a", ["1.8"], pushed]) },
          { pages: [], read: rows, registries: tags(["a", ["1.8"], pushed]) },
        ])
      ).changes[1];
    expect(await run("2026-07-20T08:00:00Z")).toEqual(["withdrawn CVE-2024-1 shop/frontend:1.8"]);
    expect(await run("2026-03-20T08:00:00Z")).toEqual(["gone CVE-2024-1 shop/frontend:1.8"]);
  });
});

describe("an estate that shrinks", () => {
  const head = (findings: number): SnapshotHead => headOf(1, [], estates().words, { findings });

  it.each([
    [40_000, 0, true],
    [40_000, 19_999, true],
    [40_000, 20_000, false],
    [499, 1, false],
    [20, 0, true],
    [19, 0, false],
  ])("from %i to %i findings is suspicious: %s", (before, now, suspicious) => {
    expect(isShrunk(head(before), { findings: now })).toBe(suspicious);
  });

  it("is no matter for a first scan", () => {
    expect(isShrunk(undefined, { findings: 0 })).toBe(false);
  });
});
