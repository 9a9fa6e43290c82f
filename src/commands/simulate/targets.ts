import type { Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import { allowedCluster, refusedTags } from "../../domain/simulations/preflight.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import { pathOf, type Target, targetsNamed } from "../../domain/simulations/targets.ts";
import { commandLine } from "../../message/line.ts";
import { nearest } from "../../text/likeness.ts";
import { notFound, refusal } from "./refusals.ts";

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
  const matches = targetsNamed(word, allowed);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) throw refusal("ambiguous", { names: matches.map(pathOf).join(", ") });
  const [other] = targetsNamed(word, clusters);
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
  const server = word.trim().toLowerCase();
  const matches = registries.filter(
    (one) => one.loginServer.toLowerCase() === server || targetsNamed(word, [one]).length > 0,
  );
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
export function uniqueName<One extends Target>(target: One, all: readonly One[]): string {
  const by = [target.name, pathOf(target)];
  return by.find((word) => targetsNamed(word, all).length === 1) ?? target.id;
}

function exampleOf(word: string, clusters: readonly ClusterRef[]): string {
  const near =
    nearest(
      word,
      clusters.map(({ name }) => name),
    ) ?? clusters[0]?.name;
  return near ? `simulate web-shell ${near}` : "simulate";
}
