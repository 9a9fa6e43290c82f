import { isDeepStrictEqual } from "node:util";
import { type Kind, qualified } from "../kinds.ts";
import { type Json, type KubeObject, kubeTime, type ManagedFields } from "../object.ts";
import { failed, refuse } from "../status.ts";
import { merge, without } from "./merge.ts";
import { fromFields, type Paths, pathsOf, shownPath, toFields, valueAt } from "./paths.ts";

export type Manager = { name: string; force: boolean; now: Date };

function entry(
  manager: Manager,
  operation: "Apply" | "Update",
  apiVersion: string,
  paths: Paths,
): ManagedFields {
  const time = kubeTime(manager.now);
  return {
    manager: manager.name,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: toFields(paths),
  };
}

const isOwn = (one: ManagedFields, manager: Manager) =>
  one.manager === manager.name && one.operation === "Apply";

const entriesOf = (object?: KubeObject) => object?.metadata.managedFields ?? [];

/**
 * Server-side apply [Kubernetes documentation, "Server-Side Apply"]: what the manager gives is merged, what it no longer
 * gives goes unless somebody else owns it, and what another manager owns with another value is a conflict (409)
 * unless forced. An object that says the same already comes back unchanged.
 */
export function applied(kind: Kind, live: KubeObject | undefined, patch: Json, manager: Manager): KubeObject {
  const wanted = pathsOf(patch);
  const apiVersion = String(patch.apiVersion);
  if (!live) {
    const made = structuredClone(patch) as KubeObject;
    made.metadata.managedFields = [entry(manager, "Apply", apiVersion, wanted)];
    return made;
  }
  let merged = merge(live, patch) as KubeObject;
  const others = entriesOf(live).filter((one) => !isOwn(one, manager));
  const taken = conflicts(others, wanted, live, merged);
  if (taken.length > 0 && !manager.force) throw conflicting(kind, live.metadata.name, taken);
  const before = entriesOf(live).find((one) => isOwn(one, manager));
  const theirs = others.map((one) => fromFields(one.fieldsV1));
  for (const path of before ? fromFields(before.fieldsV1) : [])
    if (!owns(wanted, path) && !theirs.some((paths) => owns(paths, path)))
      merged = without(merged, path) as KubeObject;
  const lost = new Set(taken.map(({ path }) => path));
  const left = others.map((one) => {
    const paths = [...fromFields(one.fieldsV1)].filter((path) => !lost.has(path));
    return { ...one, fieldsV1: toFields(new Set(paths)) };
  });
  const kept = left.filter((one) => Object.keys(one.fieldsV1).length > 0);
  const own = entry(manager, "Apply", apiVersion, wanted);
  const same = before && isDeepStrictEqual(before.fieldsV1, own.fieldsV1) ? before : own;
  return { ...merged, metadata: { ...merged.metadata, managedFields: [...kept, same] } };
}

/** After a create, update or patch: who changed a field owns it. */
export function updated(live: KubeObject | undefined, next: KubeObject, manager: Manager): KubeObject {
  const paths = pathsOf(next);
  const changed = new Set(
    [...paths].filter((path) => !live || !isDeepStrictEqual(valueAt(live, path), valueAt(next, path))),
  );
  const own = entriesOf(live).find((one) => one.manager === manager.name && one.operation === "Update");
  const mine = new Set(
    [...(own ? fromFields(own.fieldsV1) : []), ...changed].filter((path) => paths.has(path)),
  );
  const others = entriesOf(live)
    .filter((one) => one !== own)
    .map((one) => {
      const left = [...fromFields(one.fieldsV1)].filter((path) => paths.has(path) && !changed.has(path));
      return { ...one, fieldsV1: toFields(new Set(left)) };
    })
    .filter((one) => Object.keys(one.fieldsV1).length > 0);
  const entries = mine.size > 0 ? [...others, entry(manager, "Update", next.apiVersion, mine)] : others;
  return { ...next, metadata: { ...next.metadata, managedFields: entries } };
}

/** What was empty and owned as a whole may be filled now: then something below it is owned. */
const owns = (paths: Paths, path: string) =>
  paths.has(path) || [...paths].some((one) => one.startsWith(`${path}\0`));

type Taken = { manager: ManagedFields; path: string };

function conflicts(others: ManagedFields[], wanted: Paths, live: KubeObject, merged: KubeObject): Taken[] {
  return others.flatMap((manager) =>
    [...fromFields(manager.fieldsV1)]
      .filter((path) => wanted.has(path) && !path.endsWith("\0."))
      .filter((path) => !isDeepStrictEqual(valueAt(live, path), valueAt(merged, path)))
      .map((path) => ({ manager, path })),
  );
}

function conflicting(kind: Kind, name: string, taken: Taken[]) {
  const causes = taken.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${manager.manager}"${manager.operation === "Update" ? ` using ${manager.apiVersion}` : ""}`,
    field: shownPath(path),
  }));
  const [first] = causes;
  const plural = causes.length === 1 ? "1 conflict" : `${causes.length} conflicts`;
  const said =
    causes.length === 1
      ? `${plural}: ${first!.message}: ${first!.field}`
      : `${plural}: ${causes.map(({ message, field }) => `${message}: ${field}`).join("\n")}`;
  return refuse(
    failed(409, "Conflict", `Apply failed with ${said}`, { name, kind: qualified(kind), causes }),
  );
}
