import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compareSnapshots } from "../../src/domain/findings/comparison/difference.ts";
import { fixedMemory } from "../../src/domain/findings/comparison/fixed-before.ts";
import { mostRows } from "../../src/domain/findings/digest/change-rows.ts";
import { digestsOf } from "../../src/domain/findings/digest/digest.ts";
import { digestFilters } from "../../src/domain/findings/digest/digest-filter.ts";
import { parseScope } from "../../src/domain/scope/scope.ts";
import type { Severity } from "../../src/domain/severity.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { estates, flaw, place, type Sketch, slotOf, use } from "../findings-estate.ts";

function subscription(channel: string, severity?: Severity, ...scopes: string[]): ChannelSubscription {
  return {
    channel,
    topic: "rescan",
    scopes: scopes.map((one) => parseScope(one)!),
    origin: "command",
    ...(severity && { severity }),
  };
}

/** The digests of two days for some subscriptions, by the first channel of each. */
async function digests(
  before: Record<string, Sketch>,
  after: Record<string, Sketch>,
  ...subscriptions: ChannelSubscription[]
) {
  const { snapshot } = estates();
  const [one, two] = [snapshot(1, before), snapshot(2, after)];
  const difference = await compareSnapshots(one, two, fixedMemory([]));
  const all = await digestsOf(digestFilters(subscriptions), {
    slot: slotOf(2),
    snapshot: two,
    before: one.head,
    difference,
    days: async () => [{ slot: slotOf(1), open: { high: 1 }, fixed: 0, added: 0 }],
  });
  return Object.fromEntries(all.map(({ filter, digest }) => [filter.channels.join(" "), digest]));
}

const inPlace = (registry: string, cluster: string, flaws: Sketch["flaws"]): Sketch => ({
  places: [place("shop/web", ["1"], { registry })],
  uses: cluster ? [use("web", { cluster })] : [],
  flaws,
});

describe("filters of digests", () => {
  it("are one for channels that want the same, and everything has no name", () => {
    const filters = digestFilters([
      subscription("C1", "high", "sub:a", "sub:b"),
      subscription("C2", "high", "sub:b", "sub:a"),
      subscription("C3"),
      subscription("C4", "informational"),
      { ...subscription("C5"), topic: "alerts" },
    ]);
    expect(filters.map(({ channels, name }) => [channels.join(" "), name === ""])).toEqual([
      ["C3 C4", true],
      ["C1 C2", false],
    ]);
  });
});

