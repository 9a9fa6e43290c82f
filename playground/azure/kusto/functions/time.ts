import { bin, calculate } from "../arithmetic.ts";
import { type Datetime, floorDivide, formatDatetime, isDatetime, milliseconds, timespan } from "../times.ts";
import { text } from "../values.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const ticksOf: Record<string, bigint> = {
  week: 6_048_000_000_000n,
  day: 864_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
};
const months: Record<string, number> = { year: 12, quarter: 3, month: 1 };

const monthOf = (time: Datetime) => {
  const date = new Date(milliseconds(time));
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

/** Counts the boundaries between two times, not the time that passed [Kusto docs, datetime_diff()]. */
const difference: ScalarFunction = ([part, left, right]) => {
  if (!isDatetime(left) || !isDatetime(right)) return null;
  const unit = text(part).toLowerCase();
  const step = months[unit];
  if (step) return Math.floor(monthOf(left) / step) - Math.floor(monthOf(right) / step);
  const ticks = ticksOf[unit];
  if (!ticks) return null;
  // Weeks begin on Sunday; 1 January 1970 was a Thursday.
  const shift = unit === "week" ? 4n * ticksOf.day! : 0n;
  return Number(floorDivide(left.ticks + shift, ticks) - floorDivide(right.ticks + shift, ticks));
};

export const time: ScalarFunctions = {
  now: ([offset], { now }) => (offset ? calculate("+", now, offset, false) : now),
  ago: ([span], { now }) => calculate("-", now, span!, false),
  datetime_diff: difference,
  format_datetime: ([value, format]) => (isDatetime(value) ? formatDatetime(value, text(format)) : ""),
  startofday: ([time]) => bin(time!, timespan(ticksOf.day!)),
};
