import { isDeepStrictEqual } from "node:util";
import { isRecord, type Json } from "../object.ts";
import { badRequest } from "../status.ts";

/** JSON Patch [RFC 6902]. Throws a refusal where an operation cannot be done. */
export function jsonPatch(live: Json, operations: unknown): Json {
  if (!Array.isArray(operations))
    throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  const root = { value: structuredClone(live) as unknown };
  for (const operation of operations.filter(isRecord)) apply(root, operation);
  return root.value as Json;
}

const parts = (path: string) =>
  path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

function apply(root: { value: unknown }, operation: Json) {
  const path = ["value", ...parts(String(operation.path ?? ""))];
  const last = path.pop()!;
  const parent = path.reduce<unknown>((inner, part) => (inner as Json | undefined)?.[part], root);
  if (typeof parent !== "object" || parent === null) throw missing(operation);
  const from = () => {
    const way = ["value", ...parts(String(operation.from ?? ""))];
    return structuredClone(way.reduce<unknown>((inner, part) => (inner as Json | undefined)?.[part], root));
  };
  const fields = parent as Json;
  const there = Array.isArray(parent) ? Number(last) < parent.length : last in fields;
  switch (operation.op) {
    case "add":
      return put(parent, last, operation.value);
    case "copy":
      return put(parent, last, from());
    case "move": {
      const value = from();
      apply(root, { op: "remove", path: operation.from });
      return put(parent, last, value);
    }
    case "replace":
      if (!there) throw missing(operation);
      fields[last] = operation.value;
      return;
    case "remove":
      if (!there) throw missing(operation);
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete fields[last];
      return;
    case "test":
      if (isDeepStrictEqual(fields[last], operation.value)) return;
      throw badRequest(`testing path ${String(operation.path)} value failed`);
    default:
      throw badRequest(`unexpected kind: ${String(operation.op)}`);
  }
}

function put(parent: object, last: string, value: unknown) {
  if (!Array.isArray(parent)) (parent as Json)[last] = value;
  else if (last === "-") parent.push(value);
  else parent.splice(Number(last), 0, value);
}

const missing = (operation: Json) =>
  badRequest(
    `${String(operation.op)} operation does not apply: doc is missing path: "${String(operation.path)}": missing value`,
  );
