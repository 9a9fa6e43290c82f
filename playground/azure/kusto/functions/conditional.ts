import { order, text, truth, type Value } from "../values.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const iff: ScalarFunction = ([test, yes, no]) => (truth(test!) ? yes! : no!);

function choose(args: Value[]): Value {
  for (let index = 0; index + 1 < args.length; index += 2) if (truth(args[index]!)) return args[index + 1]!;
  return args.at(-1)!;
}

function extreme(args: Value[], sign: number): Value {
  let best: Value = null;
  for (const one of args)
    if (one !== null && (best === null || (order(one, best) ?? 0) * sign > 0)) best = one;
  return best;
}

/** Null tests look at the static type: a string is never null, only empty. */
const isNull: ScalarFunction = ([value], { types }) => types[0] !== "string" && value === null;
const isEmpty: ScalarFunction = ([value]) => text(value) === "";

export const conditional: ScalarFunctions = {
  iff,
  iif: iff,
  case: choose,
  not: ([value]) => {
    const known = truth(value!);
    return known === null ? null : !known;
  },
  coalesce: (args) => args.find((one) => one !== null && one !== "") ?? args.at(-1) ?? null,
  min_of: (args) => extreme(args, -1),
  max_of: (args) => extreme(args, 1),
  isnull: isNull,
  isnotnull: (args, context) => !isNull(args, context),
  notnull: (args, context) => !isNull(args, context),
  isempty: isEmpty,
  isnotempty: (args, context) => !isEmpty(args, context),
  notempty: (args, context) => !isEmpty(args, context),
};
