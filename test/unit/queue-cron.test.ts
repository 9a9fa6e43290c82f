import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { lastSlotOf, previousSlot, validCron } from "../../src/queue/cron.ts";
import { schedules } from "../../src/queue/schedules.ts";
import { quiet } from "../quiet.ts";

const minute = 60_000;
const hour = 60 * minute;
const iso = (ms: number) => new Date(ms).toISOString();

/** Every slot in (`from`, `to`], as a process that looks each minute, or once in `step`, sees them. */
function slotsBetween(line: string, zone: string, from: number, to: number, step = minute): string[] {
  const lastSlot = lastSlotOf(line, zone);
  const result: string[] = [];
  for (let now = from + step; now <= to; now += step) {
    const slot = lastSlot(iso(now - step), iso(now));
    if (slot) result.push(slot);
  }
  return result;
}

/** What the clock of a zone shows, by the system's own data: "2026-10-25 02:30". */
function clockOf(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return (at) => format.format(at);
}

describe("cron expressions", () => {
  it.each([
    "* * * * *",
    "0 8 * * *",
    "*/10 * * * * *",
    "30 8 * * 1-5",
    "@daily",
    "0 0 * JAN THU",
    "0 0 L * *",
  ])("accept %s", (line) => {
    expect(validCron(line)).toBeUndefined();
  });

  it.each([
    "",
    "61 * * * *",
    "* * *",
    "0 8 * * * * *",
    "every day",
    "0 0 31 2 *",
    "H * * * *",
    "0 H(1-5) * * *",
    "@never",
  ])("refuse %j", (line) => {
    expect(validCron(line)).toBeTypeOf("string");
  });

  it.each([
    ["0 8 * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-04T07:59:59Z", "2026-03-03T08:00:00.000Z"],
    ["0 8 * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-04T08:00:00Z", "2026-03-04T08:00:00.000Z"],
    ["0 8 * * *", "UTC", "2026-03-04T08:00:00Z", "2026-03-04T09:00:00Z", undefined],
    ["0 8 * * *", "UTC", "2026-03-04T08:00:00Z", "2026-03-03T09:00:00Z", undefined],
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
    ["0 0 29 2 *", "UTC", "2023-01-01T00:00:00Z", "2026-03-05T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    // Day of month and day of week are alternatives: 1 September 2026 is a Tuesday, 7 September a Monday.
    ["0 9 1 * 1", "UTC", "2026-08-31T10:00:00Z", "2026-09-02T00:00:00Z", "2026-09-01T09:00:00.000Z"],
    ["0 9 1 * 1", "UTC", "2026-08-31T10:00:00Z", "2026-09-08T00:00:00Z", "2026-09-07T09:00:00.000Z"],
    // A whole day that Samoa left out.
    ["0 9 * * *", "Pacific/Apia", "2011-12-29T20:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00.000Z"],
  ])("find that %s in %s, after %s and at %s, was last due at %s", (line, zone, after, now, slot) => {
    expect(previousSlot(line, zone, after, now)).toBe(slot);
  });
});

describe("when the clock changes", () => {
  it.each([
    ["every minute", "* * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 1],
    ["every five minutes", "*/5 * * * *", "Europe/London", "2026-10-25T00:00:00Z", 5],
    ["hourly", "0 * * * *", "America/New_York", "2026-11-01T05:00:00Z", 60],
    ["hourly, in spring", "0 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 60],
    ["hourly at half past, in spring", "30 * * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 60],
  ])("%s goes on by elapsed time", (_, line, zone, start, minutes) => {
    const from = Date.parse(start);
    const all = slotsBetween(line, zone, from - minute, from + 4 * hour);
    const expected = Array.from({ length: (4 * 60) / minutes + 1 }, (_, n) =>
      iso(from + n * minutes * minute),
    );
    expect(all).toEqual(expected);
  });

  it.each([
    ["in the gap of spring, at its end", "30 2 * * *", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00.000Z"]],
    [
      "of several in the gap, once at its end",
      "0,30 2 * * *",
      "2026-03-28T12:00:00Z",
      ["2026-03-29T01:00:00.000Z"],
    ],
    [
      "in the repeated hour, the first time",
      "30 2 * * *",
      "2026-10-24T12:00:00Z",
      ["2026-10-25T00:30:00.000Z"],
    ],
  ])("a slot with a fixed hour comes once: %s", (_, line, start, expected) => {
    const from = Date.parse(start);
    expect(slotsBetween(line, "Europe/Berlin", from, from + 24 * hour)).toEqual(expected);
  });
});

const zones = [
  "UTC",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Santiago",
  "America/St_Johns",
  "Africa/Cairo",
  "Africa/Casablanca",
  "Asia/Tokyo",
  "Asia/Tehran",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Chatham",
];

/** Two days (or less) around a change of the clock, or around the middle of the year where there is none. */
function around(zone: string, year: number, which: number, hours = 24): [number, number] {
  const clock = clockOf(zone);
  const shown = (at: number) => Date.parse(`${clock(at).replace(" ", "T")}Z`) - at;
  const changing = (from: number, count: number, step: number) =>
    Array.from({ length: count }, (_, n) => from + n * step).filter((at) => shown(at) !== shown(at + step));
  const changes = changing(Date.UTC(year, 0, 1), 365, 24 * hour).flatMap((day) => changing(day, 24, hour));
  const middle = changes[which % Math.max(changes.length, 1)] ?? Date.UTC(year, 6, 1);
  return [middle - hours * hour, middle + hours * hour];
}

const whenAndWhere = fc.record({
  zone: fc.constantFrom(...zones),
  year: fc.integer({ min: 2005, max: 2037 }),
  which: fc.nat(3),
});

describe("over zones and years", () => {
  it("a pattern without a fixed hour is due at every minute that the clock shows so", {
    timeout: 180_000,
  }, () => {
    const patterns = fc.constantFrom(
      ["* * * * *", () => true] as const,
      ["*/15 * * * *", (at: string) => Number(at.slice(14)) % 15 === 0] as const,
      ["7 * * * *", (at: string) => at.endsWith(":07")] as const,
    );
    fc.assert(
      fc.property(whenAndWhere, patterns, ({ zone, year, which }, [line, matches]) => {
        const [from, to] = around(zone, year, which, 6);
        const clock = clockOf(zone);
        const minutes = Array.from({ length: (to - from) / minute }, (_, n) => from + (n + 1) * minute);
        expect(slotsBetween(line, zone, from, to)).toEqual(
          minutes.filter((at) => matches(clock(at))).map(iso),
        );
      }),
      { numRuns: 8 },
    );
  });

  it("a pattern with a fixed hour is due once a day, after a gap that skips it at once", {
    timeout: 180_000,
  }, () => {
    fc.assert(
      fc.property(whenAndWhere, fc.nat(23), fc.nat(59), ({ zone, year, which }, h, m) => {
        const [from, to] = around(zone, year, which);
        const clock = clockOf(zone);
        const at = `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
        // The first minute of each day at which the clock shows this or, after a gap, something later.
        const days = new Map<string, number>();
        for (let now = from - 24 * hour; now <= to; now += minute) {
          const [date, time] = clock(now).split(" ") as [string, string];
          if (time >= at && !days.has(date)) days.set(date, now);
        }
        const expected = [...days.values()].slice(1).filter((due) => due > from);
        expect(slotsBetween(`${m} ${h} * * *`, zone, from, to)).toEqual(expected.map(iso));
      }),
      { numRuns: 8 },
    );
  });

  it("what was missed is the last of all that was due", { timeout: 180_000 }, () => {
    const patterns = fc.constantFrom("*/20 * * * *", "30 2 * * *", "15 0,1,2,3 * * *", "0 */2 * * *");
    fc.assert(
      fc.property(whenAndWhere, patterns, fc.nat(48 * 12), ({ zone, year, which }, line, length) => {
        const [from] = around(zone, year, which);
        // None of the patterns has two slots within five minutes.
        const step = 5 * minute;
        const to = from + length * step;
        const seen = slotsBetween(line, zone, from, to, step);
        expect(previousSlot(line, zone, iso(from), iso(to))).toBe(seen.at(-1));
      }),
      { numRuns: 15 },
    );
  });
});

describe("the clock of schedules", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    vi.useRealTimers();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  /** Schedules of one job each minute, on a clock of the test's own. */
  function everyMinute(now: string) {
    vi.useFakeTimers({
      toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"],
      now: new Date(now),
    });
    const enqueued: string[] = [];
    let last: string | undefined = `${now.slice(0, 16)}:00.000Z`;
    const slots = {
      last: async () => last,
      set: async (_: string, slot: string) => {
        last = slot;
      },
      begin: async () => {},
      finish: async () => {},
      finished: async () => ({}),
    };
    const running = schedules({
      schedules: [{ name: "poll", lastSlot: lastSlotOf("* * * * *", "Europe/Berlin") }],
      slots,
      clock: { now: () => new Date().toISOString() },
      log: quiet,
      enqueue: async (_, slot) => void enqueued.push(slot),
    });
    return { running, enqueued };
  }

  it("ticks in a repeated hour too, also on a machine whose own clock repeats it", async () => {
    process.env.TZ = "Europe/Berlin";
    const { running, enqueued } = everyMinute("2026-10-25T01:20:50.500Z");
    await running.start();
    await vi.advanceTimersByTimeAsync(15_000);
    await running.stop();
    expect(enqueued).toEqual(["2026-10-25T01:21:00.000Z"]);
  });

  it("goes on at once where the machine's clock was put forward by years: it slept, or began with a wrong time", async () => {
    const { running, enqueued } = everyMinute("1970-01-01T00:00:50.500Z");
    await running.start();
    await vi.advanceTimersByTimeAsync(5000);
    vi.setSystemTime(new Date("2026-10-25T01:20:50.500Z"));
    await vi.advanceTimersByTimeAsync(15_000);
    await running.stop();
    expect(enqueued).toEqual(["2026-10-25T01:20:00.000Z", "2026-10-25T01:21:00.000Z"]);
  });
});
