import { bin } from "../arithmetic.ts";
import { isNumber, type Value } from "../values.ts";
import type { ScalarFunctions } from "./index.ts";

const real =
  (calculate: (...numbers: number[]) => number) =>
  (args: Value[]): Value => {
    if (!args.every(isNumber)) return null;
    const result = calculate(...args.map(Number));
    return Number.isFinite(result) ? result : null;
  };

export const numbers: ScalarFunctions = {
  bin: ([value, size]) => bin(value!, size!),
  floor: ([value, size]) => bin(value!, size ?? 1),
  ceiling: real(Math.ceil),
  abs: real(Math.abs),
  sign: real(Math.sign),
  sqrt: real(Math.sqrt),
  exp: real(Math.exp),
  log: real(Math.log),
  log2: real(Math.log2),
  log10: real(Math.log10),
  pow: real((base = 0, exponent = 0) => base ** exponent),
  round: real((value = 0, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits),
};
