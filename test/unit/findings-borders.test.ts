import { describe, expect, it } from "vitest";
import type { FindingsRead } from "../../src/domain/findings/model/finding.ts";
import { type Day, days, image, named, tags } from "../findings-days.ts";
import { digestOf, flaw, pageOf, place, use } from "../findings-estate.ts";

const xz = flaw("CVE-2024-3094", "critical", { package: "xz" });
const ssl = flaw("CVE-2024-1", "high");
const dev = { id: "22222222-0000-4000-8000-000000000002", name: "dev" };
const inDev = (flaws = [ssl]) =>
  image(flaws, { places: [place("dev/tool", undefined, { subscription: dev })] });
const tool = (name: string) => `dev/tool@${digestOf(name).slice(7, 13)}`;
const denied: Partial<FindingsRead> = { unread: [{ ...dev, why: "denied", detail: "403" }] };
const failed: Partial<FindingsRead> = { models: [{ model: "individual", rows: 3, error: "a part failed" }] };
const pool = (flaws = [ssl]) => ({
  kind: "node-pool" as const,
  name: "workers",
  at: { subscription: dev, resourceGroup: "mc", cluster: "aks-dev" },
  flaws,
});

describe("what had never been read", () => {
  it("is not new when a subscription can be read at last, and is compared from then on", async () => {
    const { changes } = await days([
      { pages: [pageOf({ a: image([ssl]) })], read: denied },
      { pages: [pageOf({ a: image([ssl]) })], read: denied },
      { pages: [pageOf({ a: image([ssl]), b: inDev(), p: pool() })] },
      { pages: [pageOf({ a: image([ssl]), b: inDev([ssl, xz]), c: inDev(), p: pool([ssl, xz]) })] },
    ]);
    expect(changes[1]).toEqual([]);
    expect(changes[2]).toEqual(
      [`first-read CVE-2024-1 ${tool("b")}`, "first-read CVE-2024-1 workers"].sort(),
    );
    expect(changes[3]).toEqual(
      [
        `new CVE-2024-3094 ${tool("b")}`,
        "new CVE-2024-3094 workers",
        `new-image CVE-2024-1 ${tool("c")}`,
      ].sort(),
    );
  });

  it("is not new when the model of the first scan can be read whole at last", async () => {
    const whole = pageOf({ a: image([ssl, xz]), b: image([ssl]) });
    const { changes } = await days([
      { pages: [pageOf({ a: image([ssl]) })], read: failed },
      { pages: [pageOf({ a: image([ssl, xz]) })], read: failed },
      { pages: [whole] },
      { pages: [whole, pageOf({ c: image([xz]) }, "individual", 20)] },
    ]);
    expect(changes[2]).toEqual(
      [
        `first-read CVE-2024-1 ${named("a")}`,
        `first-read CVE-2024-1 ${named("b")}`,
        `first-read CVE-2024-3094 ${named("a")}`,
      ].sort(),
    );
    expect(changes[3]).toEqual([`new-image CVE-2024-3094 ${named("c")}`]);
  });

  it("is new where something else of the subscription was known before", async () => {
    const { changes } = await days([
      { pages: [pageOf({ b: inDev() })] },
      { pages: [pageOf({ a: image([]) })], read: denied },
      { pages: [pageOf({ b: inDev(), c: inDev() })] },
    ]);
    expect(changes[2]).toEqual([`new-image CVE-2024-1 ${tool("c")}`]);
  });
});

