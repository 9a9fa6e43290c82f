import { nearest } from "../../domain/likeness.ts";
import { allowedCluster, refusedTags } from "../../domain/simulations/preflight.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import type { Settings } from "../../settings/settings.ts";
import { refusal } from "./refusals.ts";

type Named = { id: string; name: string; resourceGroup?: string; subscription: { id: string; name: string } };

/** Clusters where the settings and their tags let simulations run. */
export function allowedClusters(
  clusters: readonly ClusterRef[],
  { clusters: allowed, refuseTags }: Settings["simulations"],
): ClusterRef[] {
  return clusters
    .filter(({ name, tags }) => allowedCluster(name, allowed) && refusedTags(tags, refuseTags).length === 0)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/**
 * The cluster that a word names, among those that may be used.
 * @throws UserError that says why another one may not be used, or which there are
 */
export function clusterNamed(
  word: string,
  clusters: readonly ClusterRef[],
  simulations: Settings["simulations"],
): ClusterRef {
  const allowed = allowedClusters(clusters, simulations);
  const fitting = matching(word, allowed);
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) throw refusal("ambiguous", { names: fitting.map(pathOf).join(", ") });
  const [other] = matching(word, clusters);
  if (!other) throw refusal("no-cluster", { word }, exampleOf(word, allowed));
  if (!allowedCluster(other.name, simulations.clusters))
    throw refusal("not-allowed", { word: other.name, names: simulations.clusters.join(", ") });
  const tags = refusedTags(other.tags, simulations.refuseTags);
  throw refusal("tagged", { word: other.name, names: tags.join(", ") });
}

/** @throws UserError where none or several of that name are in scope */
export function registryNamed(word: string, registries: readonly RegistryRef[]): RegistryRef {
  const fitting = registries.filter((one) => same(one.loginServer, word) || matching(word, [one]).length > 0);
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1) throw refusal("ambiguous", { names: fitting.map(pathOf).join(", ") });
  throw refusal("no-registry", { word });
}

/** How a form and a button name it: by name, or by `GROUP/NAME` and more where others share the name. */
export function wordFor<Target extends Named>(target: Target, all: readonly Target[]): string {
  const by = [target.name, pathOf(target)];
  return by.find((word) => matching(word, all).length === 1) ?? target.id;
}

function matching<Target extends Named>(word: string, all: readonly Target[]): Target[] {
  return all.filter((one) => [one.name, pathOf(one), one.id].some((known) => same(known, word)));
}

function pathOf({ resourceGroup, name }: Named): string {
  return resourceGroup ? `${resourceGroup}/${name}` : name;
}

function exampleOf(word: string, clusters: readonly ClusterRef[]): string {
  const near =
    nearest(
      word,
      clusters.map(({ name }) => name),
    ) ?? clusters[0]?.name;
  return near ? `simulate web-shell ${near}` : "simulate";
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
