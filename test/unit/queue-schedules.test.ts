import { afterEach, describe, expect, it } from "vitest";
import { done } from "../../src/definitions/job.ts";
import { lastSlotOf } from "../../src/queue/cron.ts";
import { schedules } from "../../src/queue/schedules.ts";
import { openStore } from "../../src/store/store.ts";
import { noted, queueOf } from "../queues.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const started: { stop(seconds: number): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((queue) => queue.stop(2)));
});

describe("schedules", () => {
  it("of three processes put each slot into the queue once", async () => {
    const { definition, runs } = noted(undefined, { schedule: { cron: "* * * * * *" } });
    const prefix = redis.prefix();
    const processes = [1, 2, 3].map(() => queueOf(redis, prefix, { tick: definition }));
    started.push(...processes);
    for (const one of processes) {
      await one.startWorkers();
      await one.startSchedules();
    }
    await expect.poll(() => runs.length, { timeout: 45_000 }).toBeGreaterThanOrEqual(4);
    const slots = runs.map(({ slot }) => slot);
    expect(new Set(slots).size).toBe(slots.length);
    for (const { slot, id } of runs) {
      expect(slot).toMatch(/:\d\d\.000Z$/);
      expect(id).toBe(`j-tick-${slot!.replaceAll(":", "")}`);
    }
  });

  it("never overlap themselves, even where a run takes longer than the time between slots", async () => {
    let inside = 0;
    let most = 0;
    const { definition, runs } = noted(
      async () => {
        most = Math.max(most, ++inside);
        // Until the next slot has come as well.
        const own = runs.at(-1)?.slot ?? "";
        const isLater = (last: string | undefined) => (last ?? "") > own;
        await expect.poll(() => slots.last("tick"), { timeout: 30_000 }).toSatisfy(isLater);
        inside--;
        return done();
      },
      { schedule: { cron: "* * * * * *" } },
    );
    const prefix = redis.prefix();
    const { slots } = openStore(redis.connect(), prefix, []);
    const made = queueOf(redis, prefix, { tick: definition });
    started.push(made);
    await made.startWorkers();
    await made.startSchedules();
    await expect.poll(() => runs.length, { timeout: 45_000 }).toBeGreaterThanOrEqual(3);
    expect(most).toBe(1);
  });

  it("catch up once with the latest slot missed while all were down, and miss nothing on the first start", async () => {
    const { definition, runs } = noted(undefined, { schedule: "rescan" });
    const prefix = redis.prefix();
    let now = "2026-03-01T12:00:00.000Z";
    const start = async () => {
      const made = queueOf(redis, prefix, { digest: definition }, { now: () => now });
      started.push(made);
      await made.startWorkers();
      await made.startSchedules();
      return made;
    };
    await start();
    expect(await openStore(redis.connect(), prefix, []).slots.last("digest")).toBe(now);
    now = "2026-03-04T09:00:00.000Z";
    await Promise.all([start(), start()]);
    await expect.poll(() => runs, { timeout: 30_000 }).toMatchObject([{ slot: "2026-03-04T08:00:00.000Z" }]);
    const later = await start();
    expect(await later.queue.counts()).toMatchObject({ waiting: 0, delayed: 0 });
    expect(runs).toHaveLength(1);
  });

  it("fire during the repeated hour of autumn, each slot once for two processes", {
    timeout: 90_000,
  }, async () => {
    const { definition, runs } = noted(undefined, { schedule: "alerts" });
    const prefix = redis.prefix();
    let now = "2026-10-25T00:40:00.000Z";
    const berlin = { timezone: "Europe/Berlin", alerts: "*/20 * * * *" };
    for (let process = 0; process < 2; process++) {
      const made = queueOf(redis, prefix, { poll: definition }, { now: () => now, schedules: berlin });
      started.push(made);
      await made.startWorkers();
      await made.startSchedules();
    }
    // 02:00, 02:20 and 02:40 for the second time, then 03:00.
    const slots = ["01:00", "01:20", "01:40", "02:00"].map((time) => `2026-10-25T${time}:00.000Z`);
    for (const [index, slot] of slots.entries()) {
      now = slot;
      await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(index + 1);
    }
    expect(runs.map(({ slot }) => slot)).toEqual(slots);
  });

  it("make no slot due twice where the clock is set back, and go on after it ran ahead", async () => {
    const prefix = redis.prefix();
    const { slots } = openStore(redis.connect(), prefix, []);
    let now = "2027-06-01T00:00:30.000Z";
    const enqueued: string[] = [];
    const process = () =>
      schedules({
        schedules: [{ name: "poll", lastSlot: lastSlotOf("* * * * *", "UTC") }],
        slots,
        clock: { now: () => now },
        log: quiet,
        enqueue: async (_name, slot) => void enqueued.push(slot),
      });
    const first = process();
    await first.tick();
    now = "2027-06-01T00:01:00.000Z";
    await first.tick();
    now = "2027-06-01T00:00:59.000Z";
    await first.tick();
    now = "2027-06-01T00:01:01.000Z";
    await first.tick();
    expect(enqueued).toEqual(["2027-06-01T00:01:00.000Z"]);
    // Restarted with the clock corrected by a year.
    now = "2026-06-01T00:00:30.000Z";
    const second = process();
    await second.tick();
    now = "2026-06-01T00:01:00.000Z";
    await second.tick();
    expect(enqueued.at(-1)).toBe("2026-06-01T00:01:00.000Z");
  });
});

describe("a scheduled job that does not run", () => {
  const start = async (options: {
    jobs: Parameters<typeof queueOf>[2];
    now: () => string;
    work?: boolean;
  }) => {
    const made = queueOf(redis, redis.prefix(), options.jobs, { now: options.now });
    started.push(made);
    if (options.work) await made.startWorkers();
    return made;
  };

  it("is late where no worker takes it up, and no longer once one does", async () => {
    const { definition } = noted(undefined, { schedule: "alerts" });
    let now = "2026-03-01T12:00:30.000Z";
    const made = await start({ jobs: { poll: definition }, now: () => now });
    expect(await made.queue.late()).toEqual([{ job: "poll" }]);
    await made.startSchedules();
    expect(await made.queue.late()).toEqual([]);
    now = "2026-03-01T12:10:30.000Z";
    expect(await made.queue.late()).toEqual([
      { job: "poll", due: "2026-03-01T12:07:00.000Z", finished: "2026-03-01T12:00:30.000Z" },
    ]);
    await made.startWorkers();
    await expect.poll(() => made.queue.late(), { timeout: 30_000 }).toEqual([]);
  });

  it("is late where its runs fail", async () => {
    const { definition, runs } = noted(() => Promise.reject(new Error("fails")), { schedule: "rescan" });
    let now = "2026-03-01T07:00:00.000Z";
    const made = await start({ jobs: { digest: definition }, now: () => now, work: true });
    await made.startSchedules();
    now = "2026-03-01T08:20:00.000Z";
    await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(1);
    expect(await made.queue.late()).toEqual([]);
    now = "2026-03-01T08:31:00.000Z";
    expect(await made.queue.late()).toMatchObject([{ job: "digest", due: "2026-03-01T08:00:00.000Z" }]);
  });
});
