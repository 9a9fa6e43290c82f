import { isRecord, type Json } from "../object.ts";
import { elementName, isAtomic, isSet, listKeys } from "./lists.ts";

/** A path is its steps (`f:spec`, `k:{"name":"a"}`, `v:"x"`), joined by NUL. */
export type Paths = Set<string>;

const separator = "\0";
/** What names an object has no owner. */
const identity = [["apiVersion"], ["kind"], ["status"]];
const identityMeta =
  "name namespace uid resourceVersion generation creationTimestamp managedFields generateName".split(" ");

export const steps = (path: string) => path.split(separator);

/** The leaves of an object that a manager may own, and the elements of its lists. */
export function pathsOf(object: Json): Paths {
  const paths: Paths = new Set();
  for (const [field, value] of Object.entries(object)) {
    if (identity.some(([one]) => one === field)) continue;
    if (field !== "metadata") visit(value, field, [`f:${field}`], paths);
    else if (isRecord(value))
      for (const [inner, meta] of Object.entries(value))
        if (!identityMeta.includes(inner)) visit(meta, inner, ["f:metadata", `f:${inner}`], paths);
  }
  return paths;
}

function visit(value: unknown, field: string, path: string[], paths: Paths) {
  if (value === undefined) return;
  if (isRecord(value) && !isAtomic(field) && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) visit(inner, key, [...path, `f:${key}`], paths);
    return;
  }
  if (!Array.isArray(value) || value.length === 0) return void paths.add(path.join(separator));
  const keys = listKeys(field, value);
  if (keys)
    for (const element of value.filter(isRecord)) {
      const own = [...path, elementName(element, keys)];
      paths.add([...own, "."].join(separator));
      for (const [key, inner] of Object.entries(element)) visit(inner, key, [...own, `f:${key}`], paths);
    }
  else if (isSet(field))
    for (const one of value) paths.add([...path, `v:${JSON.stringify(one)}`].join(separator));
  else paths.add(path.join(separator));
}

/** The value at a path; undefined where there is none. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of steps(path)) {
    if (step === ".") continue;
    if (step.startsWith("f:")) value = isRecord(value) ? value[step.slice(2)] : undefined;
    else if (!Array.isArray(value)) return undefined;
    else if (step.startsWith("v:")) value = value.find((one) => JSON.stringify(one) === step.slice(2));
    else {
      const names = Object.keys(JSON.parse(step.slice(2)) as Json);
      value = value.find((one) => isRecord(one) && elementName(one, names) === step);
    }
  }
  return value;
}

/** FieldsV1 of paths, as `metadata.managedFields` has it. */
export function toFields(paths: Paths): Json {
  const tree: Json = {};
  for (const path of paths) {
    let inner = tree;
    for (const step of steps(path)) {
      inner[step] ??= {};
      inner = inner[step] as Json;
    }
  }
  return tree;
}

export function fromFields(tree: Json, before: string[] = []): Paths {
  const paths: Paths = new Set();
  for (const [step, inner] of Object.entries(tree)) {
    const path = [...before, step];
    if (isRecord(inner) && Object.keys(inner).length > 0)
      for (const one of fromFields(inner, path)) paths.add(one);
    else paths.add(path.join(separator));
  }
  return paths;
}

/** `.spec.containers[name="web"].image`, as conflicts name it. */
export function shownPath(path: string): string {
  return steps(path)
    .map((step) => {
      if (step === ".") return "";
      if (step.startsWith("f:")) return `.${step.slice(2)}`;
      if (step.startsWith("v:")) return `[=${step.slice(2)}]`;
      const keys = Object.entries(JSON.parse(step.slice(2)) as Json);
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
    })
    .join("");
}
