import { isRecord, type Json } from "../object.ts";
import { elementName, isAtomic, isSet, listKeys } from "./lists.ts";
import { steps } from "./paths.ts";

/** `patch` over `live`: records and keyed lists are merged, everything else is replaced. */
export function merge(live: unknown, patch: unknown, field = ""): unknown {
  if (isRecord(patch)) {
    if (isAtomic(field)) return patch;
    const merged: Json = isRecord(live) ? { ...live } : {};
    for (const [key, value] of Object.entries(patch)) merged[key] = merge(merged[key], value, key);
    return merged;
  }
  if (!Array.isArray(patch) || !Array.isArray(live)) return patch;
  if (isSet(field)) return [...live, ...patch.filter((one) => !live.includes(one))];
  const keys = listKeys(field, [...live, ...patch]);
  if (!keys) return patch;
  const merged: unknown[] = [...live];
  for (const element of patch.filter(isRecord)) {
    const name = elementName(element, keys);
    const place = merged.findIndex((one) => isRecord(one) && elementName(one, keys) === name);
    if (place < 0) merged.push(element);
    else merged[place] = merge(merged[place], element);
  }
  return merged;
}

/** The object without what lies at a path; records that become empty go with it. */
export function without(object: Json, path: string): Json {
  const removed = cut(object, steps(path));
  return isRecord(removed) ? removed : {};
}

function cut(value: unknown, [step, ...rest]: string[]): unknown {
  if (step === undefined || step === ".") return undefined;
  if (step.startsWith("f:")) {
    if (!isRecord(value)) return value;
    const { [step.slice(2)]: inner, ...others } = value;
    const left = inner === undefined ? undefined : cut(inner, rest);
    const kept = left === undefined ? others : { ...value, [step.slice(2)]: left };
    return Object.keys(kept).length === 0 ? undefined : kept;
  }
  if (!Array.isArray(value)) return value;
  if (step.startsWith("v:")) return filled(value.filter((one) => JSON.stringify(one) !== step.slice(2)));
  const names = Object.keys(JSON.parse(step.slice(2)) as Json);
  const left = value.map((one) => (isRecord(one) && elementName(one, names) === step ? cut(one, rest) : one));
  return filled(left.filter((one) => one !== undefined));
}

const filled = (list: unknown[]) => (list.length > 0 ? list : undefined);
