import { type Datetime, datetimeText, isDatetime, isTimespan, type Timespan, timespanText } from "./times.ts";

/** A value inside a dynamic: plain JSON. */
export type Dynamic = { [key: string]: unknown } | unknown[];
/** A cell of a row. A string is never null in Kusto: the empty string takes its place. `bigint` is a long over 2^53. */
export type Value = string | number | bigint | boolean | null | Datetime | Timespan | Dynamic;
/** A cell may be a thunk: properties are only converted for rows that a query looks into. */
export type Cell = Value | (() => Value);
export type Row = Cell[];

/** Reads a cell, converting it for good at the first look. */
export function cell(row: Row, index: number): Value {
  const value = row[index];
  if (typeof value !== "function") return value ?? null;
  const made = value();
  row[index] = made;
  return made;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !isDatetime(value) &&
    !isTimespan(value)
  );
}

/** `tostring()`: null becomes the empty string, dynamic objects become JSON [Kusto docs, tostring()]. */
export function text(value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isDatetime(value)) return datetimeText(value);
  if (isTimespan(value)) return timespanText(value);
  if (typeof value === "object") return json(value);
  return String(value);
}

/** JSON of a value; longs beyond 2^53 keep their digits, times become text. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_, one) => plain(one)) ?? "null";
}

/** What a time or a large long looks like in an answer's JSON; everything else stays. */
export function plain(one: unknown): unknown {
  if (typeof one === "bigint")
    return (JSON as unknown as { rawJSON(t: string): unknown }).rawJSON(String(one));
  if (isDatetime(one)) return datetimeText(one);
  if (isTimespan(one)) return timespanText(one);
  return one;
}

export function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** A value by which equal values are equal, for keys of groups, joins and sets. */
export function identity(value: Value): string {
  if (typeof value === "string") return `s${value}`;
  if (isNumber(value)) return `n${value}`;
  return `${value === null ? "z" : typeof value === "boolean" ? "b" : "o"}${text(value)}`;
}

/** Orders two values of one type; undefined where they cannot be compared (null, or types that differ). */
export function order(left: Value, right: Value): number | undefined {
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if ((isDatetime(left) && isDatetime(right)) || (isTimespan(left) && isTimespan(right)))
    return left.ticks < right.ticks ? -1 : left.ticks > right.ticks ? 1 : 0;
  return undefined;
}

/**
 * `==`: null for two nulls, false for null and something [Kusto docs, "Null values"]. Dynamic objects and arrays
 * are equal when their JSON is.
 */
export function equal(left: Value, right: Value): boolean | null {
  if (left === null || right === null) return left === right ? null : false;
  const ordered = order(left, right);
  if (ordered !== undefined) return ordered === 0;
  return typeof left === "object" && typeof right === "object" && json(left) === json(right);
}

/** A value as Kusto's three-valued bool. */
export const truth = (value: Value): boolean | null =>
  typeof value === "boolean" ? value : isNumber(value) ? Number(value) !== 0 : null;
