import { isRecord, type Json } from "../object.ts";

/** Lists whose elements have a key [Kubernetes API reference, "patch merge key"]; all others are replaced whole. */
const keys: Record<string, readonly string[]> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  volumeMounts: ["mountPath"],
  ownerReferences: ["uid"],
  conditions: ["type"],
  hostAliases: ["ip"],
};
/** Lists that are sets of plain values. */
const sets = ["finalizers"];
/** Records that are replaced whole. */
const atomic = ["selector", "matchLabels", "nodeSelector", "resources", "managedFields"];

/** The keys that tell the elements of a list apart; undefined where it is replaced whole. */
export function listKeys(field: string, list: readonly unknown[]): readonly string[] | undefined {
  if (field === "ports")
    return list.every((one) => isRecord(one) && "containerPort" in one)
      ? ["containerPort", "protocol"]
      : ["port", "protocol"];
  return keys[field];
}

export const isSet = (field: string) => sets.includes(field);
export const isAtomic = (field: string) => atomic.includes(field);

/** `k:{"name":"web"}`: how an element is named in a path; what is not given has the default of the schema. */
export function elementName(element: Json, names: readonly string[]): string {
  const chosen = names.map((name) => [name, element[name] ?? (name === "protocol" ? "TCP" : undefined)]);
  return `k:${JSON.stringify(Object.fromEntries(chosen))}`;
}
