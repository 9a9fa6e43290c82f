import type { Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import { allowedCluster, refusedTags } from "../../domain/simulations/preflight.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import { commandLine } from "../../message/line.ts";
import { nearest } from "../../text/likeness.ts";
import { notFound, refusal } from "./refusals.ts";

type Named = { id: string; name: string; resourceGroup?: string; subscription: { id: string; name: string } };

/** Clusters on which settings and tags allow simulations. */
export function allowedClusters(
  clusters: readonly ClusterRef[],
  { clusters: allowed, refuseTags }: Settings["simulations"],
): ClusterRef[] {
  return clusters
    .filter(({ name, tags }) => allowedCluster(name, allowed) && refusedTags(tags, refuseTags).length === 0)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en"));
}

/**
 * The allowed cluster with this name.
 * @throws UserError that says why it can't be used
 */
export function findCluster(
  word: string,
  clusters: readonly ClusterRef[],
  simulations: Settings["simulations"],
  unread: readonly Unread[] = [],
): ClusterRef {
  const allowed = allowedClusters(clusters, simulations);
  const matches = matching(word, allowed);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) throw refusal("ambiguous", { names: matches.map(pathOf).join(", ") });
  const [other] = matching(word, clusters);
  if (!other) throw notFound("no-cluster", word, { unread, example: exampleOf(word, allowed) });
  if (!allowedCluster(other.name, simulations.clusters))
    throw refusal("not-allowed", { word: other.name, names: simulations.clusters.join(", ") });
  const tags = refusedTags(other.tags, simulations.refuseTags);
  throw refusal("tagged", { word: other.name, names: tags.join(", ") });
}

/** @throws UserError if none or several of that name are in scope */
export function findRegistry(
  word: string,
  registries: readonly RegistryRef[],
  unread: readonly Unread[] = [],
): RegistryRef {
  const matches = registries.filter((one) => same(one.loginServer, word) || matching(word, [one]).length > 0);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) throw refusal("ambiguous", { names: matches.map(pathOf).join(", ") });
  const near = nearest(
    word,
    registries.map(({ name }) => name),
  );
  const example = near && commandLine(["simulate", "vulnerable-image"], { registry: near });
  throw notFound("no-registry", word, { unread, ...(example && { example }) });
}

/** The shortest unique name: `NAME`, `GROUP/NAME`, or the resource ID. */
export function uniqueName<Target extends Named>(target: Target, all: readonly Target[]): string {
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
