import { type CronExpression, CronExpressionParser } from "cron-parser";
import { type WallClock, wallClock } from "./wall-clock.ts";

const dayMs = 86_400_000;

/** What is wrong with a cron expression (five fields, or six with seconds first), or undefined. */
export function validCron(line: string): string | undefined {
  const fields = line.trim().split(/\s+/);
  // cron-parser fills missing fields up, and draws a number of its own in each process for H (Jenkins).
  if (!line.trim().startsWith("@") && (fields.length < 5 || fields.length > 6))
    return `${line.trim() === "" ? 0 : fields.length} fields`;
  if (fields.some((field) => /(^|,)H/.test(field))) return "H needs a number here";
  try {
    return expressionOf(line).take(1).length > 0 ? undefined : "no day has this date";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The latest time (ISO) at which a schedule was due, in (`after`, `now`]; undefined where there was none. */
export type LastSlot = (after: string, now: string) => string | undefined;

/**
 * Reads a cron expression once, to ask it often.
 *
 * Where its hour field leaves no hour out, it follows elapsed time: it is due whenever the clock reads so, in a repeated
 * hour twice. Where it names hours, each reading is due once: the first time in a repeated hour, and at the first moment
 * after a gap that skips it.
 * @param line a valid cron expression
 * @param timezone IANA name
 */
export function lastSlotOf(line: string, timezone: string): LastSlot {
  const clock = wallClock(timezone);
  const expression = expressionOf(line);
  const everyHour = new Set(expression.fields.hour.values).size === 24;
  const last = everyHour ? lastByElapsedTime : lastByDay;
  // A line without seconds is due at whole minutes: what is asked every second is calculated once a minute.
  const unitMs = expression.fields.second.values.join() === "0" ? 60_000 : 1000;
  const unitOf = (time: string) => Math.floor(Date.parse(time) / unitMs);
  return (after, now) => {
    if (unitOf(after) === unitOf(now)) return undefined;
    const slot = last(expression, clock, Date.parse(now));
    return slot !== undefined && slot > Date.parse(after) ? new Date(slot).toISOString() : undefined;
  };
}

/** The same for a schedule that is asked once. */
export function previousSlot(line: string, timezone: string, after: string, now: string): string | undefined {
  return lastSlotOf(line, timezone)(after, now);
}

function lastByElapsedTime(expression: CronExpression, clock: WallClock, now: number): number | undefined {
  const change = clock.change(now - dayMs, now);
  const due = lastReading(expression, clock.read(now), (reading) =>
    clock.instants(reading).findLast((instant) => instant <= now),
  );
  // Before the clock was put back it may have read what it does not read again until now.
  if (change === undefined || (due !== undefined && due >= change)) return due;
  return lastByElapsedTime(expression, clock, change - 1);
}

function lastByDay(expression: CronExpression, clock: WallClock, now: number): number | undefined {
  const [first = now, second] = clock.instants(clock.read(now));
  // The second time in a repeated hour: all of that hour was due the first time.
  const end =
    second === now && first < now ? clock.read((clock.change(first, now) ?? now) - 1) : clock.read(now);
  return lastReading(expression, end, (reading) => clock.instants(reading)[0] ?? clock.gapEnd(reading));
}

/** The last due reading up to `end` that has an instant, as that instant. */
function lastReading(
  expression: CronExpression,
  end: number,
  instantOf: (reading: number) => number | undefined,
): number | undefined {
  // What is due exactly at the end counts.
  expression.reset(new Date(end + 1));
  for (let [due] = expression.take(-1); due; [due] = expression.take(-1)) {
    const instant = instantOf(due.getTime());
    if (instant !== undefined) return instant;
  }
  return undefined;
}

/** Calculated in UTC, that is without any change of a clock: cron-parser's own differs between back and forth. */
function expressionOf(line: string): CronExpression {
  return CronExpressionParser.parse(line.trim(), { tz: "UTC" });
}
