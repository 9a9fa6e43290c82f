import { calculate } from "../arithmetic.ts";
import {
  atMilliseconds,
  type Datetime,
  datetime,
  floorDivide,
  formatDatetime,
  isDatetime,
  milliseconds,
  timespan,
} from "../times.ts";
import { isNumber, text, type Value } from "../values.ts";
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

const add: ScalarFunction = ([part, amount, time]) => {
  if (!isDatetime(time) || !isNumber(amount)) return null;
  const unit = text(part).toLowerCase();
  const step = months[unit];
  if (!step) return ticksOf[unit] ? datetime(time.ticks + ticksOf[unit] * BigInt(amount)) : null;
  const date = new Date(milliseconds(time));
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + step * Number(amount));
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return atMilliseconds(date.getTime());
};

/** Start of the period that a time lies in, or of the one `offset` later. */
function start(unit: string): ScalarFunction {
  return ([time, offset]) => {
    if (!isDatetime(time)) return null;
    const date = new Date(milliseconds(time));
    const by = isNumber(offset) ? Number(offset) : 0;
    const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    if (unit === "year") return atMilliseconds(Date.UTC(y + by, 0));
    if (unit === "month") return atMilliseconds(Date.UTC(y, m + by));
    const day = unit === "week" ? d - date.getUTCDay() + 7 * by : d + by;
    return atMilliseconds(Date.UTC(y, m, day));
  };
}

function end(unit: string): ScalarFunction {
  return ([time, offset], context) => {
    const next = start(unit)([time!, (isNumber(offset) ? Number(offset) : 0) + 1], context);
    return isDatetime(next) ? datetime(next.ticks - 1n) : null;
  };
}

const date = (read: (date: Date) => Value): ScalarFunction => {
  return ([time]) => (isDatetime(time) ? read(new Date(milliseconds(time))) : null);
};
const epoch = (factor: number): ScalarFunction => {
  return ([value]) => (isNumber(value) ? atMilliseconds(Number(value) * factor) : null);
};

export const time: ScalarFunctions = {
  now: ([offset], { now }) => (offset ? calculate("+", now, offset, false) : now),
  ago: ([span], { now }) => calculate("-", now, span!, false),
  datetime_diff: difference,
  datetime_add: add,
  format_datetime: ([value, format]) => (isDatetime(value) ? formatDatetime(value, text(format)) : ""),
  startofday: start("day"),
  startofweek: start("week"),
  startofmonth: start("month"),
  startofyear: start("year"),
  endofday: end("day"),
  endofweek: end("week"),
  endofmonth: end("month"),
  endofyear: end("year"),
  dayofweek: date((one) => timespan(BigInt(one.getUTCDay()) * ticksOf.day!)),
  dayofmonth: date((one) => one.getUTCDate()),
  hourofday: date((one) => one.getUTCHours()),
  getmonth: date((one) => one.getUTCMonth() + 1),
  monthofyear: date((one) => one.getUTCMonth() + 1),
  getyear: date((one) => one.getUTCFullYear()),
  unixtime_seconds_todatetime: epoch(1000),
  unixtime_milliseconds_todatetime: epoch(1),
};
