/** The metadata of an object, as far as the stand-in works with it. */
export type Meta = {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: Owner[];
  managedFields?: ManagedFields[];
};
export type Owner = {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
};
export type ManagedFields = {
  manager: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: Json;
};
export type Json = Record<string, unknown>;
/** Any object of the cluster. What the store holds is never changed in place: a change is a new object. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  spec?: Json;
  status?: Json;
  [field: string]: unknown;
};

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A record at a path, or an empty one. */
export function at(value: unknown, ...path: string[]): Json {
  const target = path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
  return isRecord(target) ? target : {};
}

/** A list at a path, or an empty one. */
export function listAt(value: unknown, ...path: string[]): Json[] {
  const last = path.at(-1) ?? "";
  const target = at(value, ...path.slice(0, -1))[last];
  return Array.isArray(target) ? target.filter(isRecord) : [];
}

/** Kubernetes' times have seconds. */
export const kubeTime = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;
