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

/** Names of the clusters that it runs in, as far as they are known; of a node pool its own. */
export function clustersOf(artifact: Pick<Artifact, "uses" | "at">): string[] {
  return [...new Set(runningIn(artifact).map(({ cluster }) => cluster))];
}

type Running = Pick<Artifact, "uses" | "at">;
type InCluster = Located & { cluster: string };

function runningIn({ uses, at }: Running): InCluster[] {
  return [...uses, ...(at ? [at] : [])].filter((place): place is InCluster => Boolean(place.cluster));
}

/** Names clusters like `clustersOf`, with the subscription of those whose name another one of `all` has. */
export function clusterNamer(all: readonly Running[]): (artifact: Running) => string[] {
  const subscriptions = new Map<string, Set<string>>();
  for (const { cluster, subscription } of all.flatMap(runningIn)) {
    const ids = subscriptions.get(cluster.toLowerCase()) ?? new Set();
    subscriptions.set(cluster.toLowerCase(), ids.add(subscription.id.toLowerCase()));
  }
  const nameOf = ({ cluster, subscription }: InCluster) =>
    subscriptions.get(cluster.toLowerCase())!.size > 1 ? `${cluster} (${subscription.name})` : cluster;
  return (artifact) => [...new Set(runningIn(artifact).map(nameOf))];
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
