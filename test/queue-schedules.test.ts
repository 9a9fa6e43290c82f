import { afterEach, describe, expect, it } from "vitest";
import { done } from "../src/definitions/job.ts";
import { previousSlot, validCron } from "../src/queue/cron.ts";
import { openStore } from "../src/store/store.ts";
import { noted, queueOf } from "./queues.ts";
import { redisForThisFile } from "./redis.ts";

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
    await expect.poll(() => runs.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(4);
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
        // Longer than a slot, in the schedule's own time.
        await new Promise((resolve) => setTimeout(resolve, 1300));
        inside--;
        return done();
      },
      { schedule: { cron: "* * * * * *" } },
    );
    const made = queueOf(redis, redis.prefix(), { tick: definition });
    started.push(made);
    await made.startWorkers();
    await made.startSchedules();
    await expect.poll(() => runs.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
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
    await expect.poll(() => runs, { timeout: 10_000 }).toMatchObject([{ slot: "2026-03-04T08:00:00.000Z" }]);
    const later = await start();
    expect(await later.queue.counts()).toMatchObject({ waiting: 0, delayed: 0 });
    expect(runs).toHaveLength(1);
  });
});

describe("cron lines", () => {
  it.each(["* * * * *", "0 8 * * *", "*/10 * * * * *", "30 8 * * 1-5", "@daily"])("accept %s", (line) => {
    expect(validCron(line)).toBeUndefined();
  });

  it.each(["", "61 * * * *", "* * *", "0 8 * * * * *", "every day", "0 0 31 2 *"])("refuse %j", (line) => {
    expect(validCron(line)).toBeTypeOf("string");
  });

  it.each([
    ["0 8 * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-04T07:59:59Z", "2026-03-03T08:00:00.000Z"],
    ["0 8 * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-04T08:00:00Z", "2026-03-04T08:00:00.000Z"],
    ["0 8 * * *", "UTC", "2026-03-04T08:00:00Z", "2026-03-04T09:00:00Z", undefined],
    ["0 8 * * *", "Asia/Tokyo", "2026-03-01T00:00:00Z", "2026-03-04T22:00:00Z", "2026-03-03T23:00:00.000Z"],
    [
      "30 8 * * *",
      "Asia/Kolkata",
      "2026-03-01T00:00:00Z",
      "2026-03-04T22:00:00Z",
      "2026-03-04T03:00:00.000Z",
    ],
    ["*/20 * * * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-04T08:00:45.5Z", "2026-03-04T08:00:40.000Z"],
    ["0 10 * * 1", "UTC", "2026-01-01T00:00:00Z", "2026-03-05T00:00:00Z", "2026-03-02T10:00:00.000Z"],
    [
      "0 8 * * *",
      "Europe/Berlin",
      "2026-03-27T12:00:00Z",
      "2026-03-29T12:00:00Z",
      "2026-03-29T06:00:00.000Z",
    ],
  ])("find that %s in %s, after %s and at %s, was last due at %s", (line, zone, after, now, slot) => {
    expect(previousSlot(line, zone, after, now)).toBe(slot);
  });
});
