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
  const { key, kind, places, uses, at, exposed } = artifact;
  const clusters = [...uses.map(({ cluster }) => cluster), ...(at?.cluster ? [at.cluster] : [])];
  return {
    key,
    kind,
    image: nameOf(artifact),
    where: distinct(whereOf(artifact)),
    registries: [...new Set(places.map(({ registry }) => registry))].sort(),
    clusters: [...new Set(clusters)].sort(),
    running: kind === "node-pool" || uses.length > 0,
    exposed: exposed === true,
  };
}

/** `contoso/frontend:1.8`; a tag that says a version is better than `latest`. */
function nameOf({ key, kind, name, places }: Artifact): string {
  if (kind === "node-pool") return name || key;
  const place = places.find(({ tags = [] }) => tags.length > 0) ?? places[0];
  if (!place) return name || key;
  const tags = (place.tags ?? []).toSorted((a, b) => Number(a === "latest") - Number(b === "latest"));
  return imageName({ repository: place.repository, tags }, key);
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
