import type { Datetime } from "../times.ts";
import type { Value } from "../values.ts";
import { conditional } from "./conditional.ts";
import { conversion } from "./conversion.ts";
import { dynamic } from "./dynamic.ts";
import { hashing } from "./hashing.ts";
import { numbers } from "./numbers.ts";
import { strings } from "./strings.ts";
import { time } from "./time.ts";

/** One scalar function: values in, value out; `types` are the static types of the arguments. */
export type ScalarFunction = (args: Value[], context: { now: Datetime; types: string[] }) => Value;
export type ScalarFunctions = Record<string, ScalarFunction>;

/** The scalar functions that the evaluator knows, by name in lower case [Kusto docs, scalar functions]. */
export const functions: ScalarFunctions = Object.assign(
  Object.create(null),
  conditional,
  conversion,
  dynamic,
  hashing,
  numbers,
  strings,
  time,
);
