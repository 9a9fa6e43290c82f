import { bin } from "../arithmetic.ts";
import { isNumber } from "../values.ts";
import type { ScalarFunctions } from "./index.ts";

export const numbers: ScalarFunctions = {
  bin: ([value, size]) => bin(value!, size!),
  floor: ([value, size]) => bin(value!, size ?? 1),
  round: ([value, digits]) => {
    if (!isNumber(value)) return null;
    const factor = 10 ** (isNumber(digits) ? Number(digits) : 0);
    return Math.round(Number(value) * factor) / factor;
  },
};
