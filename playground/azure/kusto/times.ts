/** A point in time, in ticks of 100 ns since 1970: Azure's times have seven decimals, a JavaScript Date three. */
export type Datetime = { kind: "datetime"; ticks: bigint };
export type Timespan = { kind: "timespan"; ticks: bigint };

export const ticksPerMillisecond = 10_000n;
const day = 86_400_000n * ticksPerMillisecond;

export const datetime = (ticks: bigint): Datetime => ({ kind: "datetime", ticks });
export const timespan = (ticks: bigint): Timespan => ({ kind: "timespan", ticks });
export const atMilliseconds = (ms: number): Datetime =>
  datetime(BigInt(Math.trunc(ms)) * ticksPerMillisecond);
export const milliseconds = (time: Datetime): number => Number(floorDivide(time.ticks, ticksPerMillisecond));

const has = (value: unknown, kind: string): boolean =>
  typeof value === "object" &&
  value !== null &&
  (value as Datetime).kind === kind &&
  typeof (value as Datetime).ticks === "bigint";
export const isDatetime = (value: unknown): value is Datetime => has(value, "datetime");
export const isTimespan = (value: unknown): value is Timespan => has(value, "timespan");

/** Division that rounds down, also below zero. */
export function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/** Reads an ISO time with up to seven decimals, or whatever `Date` understands; null where it is none. */
export function parseDatetime(text: string): Datetime | null {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
      text.trim(),
    );
  if (!match) {
    const ms = /\d{4}/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? null : atMilliseconds(ms);
  }
  const [, date, time = "00:00:00", fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return null;
  return datetime(BigInt(ms) * ticksPerMillisecond + BigInt(fraction.padEnd(7, "0").slice(0, 7)));
}

/** `2026-11-23T08:00:00.1234567Z`, as Kusto prints a datetime. */
export function datetimeText(time: Datetime): string {
  const seconds = floorDivide(time.ticks, 10_000_000n);
  const fraction = String(time.ticks - seconds * 10_000_000n).padStart(7, "0");
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** `1.02:03:04.5000000`, as Kusto prints a timespan. */
export function timespanText(span: Timespan): string {
  const sign = span.ticks < 0n ? "-" : "";
  const ticks = span.ticks < 0n ? -span.ticks : span.ticks;
  const days = ticks / day;
  const seconds = (ticks % day) / 10_000_000n;
  const fraction = ticks % 10_000_000n;
  const two = (n: bigint) => String(n).padStart(2, "0");
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return `${sign}${days > 0n ? `${days}.` : ""}${clock}${fraction ? `.${String(fraction).padStart(7, "0")}` : ""}`;
}

/** Reads `1.02:03:04.5`; null where it is no timespan. */
export function parseTimespan(text: string): Timespan | null {
  const match = /^(-)?(?:(\d+)\.)?(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?$/.exec(text.trim());
  if (!match) return null;
  const [, minus, days = "0", hours = "0", minutes = "0", seconds = "0", fraction = ""] = match;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * 10_000_000n + BigInt(fraction.padEnd(7, "0"));
  return timespan(minus ? -ticks : ticks);
}

/** `format_datetime`: the letters of .NET's custom formats that Kusto documents. */
export function formatDatetime(time: Datetime, format: string): string {
  const whole = datetimeText(time);
  const fraction = whole.slice(20, 27);
  const part = (from: number, to: number, width: number) =>
    width === 1 ? String(Number(whole.slice(from, to))) : whole.slice(from, to);
  const hour = Number(whole.slice(11, 13));
  const letters: Record<string, (width: number) => string> = {
    y: (width) => (width > 2 ? whole.slice(0, 4) : whole.slice(2, 4)),
    M: (width) => part(5, 7, width),
    d: (width) => part(8, 10, width),
    H: (width) => part(11, 13, width),
    h: (width) => String(hour % 12 || 12).padStart(width > 1 ? 2 : 1, "0"),
    m: (width) => part(14, 16, width),
    s: (width) => part(17, 19, width),
    f: (width) => fraction.slice(0, width),
    F: (width) => fraction.slice(0, width).replace(/0+$/, ""),
    t: () => (hour < 12 ? "AM" : "PM"),
  };
  return format.replace(/y+|M+|d+|H+|h+|m+|s+|f+|F+|t+/g, (run) => letters[run[0]!]!(run.length));
}
