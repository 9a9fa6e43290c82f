import type { Located } from "../../scope/scope.ts";
import type { Artifact, ImagePlace, ImageUse } from "./finding.ts";
import { packAscending, unpackAscending } from "./varint.ts";

/**
 * An artifact as it lies in memory and in the store. `about`: everything that seldom changes, as JSON with its parts in
 * a fixed order, so that equal artifacts have equal texts; `scanned` changes every day and is kept apart.
 */
export type ArtifactRecord = {
  key: string;
  about: string;
  /** Seconds since 1970; 0 where no model says so. */
  scanned: number;
  /** Ids of the dictionary: see `packAscending`. */
  packed: Uint8Array;
};

/** What `about` holds; what is empty is left out. */
export type About = {
  node?: 1;
  name?: string;
  places?: ImagePlace[];
  uses?: ImageUse[];
  at?: Located;
  models?: Artifact["models"];
  exposed?: boolean;
  exempted?: number;
  disabled?: number;
  closed?: number[];
  stale?: string;
  partial?: boolean;
};

export function recordOf(artifact: Artifact): ArtifactRecord {
  const { key, kind, name, places, uses, at, models, exposed } = artifact;
  const { exempted, disabled, closed = [], stale, partial } = artifact;
  const about: About = {
    ...(kind === "node-pool" && { node: 1 }),
    name,
    ...(places.length > 0 && { places: places.map(placeInOrder).sort(byText) }),
    ...(uses.length > 0 && { uses: uses.map(useInOrder).sort(byText) }),
    ...(at && { at: whereInOrder(at) }),
    models: models.toSorted(),
    ...(exposed !== undefined && { exposed }),
    ...(exempted > 0 && { exempted }),
    ...(disabled > 0 && { disabled }),
    ...(closed.length > 0 && { closed }),
    ...(stale && { stale }),
    ...(partial && { partial }),
  };
  const seconds = Math.floor(Date.parse(artifact.scanned ?? "") / 1000);
  return {
    key,
    about: JSON.stringify(about),
    scanned: Math.max(seconds || 0, 0),
    packed: packAscending(artifact.findings),
  };
}

/** The record, made of the parts of an earlier one of the artifact where they are equal: those are in memory once. */
export function sharing(record: ArtifactRecord, before: ArtifactRecord | undefined): ArtifactRecord {
  if (before?.key !== record.key) return record;
  const packed = equalBytes(before.packed, record.packed) ? before.packed : record.packed;
  const about = before.about === record.about ? before.about : record.about;
  return { key: before.key, about, scanned: record.scanned, packed };
}

/** True where both hold the same bytes; at once where they are one. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

export function artifactOf({ key, about, scanned, packed }: ArtifactRecord): Artifact {
  const parsed = JSON.parse(about) as About;
  const {
    node,
    name = key,
    places = [],
    uses = [],
    at,
    models = [],
    exposed,
    closed,
    stale,
    partial,
  } = parsed;
  return {
    key,
    kind: node ? "node-pool" : "image",
    name,
    places,
    uses,
    ...(at && { at }),
    models,
    ...(scanned > 0 && { scanned: new Date(scanned * 1000).toISOString() }),
    ...(exposed !== undefined && { exposed }),
    exempted: parsed.exempted ?? 0,
    disabled: parsed.disabled ?? 0,
    ...(closed && { closed }),
    findings: unpackAscending(packed),
    ...(stale && { stale }),
    ...(partial && { partial }),
  };
}

function whereInOrder({ subscription, resourceGroup, cluster, registry }: Located): Located {
  return {
    subscription: { id: subscription.id, name: subscription.name },
    ...(resourceGroup !== undefined && { resourceGroup }),
    ...(cluster !== undefined && { cluster }),
    ...(registry !== undefined && { registry }),
  };
}

function placeInOrder(place: ImagePlace): ImagePlace {
  const { registry, repository, tags, pushed } = place;
  return {
    ...whereInOrder(place),
    registry,
    repository,
    ...(tags && { tags: tags.toSorted() }),
    ...(pushed && { pushed }),
  };
}

function useInOrder(use: ImageUse): ImageUse {
  const { cluster, namespace, workload, container } = use;
  return { ...whereInOrder(use), cluster, namespace, workload, container };
}

function byText(a: object, b: object): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