describe("a digest", () => {
  const before = { a: inPlace("acr-one", "aks-one", []), b: inPlace("acr-two", "", []) };
  const after = {
    a: inPlace("acr-one", "aks-one", [flaw("CVE-2026-1", "critical"), flaw("CVE-2026-2", "low")]),
    b: inPlace("acr-two", "", [flaw("CVE-2026-3", "high"), flaw("CVE-2026-4", "unknown")]),
  };

  it("counts what the channel's severity lets through; what is unknown always is", async () => {
    const { all, severe } = await digests(before, after, subscription("all"), subscription("severe", "high"));
    expect(all!.counts).toEqual({ new: { critical: 1, high: 1, low: 1, unknown: 1 } });
    expect(severe!.counts).toEqual({ new: { critical: 1, high: 1, unknown: 1 } });
    expect(severe!.open).toEqual({ critical: 1, high: 1, unknown: 1 });
    expect(severe!.filtered).toBe(true);
  });

  it("counts of a rebuilt image and of new ones what the channel's severity lets through", async () => {
    const image = (flaws: Sketch["flaws"]): Sketch => ({ places: [place("shop/web", ["1"])], flaws });
    const low = flaw("CVE-2026-9", "low");
    const fresh: Sketch = { places: [place("shop/new", ["1"])], flaws: [low] };
    const { all, severe } = await digests(
      { one: image([flaw("CVE-2026-1", "critical"), low]) },
      { two: image([flaw("CVE-2026-2", "low", { package: "zlib" })]), fresh },
      subscription("all"),
      subscription("severe", "critical"),
    );
    expect(all).toMatchObject({ rebuilt: [{ fixed: 2, added: 1 }], newImages: 1 });
    expect(severe).toMatchObject({
      rebuilt: [{ fixed: 1, added: 0 }],
      newImages: 0,
      counts: { fixed: { critical: 1 } },
    });
    // What is new in images known before goes first.
    expect(all!.worst.map(({ kind }) => kind)).toEqual(["new", "new-image"]);
  });

  it("counts what lies in the channel's scopes, and no place outside of them", async () => {
    const { one } = await digests(before, after, subscription("one", undefined, "cluster:aks-one"));
    expect(one!.counts).toEqual({ new: { critical: 1, low: 1 } });
    expect(one!.places).toEqual([
      { name: "aks-one", kind: "cluster", open: { critical: 1, low: 1 }, added: 2, fixed: 0 },
    ]);
  });

  it("adds what several subscriptions of a channel let through", async () => {
    const { both } = await digests(
      before,
      after,
      subscription("both", "critical", "registry:acr-two"),
      subscription("both", "low", "registry:acr-one"),
    );
    expect(both!.counts).toEqual({ new: { critical: 1, low: 1, unknown: 1 } });
  });

  it("has the worst first: severity, exploit, fix, running, exposed", async () => {
    const flaws = [
      flaw("CVE-2026-5", "high"),
      flaw("CVE-2026-6", "high", { exploit: true }),
      flaw("CVE-2026-7", "high", { fix: "available" }),
      flaw("CVE-2026-8", "critical"),
    ];
    const { all } = await digests(
      { run: inPlace("acr", "aks", []), rest: inPlace("acr", "", []) },
      { run: inPlace("acr", "aks", flaws), rest: inPlace("acr", "", [flaws[3]!]) },
      subscription("all"),
    );
    expect(all!.worst.map(({ vulnerability, running }) => `${vulnerability.id} ${running}`)).toEqual([
      "CVE-2026-8 true",
      "CVE-2026-8 false",
      "CVE-2026-6 true",
      "CVE-2026-7 true",
      "CVE-2026-5 true",
    ]);
  });

  it("brings every change as rows, with the count of those that are left out", async () => {
    const { all } = await digests(before, after, subscription("all"));
    const lines = inflateSync(Buffer.from(all!.changes.deflated, "base64")).toString().trimEnd().split("\n");
    const [header, ...rows] = lines.map((line) => JSON.parse(line) as string[]);
    expect(all!.changes.rows).toBe(4);
    expect(header!.slice(0, 3)).toEqual(["kind", "severity", "vulnerability"]);
    expect(rows.map((row) => row.slice(0, 3).join(" "))).toEqual([
      "new critical CVE-2026-1",
      "new high CVE-2026-3",
      "new low CVE-2026-2",
      "new unknown CVE-2026-4",
    ]);
  });

  it("keeps the worst of more rows than anybody reads", async () => {
    const many = Array.from({ length: 600 }, (_, index) =>
      flaw(`CVE-2026-${index}`, index < 10 ? "critical" : "low"),
    );
    const estate = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `i${index}`,
        { places: [place(`r${index}`, ["1"])], flaws: many },
      ]),
    );
    const { all } = await digests({}, estate, subscription("all"));
    expect(all!.changes).toMatchObject({ rows: 60_000, kept: mostRows });
    const lines = inflateSync(Buffer.from(all!.changes.deflated, "base64")).toString().trimEnd().split("\n");
    expect(lines).toHaveLength(mostRows + 1);
    expect(lines.filter((line) => line.includes('"critical"'))).toHaveLength(1000);
    expect(all!.newImages).toBe(100);
  });

  it("has the trend of the scans before and its own", async () => {
    const { all } = await digests(before, after, subscription("all"));
    expect(all!.trend).toEqual([
      { slot: slotOf(1), open: { high: 1 }, fixed: 0, added: 0 },
      { slot: slotOf(2), open: { critical: 1, high: 1, low: 1, unknown: 1 }, fixed: 0, added: 4 },
    ]);
  });

  it("is the same however the numbers of the dictionary were given", async () => {
    const reversed = {
      b: { ...after.b, flaws: after.b.flaws!.toReversed() },
      a: { ...after.a, flaws: after.a.flaws!.toReversed() },
    };
    const [one, other] = [
      await digests(before, after, subscription("all")),
      await digests(before, reversed, subscription("all")),
    ];
    expect(other).toEqual(one);
  });
});
