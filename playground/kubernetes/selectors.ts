import { at, type KubeObject } from "./object.ts";
import { badRequest } from "./status.ts";

export type Selects = (object: KubeObject) => boolean;

/** `a=b,c!=d,e in (f,g),h,!i` [Kubernetes documentation, "Labels and Selectors"]. Throws a refusal for what is none. */
export function labelSelector(text: string): Selects {
  const parts = text.match(/[^,(]+(\([^)]*\))?[^,]*/g) ?? [];
  const all = parts.map((part) => requirement(part.trim()));
  return ({ metadata }) => all.every((one) => one(metadata.labels ?? {}));
}

function requirement(part: string): (labels: Record<string, string>) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set) {
    const values = set[3]!.split(",").map((value) => value.trim());
    return set[2] === "in"
      ? (labels) => values.includes(labels[set[1]!] ?? "\0")
      : (labels) => !values.includes(labels[set[1]!] ?? "\0");
  }
  const equal = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
  if (equal) {
    const [, key = "", sign, value] = equal;
    return (labels) => (labels[key] === value) === (sign !== "!=");
  }
  const exists = /^(!?)\s*([\w./-]+)$/.exec(part);
  if (!exists) throw badRequest(`unable to parse requirement: <nil>: Invalid value: "${part}"`);
  return (labels) => exists[2]! in labels === (exists[1] === "");
}

const fields: Record<string, readonly string[]> = {
  Pod: ["spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.phase", "status.podIP"],
  Event: [
    "involvedObject.kind",
    "involvedObject.name",
    "involvedObject.namespace",
    "involvedObject.uid",
    "reason",
    "type",
  ],
  Namespace: ["status.phase"],
  Node: ["spec.unschedulable"],
};

/** `metadata.name=x,status.phase!=Running`; only the fields that the kind supports. */
export function fieldSelector(kind: string, text: string): Selects {
  const known = ["metadata.name", "metadata.namespace", ...(fields[kind] ?? [])];
  const all = text
    .split(",")
    .filter(Boolean)
    .map((part): Selects => {
      const [, field = "", sign = "=", value = ""] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim()) ?? [];
      if (!known.includes(field)) throw badRequest(`field label not supported: ${field || part}`);
      const path = field.split(".");
      const last = path.pop() ?? "";
      return (object) => (String(at(object, ...path)[last] ?? "") === value) === (sign !== "!=");
    });
  return (object) => all.every((one) => one(object));
}
