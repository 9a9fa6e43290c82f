import type { Located } from "../../scope/scope.ts";
import { imageName } from "../digest/pushed.ts";
import { whereOf } from "./artifact-merge.ts";
import type { Artifact } from "./finding.ts";

/** An artifact as a message needs it: what it is called, and where it is. */
export type NamedArtifact = {
  key: string;
  kind: Artifact["kind"];
  image: string;
  where: Located[];
  registries: string[];
  clusters: string[];
  running: boolean;
  exposed: boolean;
};

export function namedArtifact(artifact: Artifact): NamedArtifact {
  const { key, kind, exposed } = artifact;
  return {
    key,
    kind,
    image: artifactName(artifact),
    where: distinct(whereOf(artifact)),
    registries: registriesOf(artifact).sort(),
    clusters: clustersOf(artifact).sort(),
    running: isRunning(artifact),
    exposed: exposed === true,
  };
}

/** `team/frontend:1.8`, the node pool, or the image as it was pulled: what a person recognises. */
export function artifactName({
  key,
  kind,
  name,
  places,
}: Pick<Artifact, "key" | "kind" | "name" | "places">): string {
  if (kind === "node-pool") return name || (key.split("/").at(-1) ?? key);
  // Of several places, the one that has a tag says most.
  const place = places.find(({ tags = [] }) => tags.length > 0) ?? places[0];
  return place ? imageName(place, key) : name || key;
}

/** Names of the registries that it lies in. */
export function registriesOf({ places }: Pick<Artifact, "places">): string[] {
  return [...new Set(places.map(({ registry }) => registry))];
}

type Running = Pick<Artifact, "uses" | "at">;

/** Names of the clusters that it runs in, as far as they are known; of a node pool its own. */
export function clustersOf(artifact: Running): string[] {
  return namesOf(artifact, ({ cluster }) => cluster ?? "");
}

/** Names clusters like `clustersOf`, with the subscription of those whose name another one of `all` has. */
export function clusterNamer(all: readonly Running[]): (artifact: Running) => string[] {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  const note = ({ cluster, subscription }: Located) => {
    if (!cluster) return;
    const id = first.get(cluster);
    if (id === undefined) first.set(cluster, subscription.id);
    else if (id !== subscription.id) shared.add(cluster);
  };
  for (const { uses, at } of all) {
    for (const use of uses) note(use);
    if (at) note(at);
  }
  if (shared.size === 0) return clustersOf;
  return (artifact) =>
    namesOf(artifact, ({ cluster = "", subscription }) =>
      shared.has(cluster) ? `${cluster} (${subscription.name})` : cluster,
    );
}

function namesOf({ uses, at }: Running, nameOf: (place: Located) => string): string[] {
  return [...new Set([...uses, ...(at ? [at] : [])].map(nameOf))].filter(Boolean);
}

/** True where a container of it runs, and for every node pool. */
export function isRunning({ kind, uses }: Pick<Artifact, "kind" | "uses">): boolean {
  return kind === "node-pool" || uses.length > 0;
}

/** Workloads by the hundred are one place where scopes are concerned. */
function distinct(places: readonly Located[]): Located[] {
  const named = new Map<string, Located>();
  for (const { subscription, resourceGroup, cluster, registry } of places) {
    const place: Located = {
      subscription: { id: subscription.id, name: subscription.name },
      ...(resourceGroup !== undefined && { resourceGroup }),
      ...(cluster !== undefined && { cluster }),
      ...(registry !== undefined && { registry }),
    };
    named.set(JSON.stringify(place), place);
  }
  return [...named.values()];
}
