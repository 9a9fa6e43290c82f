import { identity, isObject, text, type Value } from "../values.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const list = (value: Value | undefined): Value[] | null => (Array.isArray(value) ? (value as Value[]) : null);

const pack: ScalarFunction = (args) => {
  const bag: Record<string, unknown> = {};
  for (let index = 0; index + 1 < args.length; index += 2) bag[text(args[index])] = args[index + 1];
  return bag;
};

export const dynamic: ScalarFunctions = {
  array_length: ([value]) => list(value)?.length ?? null,
  array_concat: (args) => args.flatMap((one) => list(one) ?? []),
  bag_keys: ([value]) => (isObject(value) ? Object.keys(value) : null),
  bag_pack: pack,
  pack,
  pack_dictionary: pack,
  pack_array: (args) => args,
  set_has_element: ([value, wanted]) =>
    list(value)?.some((one) => identity(one) === identity(wanted!)) ?? null,
};
