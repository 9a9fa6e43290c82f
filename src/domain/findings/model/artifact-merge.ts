import type { Located } from "../../scope/scope.ts";
import type { Artifact, ImagePlace, ImageUse, SeenArtifact } from "./finding.ts";

/** A repository, whatever the letter case. */
export function repositoryKey({ registry, repository }: Pick<ImagePlace, "registry" | "repository">): string {
  return `${registry}|${repository}`.toLowerCase();
}

export function useKey({ subscription, cluster, namespace, workload, container }: ImageUse): string {
  return [subscription.id, cluster, namespace, workload, container].join("|").toLowerCase();
}

/** One artifact as two rows tell of it, in whatever order they come. */
export function mergeSeen(a: SeenArtifact, b: SeenArtifact): SeenArtifact {
  const exposed = a.exposed || b.exposed || (a.exposed ?? b.exposed);
  const scanned = later(a.scanned, b.scanned);
  const at = a.at && b.at ? first(a.at, b.at) : (a.at ?? b.at);
  return {
    key: a.key,
    kind: a.kind === "node-pool" ? a.kind : b.kind,
    name: (a.name && (!b.name || a.name < b.name) ? a : b).name,
    places: mergePlaces(a.places, b.places),
    uses: mergeUses(a.uses, b.uses),
    ...(at && { at }),
    ...(scanned && { scanned }),
    ...(exposed !== undefined && { exposed }),
  };
}

/** Each repository once; the latest time of a push is that of the artifact there. */
export function mergePlaces(a: readonly ImagePlace[], b: readonly ImagePlace[]): ImagePlace[] {
  const places = new Map<string, ImagePlace>();
  for (const place of [...a, ...b]) {
    const key = repositoryKey(place);
    const before = places.get(key);
    if (!before) places.set(key, place);
    else {
      const { pushed: _one, ...rest } = before;
      const { pushed: _other, ...others } = place;
      const pushed = later(before.pushed, place.pushed);
      places.set(key, { ...first(rest, others), ...(pushed && { pushed }) });
    }
  }
  return [...places.values()];
}

export function mergeUses(a: readonly ImageUse[], b: readonly ImageUse[]): ImageUse[] {
  const uses = new Map<string, ImageUse>();
  for (const use of [...a, ...b]) {
    const before = uses.get(useKey(use));
    uses.set(useKey(use), before ? first(before, use) : use);
  }
  return [...uses.values()];
}

/** Every place, use and the pool's own place: where the artifact is, for scopes. */
export function whereOf({ places, uses, at }: Pick<Artifact, "places" | "uses" | "at">): Located[] {
  return [...places, ...uses, ...(at ? [at] : [])];
}

/** ISO times may have decimals: compared as times. */
export function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [left, right] = [Date.parse(a) || 0, Date.parse(b) || 0];
  return left > right || (left === right && a <= b) ? a : b;
}

/** A choice that does not hang on the order. */
function first<T extends object>(a: T, b: T): T {
  return JSON.stringify(a) <= JSON.stringify(b) ? a : b;
}
