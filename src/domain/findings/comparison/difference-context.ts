import type { ChangeKind, Rebuilt } from "../digest/delta.ts";
import type { NamedArtifact } from "../model/artifact-name.ts";
import { artifactOf } from "../model/artifact-record.ts";
import type { Dictionary } from "../model/dictionary.ts";
import { type Artifact, packageMark, vulnerabilityKey } from "../model/finding.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { FirstRead } from "../reading/first-read.ts";
import { type FixedMemory, fixedHash } from "./fixed-before.ts";
import type { Lines } from "./lines.ts";

/** Changes of one kind in one artifact. `ids`: of the dictionary; `before`: the entry that each had before. */
export type Delta = {
  kind: ChangeKind;
  artifact: NamedArtifact;
  /** Digest of the image that was there before. */
  previous?: string;
  ids: number[];
  before?: number[];
};

/** What moved on, with the ids of what was fixed and added. */
export type RebuiltDelta = Omit<Rebuilt, "fixed" | "added"> & { fixed: number[]; added: number[] };

export type Difference = {
  deltas: Delta[];
  rebuilt: RebuiltDelta[];
  newImages: NamedArtifact[];
  goneImages: NamedArtifact[];
  /** What was fixed, each with its lines: see `fixedHash`. */
  fixed: number[];
};

/** What the parts of a comparison work with. */
export type Context = {
  before: Snapshot;
  after: Snapshot;
  dictionary: Dictionary;
  memory: FixedMemory;
  lineage: Lines;
  unknown: FirstRead;
  result: Difference;
};

export function put(result: Difference, delta: Delta): void {
  if (delta.ids.length > 0) result.deltas.push(delta);
}

/**
 * Of what is no longer open, what is fixed, and the rest. Nothing is where its package is closed now, by an exemption or
 * a disable rule, or where the estate had shrunk.
 * @param heirs what holds the line now
 */
export function fixedOf(
  removed: Iterable<number>,
  heirs: readonly Artifact[],
  { dictionary, after }: Pick<Context, "dictionary" | "after">,
): { fixed: number[]; others: number[] } {
  const closed = new Set(heirs.flatMap((heir) => heir.closed ?? []));
  const isFixed = (id: number) =>
    !after.head.accepted &&
    (closed.size === 0 || !closed.has(packageMark(dictionary.vulnerability(id)!.package)));
  const split = Map.groupBy(removed, isFixed);
  return { fixed: split.get(true) ?? [], others: split.get(false) ?? [] };
}

/** Notes what was fixed in these lines, so that it is known when it comes back. */
export function remember(
  ids: Iterable<number>,
  on: readonly string[],
  { dictionary, result }: Context,
): void {
  for (const id of ids) {
    const key = vulnerabilityKey(dictionary.vulnerability(id)!);
    for (const line of on) result.fixed.push(fixedHash(line, key));
  }
}

/** Records are sorted by their key. */
export function pick({ records }: Snapshot, key: string): Artifact {
  let [low, high] = [0, records.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return artifactOf(records[low]!);
}
