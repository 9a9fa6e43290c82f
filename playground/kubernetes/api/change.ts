import { isDeepStrictEqual } from "node:util";
import { admit } from "../admission.ts";
import type { Cluster } from "../cluster.ts";
import { withDefaults } from "../defaults.ts";
import type { Manager } from "../fields/managers.ts";
import type { Json, KubeObject } from "../object.ts";
import { conflict } from "../status.ts";
import { validate } from "../validate.ts";
import { immutable } from "./immutable.ts";
import { type ApiAnswer, type ApiRequest, isDryRun, type Target } from "./request.ts";

/** What a patch makes of an object, as far as it may. One that changes nothing leaves the version alone. */
export function change(
  cluster: Cluster,
  { kind }: Target,
  request: ApiRequest,
  live: KubeObject,
  next: KubeObject,
): ApiAnswer {
  const { name } = live.metadata;
  const asked = next.metadata?.resourceVersion;
  if (asked && asked !== live.metadata.resourceVersion)
    throw conflict(
      kind,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, generation } = live.metadata;
  const kept = {
    name,
    namespace: live.metadata.namespace,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    generation,
  };
  const whole = {
    ...next,
    status: live.status,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...next.metadata, ...dropUndefined(kept) },
  };
  const managed = withDefaults(whole as KubeObject, () => String(live.spec?.clusterIP ?? "None"));
  immutable(kind, live, managed);
  validate(kind, managed);
  admit(cluster.policies, managed);
  if (isDeepStrictEqual(unmanaged(managed), unmanaged(live)) && sameOwners(managed, live))
    return { status: 200, body: live };
  if (!isDeepStrictEqual(managed.spec, live.spec) && generation !== undefined)
    managed.metadata.generation = generation + 1;
  return stored(cluster, request, managed, 200);
}

const dropUndefined = (record: Json) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

function unmanaged(object: KubeObject) {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const sameOwners = (a: KubeObject, b: KubeObject) => {
  const owners = (one: KubeObject) => (one.metadata.managedFields ?? []).map(({ time: _, ...rest }) => rest);
  return isDeepStrictEqual(owners(a), owners(b));
};

export function stored(
  cluster: Cluster,
  { query }: ApiRequest,
  object: KubeObject,
  status: number,
): ApiAnswer {
  if (isDryRun(query)) return { status, body: object };
  const kept = cluster.objects.put(object);
  // What was marked as deleted goes when nothing holds it any longer.
  const over =
    kept.metadata.deletionTimestamp &&
    !kept.metadata.finalizers?.length &&
    kept.kind !== "Pod" &&
    kept.kind !== "Namespace";
  if (over) cluster.objects.drop(kept);
  return { status, body: kept };
}

export function managerOf({ query, agent }: ApiRequest, cluster: Cluster): Manager {
  const name = query.get("fieldManager") || agent.split("/")[0] || "unknown";
  return { name, force: query.get("force") === "true", now: cluster.now() };
}
