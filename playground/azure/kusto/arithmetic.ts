import { type Datetime, datetime, floorDivide, isDatetime, isTimespan, timespan } from "./times.ts";
import { isNumber, type Value } from "./values.ts";

/** A long as a number where it fits, else as a bigint. */
export function long(whole: bigint): number | bigint {
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

const isInteger = (value: number | bigint) => typeof value === "bigint" || Number.isInteger(value);

function integers(operator: string, left: bigint, right: bigint): Value {
  if (operator === "+") return long(BigInt.asIntN(64, left + right));
  if (operator === "-") return long(BigInt.asIntN(64, left - right));
  if (operator === "*") return long(BigInt.asIntN(64, left * right));
  if (right === 0n) return null;
  if (operator === "/") return long(left / right);
  // "The modulo of two numbers always returns a small non-negative number" [Kusto docs, numerical operators]
  const size = right < 0n ? -right : right;
  return long(((left % size) + size) % size);
}

function reals(operator: string, left: number, right: number): Value {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (operator === "/") return left / right;
  const size = Math.abs(right);
  return ((left % size) + size) % size;
}

function times(operator: string, left: Value, right: Value): Value {
  if (isDatetime(left) && isTimespan(right))
    return datetime(operator === "-" ? left.ticks - right.ticks : left.ticks + right.ticks);
  if (isTimespan(left) && isDatetime(right) && operator === "+") return datetime(left.ticks + right.ticks);
  if (isDatetime(left) && isDatetime(right) && operator === "-") return timespan(left.ticks - right.ticks);
  if (isTimespan(left) && isTimespan(right)) {
    if (operator === "/") return Number(left.ticks) / Number(right.ticks);
    return timespan(operator === "-" ? left.ticks - right.ticks : left.ticks + right.ticks);
  }
  const span = isTimespan(left) ? left : isTimespan(right) ? right : undefined;
  const factor = isNumber(left) ? left : isNumber(right) ? right : undefined;
  if (!span || factor === undefined) return null;
  const ticks = operator === "/" ? Number(span.ticks) / Number(factor) : Number(span.ticks) * Number(factor);
  return Number.isFinite(ticks) ? timespan(BigInt(Math.round(ticks))) : null;
}

/** `+ - * / %`; `whole` where both sides are integers by their types. Null with null, or where types do not fit. */
export function calculate(operator: string, left: Value, right: Value, whole: boolean): Value {
  if (left === null || right === null) return null;
  if (!isNumber(left) || !isNumber(right)) return times(operator, left, right);
  const small = typeof left === "number" && typeof right === "number";
  if (whole && isInteger(left) && isInteger(right)) {
    const quick = small && (operator === "+" || operator === "-") ? reals(operator, left, right) : null;
    if (typeof quick === "number" && Number.isSafeInteger(quick)) return quick;
    return integers(operator, BigInt(left), BigInt(right));
  }
  return reals(operator, Number(left), Number(right));
}

/** `bin()`: rounds down to a multiple of the size; numbers, times and timespans. */
export function bin(value: Value, size: Value): Value {
  if (isNumber(value) && isNumber(size)) {
    if (Number(size) === 0) return null;
    if (typeof value === "bigint" || typeof size === "bigint")
      return long(floorDivide(BigInt(value), BigInt(size)) * BigInt(size));
    return Math.floor(value / size) * size;
  }
  if (!isTimespan(size) || size.ticks === 0n || !(isDatetime(value) || isTimespan(value))) return null;
  const base = isDatetime(value) ? yearOne : 0n;
  const ticks = floorDivide(value.ticks - base, size.ticks) * size.ticks + base;
  return { kind: value.kind, ticks } as Datetime;
}

/** Kusto counts the bins of a datetime from the year 1, so that `bin(t, 7d)` starts on Mondays. */
const yearOne = BigInt(Date.UTC(2001, 0, 1)) * 10_000n - 730_485n * 864_000_000_000n;
