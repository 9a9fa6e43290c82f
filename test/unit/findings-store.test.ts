import { beforeAll, describe, expect, it } from "vitest";
import { fixedHash, packFixed } from "../../src/domain/findings/comparison/fixed-before.ts";
import { artifactOf, recordOf } from "../../src/domain/findings/model/artifact-record.ts";
import type { Snapshot } from "../../src/domain/findings/model/snapshot.ts";
import type { FindingsPort } from "../../src/ports/findings.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import { artifactFrom, chances, flaw, headOf, manyImages, type Sketch, slotOf } from "../findings-estate.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

/** Writes an estate as the snapshot of a day. */
async function write(
  port: FindingsPort,
  day: number,
  estate: Record<string, Sketch>,
  seen?: string,
): Promise<boolean> {
  const words = await port.dictionary(seen);
  const artifacts = Object.entries(estate).map(([name, sketch]) => artifactFrom(name, sketch, words));
  artifacts.sort((a, b) => (a.key < b.key ? -1 : 1));
  const base = (await port.current())?.slot;
  return port.write(base, {
    head: headOf(day, artifacts, words),
    records: artifacts.map(recordOf),
    dictionary: words,
  });
}

/** Everything of a snapshot that does not hang on the numbers of the dictionary. */
async function contents(snapshot: Snapshot | undefined) {
  const all = [];
  for await (const { findings, ...artifact } of snapshot!.artifacts()) {
    all.push({
      ...artifact,
      flaws: [...findings].map((id) => JSON.stringify(snapshot!.vulnerability(id))).sort(),
    });
  }
  return all;
}