describe("a part that could not be read for a day", () => {
  it("says nothing false on either day: of its registries' tags", async () => {
    const day: Day = {
      pages: [pageOf({ a: image([ssl, xz]), b: image([ssl]) })],
      registries: tags(["a", ["1.8"]], ["b", ["1.7"]]),
    };
    const { changes } = await days([day, { pages: day.pages, unreadable: ["contoso"] }, day]);
    expect(changes).toEqual([[], [], []]);
  });

  it("says once what moved on meanwhile, in a registry whose tags came back", async () => {
    const at = (name: string, flaws = [ssl, xz], day = "01") => ({
      [name]: image(flaws, {
        places: [place("shop/frontend", undefined, { pushed: `2026-08-${day}T07:00:00Z` })],
      }),
    });
    const { changes } = await days([
      { pages: [pageOf(at("a"))], registries: tags(["a", ["1.8"], "2026-08-01T07:00:00Z"]) },
      { pages: [pageOf({ ...at("a"), ...at("b", [ssl], "02") })], unreadable: ["contoso"] },
      {
        pages: [pageOf({ ...at("a"), ...at("b", [ssl], "02") })],
        registries: tags(["a", [], "2026-08-01T07:00:00Z"], ["b", ["1.8"], "2026-08-02T07:00:00Z"]),
      },
    ]);
    expect(
      changes
        .slice(1)
        .flat()
        .filter((one) => !one.startsWith("not-read")),
    ).toEqual([`fixed CVE-2024-3094 ${named("b")}`]);
  });

  it("says once what was rebuilt meanwhile, where the subscription itself came back", async () => {
    const of = (name: string, flaws: (typeof ssl)[]) => ({
      [name]: image(flaws, {
        places: [place("shop/frontend", undefined, { subscription: dev })],
        uses: [use("web", { subscription: dev })],
      }),
    });
    const { changes } = await days([
      { pages: [pageOf(of("a", [ssl, xz]))], registries: tags(["a", ["1.8"]]) },
      { pages: [], read: { ...denied, models: [{ model: "individual", rows: 5 }] }, unreadable: ["contoso"] },
      { pages: [pageOf(of("b", [ssl]))], registries: tags(["b", ["1.8"]]) },
    ]);
    expect(changes[1]!.every((one) => one.startsWith("not-read"))).toBe(true);
    expect(changes[2]).toEqual(["fixed CVE-2024-3094 shop/frontend:1.8"]);
  });

  it("says nothing false of an image that runs elsewhere, where less of it was reported", async () => {
    const there = { places: [place("dev/tool", undefined, { subscription: dev })], uses: [use("web")] };
    const day: Day = { pages: [pageOf({ a: image([ssl, xz], there) })] };
    const unread: Day = {
      pages: [pageOf({ a: image([ssl], { places: [], uses: [use("web")] }) })],
      read: denied,
    };
    const same: Day = {
      pages: [pageOf({ a: image([ssl, xz], { places: [], uses: [use("web")] }) })],
      read: denied,
    };
    const { changes, snapshots } = await days([day, unread, day, same, day]);
    expect(changes[1]).toEqual([`not-read CVE-2024-1 ${tool("a")}`, `not-read CVE-2024-3094 ${tool("a")}`]);
    expect(changes.slice(2)).toEqual([[], [], []]);
    expect(snapshots[3]!.head.stale).toBe(0);
  });

  it("says nothing false of node pools on either day", async () => {
    const day: Day = { pages: [pageOf({ a: image([ssl]), p: pool([ssl, xz]) })] };
    const { changes } = await days([day, { pages: [pageOf({ a: image([ssl]) })], read: denied }, day]);
    expect(changes[1]).toEqual(["not-read CVE-2024-1 workers", "not-read CVE-2024-3094 workers"]);
    expect(changes[2]).toEqual([]);
  });

  it("says nothing false where a model failed first and then answered nothing", async () => {
    const day: Day = { pages: [pageOf({ a: image([ssl, xz]) })] };
    const nothing: Day = { pages: [], read: { models: [{ model: "individual", rows: 0 }] } };
    const { changes } = await days([day, { pages: [], read: failed }, nothing, day]);
    const unread = [`not-read CVE-2024-1 ${named("a")}`, `not-read CVE-2024-3094 ${named("a")}`];
    expect(changes).toEqual([[], unread, unread, []]);
  });
});

describe("a kind of things that vanishes from the individual model, without an error", () => {
  const many = Array.from({ length: 25 }, (_, index) => flaw(`CVE-2025-${1000 + index}`, "medium"));
  const runs = image([ssl], { places: [], uses: [use("web")] });
  const both: Day = {
    pages: [
      pageOf({ a: image([ssl]), r: image(many, { places: [], uses: [use("api")] }), w: runs, p: pool(many) }),
    ],
  };
  const silentOf = (heads: Awaited<ReturnType<typeof days>>["heads"]) =>
    heads.map(({ models }) => models.flatMap(({ model, silent }) => (silent ? [`${model} ${silent}`] : [])));
  const kinds = (changes: string[]) => [...new Set(changes.map((one) => one.split(" ")[0]!))];

  it("is reported as a model that fell silent: nodes are neither fixed nor gone, until the third scan says the same", async () => {
    const without: Day = { pages: [pageOf({ a: image([ssl]), w: runs })] };
    const rest: Day = { pages: [pageOf({ a: image([ssl]), w: runs, p: pool([ssl]) })] };
    const { changes, heads } = await days([
      { pages: [pageOf({ a: image([ssl]), w: runs, p: pool(many) })] },
      without,
      without,
      without,
      rest,
    ]);
    expect(silentOf(heads)).toEqual([[], ["individual-nodes 1"], ["individual-nodes 2"], [], []]);
    expect(changes.slice(0, 4).map(kinds)).toEqual([[], ["not-read"], ["not-read"], ["gone"]]);
    expect(changes[1]).toHaveLength(25);
  });

  it("has lost nothing when it is back, and its counting begins anew", async () => {
    const without: Day = { pages: [pageOf({ a: image([ssl]), p: pool(many) })] };
    const { changes, heads, snapshots } = await days([both, without, both, without]);
    expect(silentOf(heads)).toEqual([[], ["individual-running 1"], [], ["individual-running 1"]]);
    expect(kinds(changes[1]!)).toEqual(["not-read"]);
    expect(changes[2]).toEqual([]);
    expect(snapshots[2]!.head.stale).toBe(0);
  });

  it("is believed where there were few, and where it lay in a subscription that could not be read", async () => {
    const few = await days([
      { pages: [pageOf({ a: image([ssl]), p: pool([ssl]) })] },
      { pages: [pageOf({ a: image([ssl]) })] },
    ]);
    expect(silentOf(few.heads)[1]).toEqual([]);
    expect(few.changes[1]).toEqual(["gone CVE-2024-1 workers"]);
    const unread = await days([
      both,
      {
        pages: [pageOf({ a: image([ssl]), r: image(many, { places: [], uses: [use("api")] }), w: runs })],
        read: denied,
      },
    ]);
    expect(silentOf(unread.heads)[1]).toEqual([]);
    expect(kinds(unread.changes[1]!)).toEqual(["not-read"]);
  });
});
