import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { UpstreamError } from "../../src/errors.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { diesAt, endsAfter } from "../broken-redis.ts";
import { digestOf, flaw, manyImages, pageOf, place, type Sketch, slotOf, use } from "../findings-estate.ts";
import { type Far, far, scanner, subscribed } from "../findings-scan.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const xz = flaw("CVE-2024-3094", "critical", { package: "xz", fix: "available", fixed: "5.6.2" });
const ssl = flaw("CVE-2024-1", "high");
const image = (name: string, flaws: Sketch["flaws"], more: Partial<Sketch> = {}): Sketch => ({
  places: [place(`shop/${name}`)],
  uses: [use(name)],
  flaws,
  ...more,
});

/** Three days: a baseline, a rebuilt image and a new finding, and one that is back. */
const estateOf: Record<number, Record<string, Sketch>> = {
  1: { web: image("web", [ssl, xz]), api: image("api", [ssl]), rest: image("rest", [xz]) },
  2: { web2: image("web", [ssl]), api: image("api", [ssl, xz]), rest: image("rest", [xz]) },
  3: { web2: image("web", [ssl, xz]), api: image("api", [xz]) },
};
const onDay = (day: number): Far => ({ ...far(), pages: [pageOf(estateOf[day]!)] });
const channels = [subscribed("C1"), subscribed("C2", { severity: "critical", language: "ja" })];

describe("a scan", () => {
  it("is a baseline at first, then says what changed, in each channel once and in its language", async () => {
    const prefix = server.prefix();
    for (const day of [1, 2, 3]) {
      const process = scanner(redis, prefix, onDay(day), channels);
      expect(await process.run(day)).toMatchObject({ kind: "done" });
      // The same slot again, after its end.
      const again = onDay(day);
      await scanner(redis, prefix, again, channels).run(day);
      expect(again.reads).toBe(0);
    }
    const process = scanner(redis, prefix, far(), channels);
    expect(await process.digest(1)).toMatchObject({ counts: {}, open: { critical: 2, high: 2 } });
    expect((await process.digest(1))!.before).toBeUndefined();
    expect(await process.digest(2)).toMatchObject({
      before: { slot: slotOf(1) },
      counts: { new: { critical: 1 }, fixed: { critical: 1 } },
      rebuilt: [{ from: digestOf("web"), to: digestOf("web2"), fixed: 1, added: 0, by: "workload" }],
    });
    expect(await process.digest(3)).toMatchObject({
      before: { slot: slotOf(2) },
      counts: { regressed: { critical: 1 }, withdrawn: { high: 1 }, gone: { critical: 1 } },
      trend: [{ slot: slotOf(1) }, { slot: slotOf(2), added: 1, fixed: 1 }, { slot: slotOf(3), added: 1 }],
    });
    expect(await process.rows("C1")).toHaveLength(3);
    expect(await process.rows("C2")).toHaveLength(3);
    expect(await process.language("C2")).toBe("ja");
  });

  it("says once that details of CVEs became known, and announces none of them as raised", async () => {
    const prefix = server.prefix();
    const details = (state: "no-access" | "read", unknown: number) => ({
      details: { state, wanted: 2, unknown },
    });
    const unrated = flaw("CVE-2024-3094", "unknown", { package: "xz", from: "none" });
    const rated = flaw("CVE-2024-3094", "critical", { package: "xz", from: "details" });
    const estate = (one: Sketch["flaws"], read: Far["read"]): Far => ({
      ...far(),
      pages: [pageOf({ web: image("web", one) })],
      read,
    });
    await scanner(redis, prefix, estate([unrated], details("no-access", 2)), channels).run(1);
    await scanner(redis, prefix, estate([rated], details("read", 0)), channels).run(2);
    await scanner(redis, prefix, estate([rated], details("read", 0)), channels).run(3);
    const process = scanner(redis, prefix, far(), channels);
    expect(await process.digest(2)).toMatchObject({ counts: {}, learned: 2 });
    expect(await process.digest(3)).not.toHaveProperty("learned");
  });

  it("starts over where what it kept was lost in part", async () => {
    const prefix = server.prefix();
    await scanner(redis, prefix, onDay(1), channels).run(1);
    for (const key of await redis.keys(`${prefix}:findings:piece:*`)) await redis.del(key);
    const process = scanner(redis, prefix, onDay(2), channels);
    await process.run(2);
    expect(await process.digest(2)).toMatchObject({ counts: {}, open: { critical: 2, high: 2 } });
    expect((await process.digest(2))!.before).toBeUndefined();
    await scanner(redis, prefix, onDay(3), channels).run(3);
    expect(await process.digest(3)).toMatchObject({ before: { slot: slotOf(2) } });
  });

  it("reads nothing for a slot before the last one", async () => {
    const prefix = server.prefix();
    await scanner(redis, prefix, onDay(2), channels).run(2);
    const late = onDay(1);
    expect(await scanner(redis, prefix, late, channels).run(1)).toMatchObject({ kind: "done" });
    expect(late.reads).toBe(0);
  });

  it("tries again later while Azure cannot be read, tells it after an hour, and then leaves it to the next slot", async () => {
    const prefix = server.prefix();
    const azure = far();
    azure.error = new UpstreamError("throttled", {
      system: "azure",
      status: 429,
      retryable: true,
      retryAfter: 900,
    });
    let now = slotOf(1);
    const process = scanner(redis, prefix, azure, channels, () => now);
    expect(await process.run(1)).toEqual({ kind: "again", seconds: 900 });
    expect(process.reported).toEqual([]);
    now = "2026-08-01T09:30:00.000Z";
    expect(await process.run(1)).toMatchObject({ kind: "again" });
    expect(process.reported).toEqual(["rescan"]);
    now = "2026-08-01T20:30:00.000Z";
    expect(await process.run(1)).toMatchObject({ kind: "done" });
    expect(await process.digest(1)).toBeUndefined();
  });
});

