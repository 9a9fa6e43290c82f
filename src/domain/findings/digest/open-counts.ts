import type { Located } from "../../scope/scope.ts";
import { severities } from "../../severity.ts";
import { whereOf } from "../model/artifact-merge.ts";
import type { Artifact } from "../model/finding.ts";
import type { SeverityCounts, Snapshot } from "../model/snapshot.ts";
import type { PlaceCount } from "./delta.ts";
import { type DigestFilter, passing, severityBit } from "./digest-filter.ts";

/** What a filter lets through of the open findings, and where they are. */
export type OpenCounts = { open: SeverityCounts; places: Map<string, PlaceCount> };

/** One pass over the snapshot for all filters; each finding counts once for its artifact, and once in each place. */
export async function countOpen(
  snapshot: Snapshot,
  filters: readonly DigestFilter[],
): Promise<Map<DigestFilter, OpenCounts>> {
  const counts = new Map(
    filters.map((filter) => [filter, { open: {}, places: new Map() } as OpenCounts] as const),
  );
  const severityOf = severitiesById(snapshot);
  const here = new Uint32Array(severities.length);
  for await (const artifact of snapshot.artifacts()) {
    here.fill(0);
    for (const id of artifact.findings) {
      const severity = severityOf[id]!;
      here[severity] = here[severity]! + 1;
    }
    const where = whereOf(artifact);
    for (const [filter, { open, places }] of counts) {
      const bits = passing(filter, where);
      if (bits === 0) continue;
      add(open, here, bits);
      for (const [kind, name, parts] of placesOf(artifact)) {
        const inside = passing(filter, parts);
        if (inside === 0) continue;
        add(placeCount(places, kind, name).open, here, inside);
      }
    }
  }
  return counts;
}

/** The count of a place, made where it is not there yet. */
export function placeCount(
  places: Map<string, PlaceCount>,
  kind: PlaceCount["kind"],
  name: string,
): PlaceCount {
  const key = `${kind} ${name.toLowerCase()}`;
  const counts = places.get(key) ?? { name, kind, open: {}, added: 0, fixed: 0 };
  places.set(key, counts);
  return counts;
}

/** Registries and clusters of an artifact, each with the places that lie in it. */
function placesOf({ places, uses, at }: Artifact): [PlaceCount["kind"], string, Located[]][] {
  const inClusters: Located[] = at?.cluster ? [...uses, at] : uses;
  return [
    ...[...Map.groupBy(places, ({ registry }) => registry)].map(
      ([name, parts]) => ["registry", name, parts] as [PlaceCount["kind"], string, Located[]],
    ),
    ...[...Map.groupBy(inClusters, ({ cluster }) => cluster ?? "")].map(
      ([name, parts]) => ["cluster", name, parts] as [PlaceCount["kind"], string, Located[]],
    ),
  ];
}

function severitiesById({ dictionary }: Snapshot): Uint8Array {
  const ranks = new Uint8Array(dictionary.next()).fill(severities.indexOf("unknown"));
  for (const [id, { severity }] of dictionary.entries()) ranks[id] = severities.indexOf(severity);
  return ranks;
}

function add(counts: SeverityCounts, here: Uint32Array, bits: number): void {
  for (const [index, severity] of severities.entries()) {
    const count = here[index]!;
    if (count > 0 && bits & severityBit(severity)) counts[severity] = (counts[severity] ?? 0) + count;
  }
}
