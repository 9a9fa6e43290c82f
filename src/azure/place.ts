import { nameWithin, readResourceId } from "../domain/resource-id.ts";
import type { Located } from "../domain/scope/scope.ts";
import { capped } from "./fields.ts";

/** Subscription names by lower-case id. */
export type Names = ReadonlyMap<string, string>;

/** Where resource ids say that a thing lives; the first id that says something about a part counts. */
export function placeOf(ids: readonly string[], names: Names): Located {
  const read = ids.map((id) => readResourceId(id)).filter((one) => one !== undefined);
  const subscription = capped(read[0]?.subscription ?? "", 100);
  const first = <T>(pick: (id: (typeof read)[number]) => T | undefined) =>
    read.map(pick).find((one) => one !== undefined);
  const cluster = first(
    ({ id }) => nameWithin(id, "managedClusters", "connectedClusters") ?? nodeGroup(id)?.cluster,
  );
  const registry = first(({ id }) =>
    /microsoft\.containerregistry/i.test(id) ? nameWithin(id, "registries") : undefined,
  );
  const group = first(({ id, resourceGroup }) => nodeGroup(id)?.resourceGroup ?? resourceGroup);
  return {
    subscription: { id: subscription, name: names.get(subscription) ?? subscription },
    ...(group && { resourceGroup: spelled(group, names) }),
    ...(cluster && { cluster: spelled(cluster, names) }),
    ...(registry && { registry: spelled(registry, names) }),
  };
}

/** How the names of one reading were written when they were met first. */
const spellings = new WeakMap<Names, Map<string, string>>();

/**
 * A name as it was met first in the reading that `names` belongs to: Azure writes the same one in this letter case in
 * one row and in that in another, and whoever counts clusters would count it twice.
 */
function spelled(name: string, names: Names): string {
  const known = spellings.get(names) ?? new Map<string, string>();
  spellings.set(names, known);
  const key = name.toLowerCase();
  const written = known.get(key) ?? capped(name, 100);
  known.set(key, written);
  return written;
}

/**
 * The cluster that a resource group of nodes belongs to, `MC_group_cluster_region` [AKS docs, node resource group]; only
 * where neither name has an underscore, since otherwise it is unknown where one ends.
 */
function nodeGroup(id: string): { resourceGroup: string; cluster: string } | undefined {
  const group = nameWithin(id, "resourceGroups") ?? "";
  const [, resourceGroup, cluster] = /^mc_([^_]+)_([^_]+)_[^_]+$/i.exec(group) ?? [];
  return resourceGroup && cluster ? { resourceGroup, cluster } : undefined;
}