function expected(estate: Record<string, Sketch>) {
  return Object.entries(estate)
    .map(([name, { flaws = [], ...sketch }]) => ({
      name,
      ...sketch,
      flaws: [...new Set(flaws.map((one) => JSON.stringify(one)))].sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One finding in a hundred changes, spread over many images. */
function nextDay(estate: Record<string, Sketch>, seed: number): Record<string, Sketch> {
  const chance = chances(seed);
  return Object.fromEntries(
    Object.entries(estate).map(([name, sketch], index) => {
      const flaws = (sketch.flaws ?? []).filter(() => chance(200) > 0);
      const added = chance(2) === 0 ? [flaw(`CVE-2025-${seed}-${index % 40}`, "high")] : [];
      const scanned = new Date(Date.UTC(2026, 7, seed, 3, 0, index % 3600)).toISOString();
      return [name, { ...sketch, scanned, flaws: [...flaws, ...added] }];
    }),
  );
}

async function writtenBytes(work: () => Promise<unknown>): Promise<number> {
  const before = await memory();
  await work();
  return (await memory()) - before;
}

async function memory(): Promise<number> {
  const keys = await redis.keys("*findings*");
  const sizes = await Promise.all(keys.map((key) => redis.call("MEMORY", "USAGE", key)));
  return sizes.reduce<number>((sum, size) => sum + Number(size ?? 0), 0);
}

describe("snapshots of findings", () => {
  it("are read as they were written, the current one and the one before", async () => {
    const port = openStore(redis, server.prefix(), []).findings;
    expect(await port.current()).toBeUndefined();
    const first = manyImages(40, 30);
    const second = nextDay(first, 2);
    delete second[Object.keys(second)[3]!];
    Object.assign(second, manyImages(3, 10, 9));
    expect(await write(port, 1, first)).toBe(true);
    expect(await write(port, 2, second)).toBe(true);
    expect((await port.current())?.slot).toBe(slotOf(2));
    expect((await port.previous())?.slot).toBe(slotOf(1));
    for (const [day, estate] of [
      [1, first],
      [2, second],
    ] as const) {
      const read = (await contents(await port.open(slotOf(day)))).sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(read.map(({ name, flaws }) => ({ name, flaws }))).toEqual(
        expected(estate).map(({ name, flaws }) => ({ name, flaws })),
      );
    }
    expect(await port.open(slotOf(7))).toBeUndefined();
  });

  it("are the same to a process that reads them anew, over many days of patches and a base written again", async () => {
    const prefix = server.prefix();
    const writer = openStore(redis, prefix, []).findings;
    let estate = manyImages(30, 40);
    for (let day = 1; day <= 12; day++) {
      estate = day % 5 === 0 ? { ...manyImages(30, 40, day), ...nextDay(estate, day) } : nextDay(estate, day);
      expect(await write(writer, day, estate)).toBe(true);
      const read = await contents(await openStore(redis, prefix, []).findings.open(slotOf(day)));
      expect(
        read
          .map(({ name, flaws, scanned }) => ({ name, flaws, scanned }))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      ).toEqual(expected(estate).map(({ name, flaws, scanned }) => ({ name, flaws, scanned })));
    }
    const pieces = await redis.keys(`${prefix}:findings:piece:*`);
    expect(pieces.length).toBe(await redis.scard(`${prefix}:findings:pieces`));
    expect(pieces.length).toBeLessThan(30);
  });

  it("know on which day each finding was met first, whatever its severity became, but for those of the baseline", async () => {
    const prefix = server.prefix();
    const image = (...flaws: Sketch["flaws"] & object) => ({ web: { flaws } });
    const [ssl, xz] = [flaw("CVE-2024-1", "high"), flaw("CVE-2024-3094", "medium", { package: "xz" })];
    const worse = [ssl, xz].map((one) => ({ ...one, severity: "critical" as const }));
    await write(openStore(redis, prefix, []).findings, 1, image(ssl));
    await write(openStore(redis, prefix, []).findings, 2, image(ssl, xz), "2026-08-02");
    await write(openStore(redis, prefix, []).findings, 3, image(...worse), "2026-08-03");
    const snapshot = (await openStore(redis, prefix, []).findings.open(slotOf(3)))!;
    const [record] = snapshot.records;
    const seen = [...artifactOf(record!).findings].map((id) => snapshot.vulnerability(id)!);
    expect(seen).toEqual([worse[0], { ...worse[1], seen: "2026-08-02" }]);
  });

  it("take at most 8 bytes a finding, two of them with their dictionary, and a day of 1 % changes a tenth", async () => {
    const port = openStore(redis, server.prefix(), []).findings;
    const estate = nextDay(manyImages(500, 200), 1);
    const first = await writtenBytes(() => write(port, 1, estate));
    const second = await writtenBytes(() => write(port, 2, nextDay(estate, 2)));
    expect((first + second) / 100_000).toBeLessThan(8);
    expect(second / first).toBeLessThan(0.1);
  });

  it("are not used where another process wrote one meanwhile", async () => {
    const prefix = server.prefix();
    const [one, other] = [openStore(redis, prefix, []).findings, openStore(redis, prefix, []).findings];
    await write(one, 1, manyImages(3, 5));
    const words = await other.dictionary();
    const late = { head: headOf(2, [], words), records: [], dictionary: words };
    await write(one, 2, manyImages(4, 5));
    expect(await other.write(slotOf(1), late)).toBe(false);
    expect((await other.current())?.artifacts).toBe(4);
  });

  it("leave what was fixed and the counts of a scan, once, and forget them after 35 days", async () => {
    const port = openStore(redis, server.prefix(), []).findings;
    const day = { slot: slotOf(1), open: { high: 3 }, fixed: 1, added: 0 };
    const fixed = packFixed([fixedHash("tag a", "cve-1|x|1")]);
    await port.setPublished({ slot: slotOf(1), days: new Map([["", day]]), fixed });
    await port.setPublished({ slot: slotOf(1), days: new Map([["", { ...day, fixed: 9 }]]) });
    expect(await port.published()).toBe(slotOf(1));
    expect(await port.days()).toEqual([day]);
    expect(await port.days("other")).toEqual([]);
    expect((await port.fixedBefore(slotOf(2))).has("tag a", "cve-1|x|1")).toBe(true);
    expect((await port.fixedBefore(slotOf(2))).has("tag b", "cve-1|x|1")).toBe(false);
    // What a scan fixed is no news to itself, however often it is run again.
    expect((await port.fixedBefore(slotOf(1))).has("tag a", "cve-1|x|1")).toBe(false);
    await port.trim(slotOf(60));
    expect(await port.days()).toEqual([]);
    expect((await port.fixedBefore(slotOf(2))).has("tag a", "cve-1|x|1")).toBe(false);
  });
});

describe("a write that does not end", () => {
  it("leaves the old snapshot, whatever step it ended at, and the next write removes what it left", async () => {
    const estate = manyImages(30, 20);
    const next = nextDay(estate, 2);
    for (let steps = 0; steps < 100; steps++) {
      const prefix = server.prefix();
      await write(openStore(redis, prefix, []).findings, 1, estate);
      const ended = await write(openStore(endsAfter(redis, steps), prefix, []).findings, 2, next).then(
        () => true,
        () => false,
      );
      if (ended) {
        expect(steps).toBeGreaterThan(8);
        return;
      }
      const fresh = openStore(redis, prefix, []).findings;
      const visible = (await fresh.current())!.slot;
      expect(await contents(await fresh.open(visible))).toHaveLength(30);
      if (visible === slotOf(1)) await write(fresh, 2, next);
      const read = await contents(await openStore(redis, prefix, []).findings.open(slotOf(2)));
      expect(read.map(({ flaws }) => flaws.length).sort()).toEqual(
        expected(next)
          .map(({ flaws }) => flaws.length)
          .sort(),
      );
      expect((await redis.keys(`${prefix}:findings:piece:*`)).length).toBe(
        await redis.scard(`${prefix}:findings:pieces`),
      );
    }
    throw new Error("the write never ended");
  });
});