describe("an estate that shrinks to almost nothing", () => {
  it("is held back twice, said each time, and accepted at the third scan: gone, not fixed", async () => {
    const prefix = server.prefix();
    const many = { ...far(), pages: [pageOf(manyImages(30, 40))] };
    const few = () => ({
      ...far(),
      pages: [pageOf(Object.fromEntries(Object.entries(manyImages(30, 40)).slice(0, 3)))],
    });
    const process = (azure: Far) => scanner(redis, prefix, azure, channels);
    await process(many).run(1);
    const before = (await process(far()).digest(1))!.head.findings;
    for (const [day, scans] of [
      [2, 1],
      [3, 2],
    ] as const) {
      await process(few()).run(day);
      const digest = (await process(far()).digest(day))!;
      expect(digest).toMatchObject({
        suspicious: { shrunk: true, before, scans },
        counts: {},
        before: { slot: slotOf(1) },
      });
      expect(digest.suspicious!.now).toBeLessThan(before / 5);
    }
    expect((await process(far()).store.findings.current())?.slot).toBe(slotOf(1));
    await process(few()).run(4);
    const digest = (await process(far()).digest(4))!;
    expect(digest.before?.slot).toBe(slotOf(1));
    expect(Object.keys(digest.counts)).toEqual(["gone"]);
    expect(digest.goneImages).toBe(27);
    expect(digest.suspicious).toBeUndefined();
  });

  it("is forgotten when the next scan is as it was", async () => {
    const prefix = server.prefix();
    const many = () => ({ ...far(), pages: [pageOf(manyImages(30, 40))] });
    await scanner(redis, prefix, many(), channels).run(1);
    await scanner(
      redis,
      prefix,
      {
        ...many(),
        pages: [],
        read: {
          models: [
            { model: "grouped-nodes", rows: 1 },
            { model: "individual", rows: 1 },
          ],
        },
      },
      channels,
    ).run(2);
    const process = scanner(redis, prefix, many(), channels);
    expect(await process.store.findings.held()).toMatchObject({ slot: slotOf(2), scans: 1, now: 0 });
    await process.run(3);
    expect(await process.digest(3)).toMatchObject({ counts: {}, before: { slot: slotOf(1) } });
    expect(await process.store.findings.held()).toBeUndefined();
  });
});

describe("a process that is killed", () => {
  // Hundreds of scans: three seconds alone, and many times that beside others.
  it("at any command, leaves the next one to give exactly the digests of an uninterrupted run", async () => {
    const whole = server.prefix();
    for (const day of [1, 2, 3]) await scanner(redis, whole, onDay(day), channels).run(day);
    const uninterrupted = scanner(redis, whole, far(), channels);
    const wanted = [await uninterrupted.digest(2), await uninterrupted.digest(3)];
    for (let commands = 0, killed = true; killed; commands++) {
      expect(commands).toBeLessThan(150);
      const prefix = server.prefix();
      await scanner(redis, prefix, onDay(1), channels).run(1);
      killed = await scanner(endsAfter(redis, commands), prefix, onDay(2), channels)
        .run(2)
        .then(
          () => false,
          () => true,
        );
      // Every third time the day's run is lost altogether, and the next day's finds what it left.
      const lost =
        commands % 3 === 2 &&
        (await scanner(redis, prefix, far(), channels).store.findings.current())?.slot === slotOf(2);
      if (!lost) await scanner(redis, prefix, onDay(2), channels).run(2);
      const last = scanner(redis, prefix, onDay(3), channels);
      await last.run(3);
      expect([await last.digest(2), await last.digest(3)], `killed at command ${commands}`).toEqual(wanted);
      expect(await last.rows("C1")).toHaveLength(3);
    }
  }, 270_000);
});

