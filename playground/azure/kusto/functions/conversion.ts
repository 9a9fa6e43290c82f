import { long } from "../arithmetic.ts";
import { isDatetime, isTimespan, parseDatetime, parseTimespan } from "../times.ts";
import { isNumber, text, type Value } from "../values.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

function whole(value: Value, bits: number): Value {
  if (typeof value === "boolean") return Number(value);
  if (isDatetime(value) || isTimespan(value)) return long(value.ticks);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (typeof value === "string" && !/^\s*[-+]?(\d+|0x[\da-f]+)\s*$/i.test(value)) return null;
  if (typeof value !== "string" && !isNumber(value)) return null;
  const trimmed = typeof value === "string" ? value.trim().replace(/^\+/, "") : value;
  const made = BigInt(typeof trimmed === "number" ? Math.trunc(trimmed) : trimmed);
  return BigInt.asIntN(bits, made) === made ? long(made) : null;
}

const toLong: ScalarFunction = ([value]) => whole(value!, 64);
const toInt: ScalarFunction = ([value]) => whole(value!, 32);
const toReal: ScalarFunction = ([value]) => {
  if (isNumber(value)) return Number(value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
};

const toBool: ScalarFunction = ([value]) => {
  if (typeof value === "boolean") return value;
  if (isNumber(value)) return Number(value) !== 0;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : null;
};

/** Text that is not JSON stays the string that it is [Kusto docs, parse_json()]. */
const parseJson: ScalarFunction = ([value]) => {
  if (typeof value !== "string") return value!;
  if (value.trim() === "") return null;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
};

const guidShape = /^\{?([\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12})\}?$/i;

export const conversion: ScalarFunctions = {
  tostring: ([value]) => text(value),
  tolong: toLong,
  toint: toInt,
  todouble: toReal,
  toreal: toReal,
  todecimal: toReal,
  tobool: toBool,
  toboolean: toBool,
  todatetime: ([value]) => {
    if (isDatetime(value)) return value;
    return typeof value === "string" ? parseDatetime(value) : null;
  },
  totimespan: ([value]) => {
    if (isTimespan(value)) return value;
    return typeof value === "string" ? parseTimespan(value) : null;
  },
  toguid: ([value]) => guidShape.exec(text(value))?.[1]?.toLowerCase() ?? null,
  parse_json: parseJson,
  parsejson: parseJson,
  todynamic: parseJson,
  toobject: parseJson,
};
