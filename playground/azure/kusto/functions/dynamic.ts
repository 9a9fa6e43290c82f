import { identity, isNumber, isObject, order, text, type Value } from "../values.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const list = (value: Value | undefined): Value[] | null => (Array.isArray(value) ? (value as Value[]) : null);

const pack: ScalarFunction = (args) => {
  const bag: Record<string, unknown> = {};
  for (let index = 0; index + 1 < args.length; index += 2) bag[text(args[index])] = args[index + 1];
  return bag;
};

function distinct(values: Value[]): Value[] {
  return [...new Map(values.map((one) => [identity(one), one])).values()];
}

const sorted =
  (sign: number): ScalarFunction =>
  ([value]) =>
    list(value)?.toSorted((a, b) => (order(a, b) ?? 0) * sign) ?? null;

/** Both ends count, and count from the end where negative [Kusto docs, array_slice()]. */
const slice: ScalarFunction = ([value, from, to]) => {
  const all = list(value);
  if (!all || !isNumber(from) || !isNumber(to)) return null;
  const place = (at: number) => (at < 0 ? all.length + at : at);
  return all.slice(Math.max(0, place(Number(from))), place(Number(to)) + 1);
};

export const dynamic: ScalarFunctions = {
  array_length: ([value]) => list(value)?.length ?? null,
  array_concat: (args) => args.flatMap((one) => list(one) ?? []),
  array_slice: slice,
  array_sort_asc: sorted(1),
  array_sort_desc: sorted(-1),
  array_index_of: ([value, wanted]) =>
    list(value)?.findIndex((one) => identity(one) === identity(wanted!)) ?? null,
  bag_keys: ([value]) => (isObject(value) ? Object.keys(value) : null),
  bag_has_key: ([value, key]) => isObject(value) && Object.hasOwn(value, text(key)),
  bag_merge: (args) => Object.assign({}, ...args.filter(isObject).reverse()),
  bag_pack: pack,
  pack,
  pack_dictionary: pack,
  pack_array: (args) => args,
  set_has_element: ([value, wanted]) =>
    list(value)?.some((one) => identity(one) === identity(wanted!)) ?? null,
  set_union: (args) => distinct(args.flatMap((one) => list(one) ?? [])),
  set_intersect: ([first, ...others]) =>
    distinct(
      (list(first) ?? []).filter((one) =>
        others.every((other) => list(other)?.some((two) => identity(two) === identity(one))),
      ),
    ),
  set_difference: ([first, ...others]) => {
    const gone = new Set(others.flatMap((one) => list(one) ?? []).map(identity));
    return distinct((list(first) ?? []).filter((one) => !gone.has(identity(one))));
  },
  gettype: ([value]) => {
    if (value === null || value === undefined) return "null";
    if (Array.isArray(value)) return "array";
    if (isObject(value)) return "dictionary";
    if (typeof value === "object") return (value as { kind: string }).kind;
    if (typeof value === "boolean") return "bool";
    return typeof value === "string" ? "string" : Number.isInteger(Number(value)) ? "long" : "real";
  },
};