describe("Redis killed in the middle of a scan", () => {
  it("comes back, and the digest is that of an uninterrupted run", async () => {
    const whole = server.prefix();
    for (const day of [1, 2]) await scanner(redis, whole, onDay(day), channels).run(day);
    const wanted = await scanner(redis, whole, far(), channels).digest(2);
    for (const commands of [9, 16]) {
      const prefix = server.prefix();
      await scanner(redis, prefix, onDay(1), channels).run(1);
      const own = server.connect();
      await scanner(diesAt(own, commands, server.kill), prefix, onDay(2), channels).run(2);
      expect(await scanner(redis, prefix, far(), channels).digest(2)).toEqual(wanted);
    }
  });
});

describe("watching for pushes", () => {
  const asking = [
    subscribed("C1", { immediate: "critical" }),
    subscribed("C2", { immediate: "high", scopes: [{ kind: "registry", pattern: "other" }] }),
    subscribed("C3"),
  ];
  const pushed = (name: string, flaws: Sketch["flaws"], day = "01"): Sketch => ({
    places: [place(`shop/${name}`, undefined, { pushed: `2026-08-${day}T07:00:00Z` })],
    flaws,
  });

  it("reads nothing where no one asked for it", async () => {
    const azure = onDay(1);
    await scanner(redis, server.prefix(), azure, channels).watch();
    expect(azure.reads).toBe(0);
  });

  it("tells a fresh image with a severe finding that can be fixed, once, where it was asked for", async () => {
    const prefix = server.prefix();
    const azure = far();
    const process = scanner(redis, prefix, azure, asking);
    await process.watch();
    expect(azure.reads).toBe(0);
    azure.pages = [
      pageOf({ bad: pushed("bad", [xz, ssl]), fine: pushed("fine", [ssl, flaw("CVE-9", "critical")]) }),
    ];
    const digest = digestOf("bad");
    azure.registries = new Map([
      ["contoso", { repositories: new Map([["shop/bad", [{ digest, tags: ["2.0"] }]]]) }],
    ]);
    for (let time = 0; time < 3; time++) await process.watch();
    const [id, ...others] = await process.rows("C1");
    expect(others).toEqual([]);
    expect((await process.store.outbox.events([id!])).get(id!)?.event).toMatchObject({
      digest,
      place: { repository: "shop/bad", tags: ["2.0"] },
      least: "critical",
      worst: [xz],
      count: 1,
    });
    expect([...(await process.rows("C2")), ...(await process.rows("C3"))]).toEqual([]);
  });

  it("looks again at what it read while details of CVEs failed, and says so where it has no permission", async () => {
    const prefix = server.prefix();
    const azure = far();
    const process = scanner(redis, prefix, azure, asking);
    await process.watch();
    const looked = () => process.store.once.peek("pushes:looked", z.string());
    const begun = await looked();
    const unrated = { ...xz, severity: "unknown" as const };
    azure.pages = [pageOf({ bad: pushed("bad", [unrated]) })];
    azure.read = { details: { state: "failed", wanted: 1, unknown: 1 } };
    await scanner(redis, prefix, azure, asking, () => slotOf(2)).watch();
    expect(await process.rows("C1")).toEqual([]);
    expect(await looked()).toBe(begun);
    azure.pages = [pageOf({ bad: pushed("bad", [xz]) })];
    azure.read = { details: { state: "no-access", wanted: 1, unknown: 0 } };
    await scanner(redis, prefix, azure, asking, () => slotOf(2)).watch();
    const [id] = await process.rows("C1");
    expect((await process.store.outbox.events([id!])).get(id!)?.event).toMatchObject({
      details: { state: "no-access" },
    });
    expect(await looked()).toBe(slotOf(2));
  });

  it("forgets no details of CVEs of the images that were not pushed", async () => {
    const prefix = server.prefix();
    const azure = far();
    const process = scanner(redis, prefix, azure, asking);
    await process.watch();
    const detail = (number: number) => ({ id: `CVE-2024-${1000 + number}`, exploit: false });
    for (let number = 1; number <= 40; number++) {
      azure.read = { cves: { at: slotOf(1), details: [detail(number)], absent: [] } };
      await process.watch();
    }
    expect((await process.store.findings.cves()).cves.size).toBe(40);
  });

  it("does not take an image for new that was pushed long ago, or that the last scan had", async () => {
    const prefix = server.prefix();
    const azure = far();
    const process = scanner(redis, prefix, azure, asking);
    azure.pages = [pageOf({ known: pushed("known", [xz]) })];
    await process.run(1);
    const before = (await process.rows("C1")).length;
    await process.watch();
    const july = { places: [place("shop/old", undefined, { pushed: "2026-07-01T07:00:00Z" })], flaws: [xz] };
    azure.pages = [pageOf({ known: pushed("known", [xz]), old: july })];
    await process.watch();
    expect(await process.rows("C1")).toHaveLength(before);
  });
});
