import { breather } from "../../../text/yield-to-event-loop.ts";
import type { Delta, Difference, RebuiltDelta } from "../comparison/difference-context.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { worseVulnerability } from "../search/find-artifacts.ts";
import { mostRows } from "./change-rows.ts";
import { changeKinds, type PlaceCount, type Rebuilt, type RescanDigest } from "./delta.ts";
import { type DigestFilter, passing, severityBit } from "./digest-filter.ts";
import { placeCount } from "./open-counts.ts";
import { type Entry, rankedChanges, written } from "./ranked-changes.ts";

type Parts = Pick<RescanDigest, "counts" | "newImages" | "goneImages" | "rebuilt" | "worst" | "changes">;

/**
 * The part of a difference that a filter lets through, worst first.
 * @param places counts of places, to which what was added and fixed is added
 * @param before the snapshot that was compared with, for what `raised` and `news` were
 */
export async function digestChanges(
  { deltas, rebuilt, newImages, goneImages }: Difference,
  filter: DigestFilter,
  { slot, snapshot }: { slot: string; snapshot: Snapshot },
  places: Map<string, PlaceCount>,
): Promise<Parts> {
  const breathe = breather();
  const counts: Parts["counts"] = {};
  const ranked = rankedChanges();
  const shown = new Set<string>();
  for (const delta of deltas) {
    const bits = passing(filter, delta.artifact.where);
    if (bits === 0) continue;
    const some = inOrder(delta, snapshot, bits);
    for (const { vulnerability } of some) {
      counts[delta.kind] ??= {};
      const kind = counts[delta.kind]!;
      kind[vulnerability.severity] = (kind[vulnerability.severity] ?? 0) + 1;
    }
    if (some.length > 0) shown.add(delta.artifact.key);
    countPlaces(places, delta, some.length, filter);
    ranked.add(delta, some);
    const pause = breathe(20 * delta.ids.length);
    if (pause) await pause;
  }
  const visible = ({ key }: { key: string }) => shown.has(key);
  const { worst, rows, deflated } = await written(ranked, slot, breathe);
  return {
    counts,
    newImages: newImages.filter(visible).length,
    goneImages: goneImages.filter(visible).length,
    rebuilt: rebuilt
      .map((one) => countedRebuilt(one, filter, snapshot))
      .filter((one) => one.fixed + one.added > 0)
      .sort((a, b) => b.fixed + b.added - (a.fixed + a.added) || (a.image < b.image ? -1 : 1)),
    worst,
    changes: {
      rows,
      ...(rows > mostRows && { kept: mostRows }),
      deflated,
    },
  };
}

function countedRebuilt(one: RebuiltDelta, filter: DigestFilter, { dictionary }: Snapshot): Rebuilt {
  const bits = passing(filter, one.where);
  const count = (ids: readonly number[]) =>
    ids.filter((id) => bits & severityBit(dictionary.vulnerability(id)?.severity ?? "unknown")).length;
  return { ...one, fixed: count(one.fixed), added: count(one.added) };
}

function inOrder({ ids, before }: Delta, { dictionary }: Snapshot, bits: number): Entry[] {
  const entries: Entry[] = [];
  for (const [index, id] of ids.entries()) {
    const vulnerability = dictionary.vulnerability(id);
    if (!vulnerability || !(bits & severityBit(vulnerability.severity))) continue;
    const old = before && dictionary.vulnerability(before[index]!);
    if (!old) entries.push({ vulnerability });
    else {
      const { severity, fix, fixed, exploit } = old;
      entries.push({
        vulnerability,
        before: { severity, fix, exploit, ...(fixed !== undefined && { fixed }) },
      });
    }
  }
  return entries.sort((a, b) => worseVulnerability(a.vulnerability, b.vulnerability));
}

function countPlaces(
  places: Map<string, PlaceCount>,
  { kind, artifact }: Delta,
  count: number,
  filter: DigestFilter,
): void {
  const field = kind === "fixed" ? "fixed" : ["new", "regressed", "new-image"].includes(kind) ? "added" : "";
  if (field === "" || count === 0) return;
  const inside = artifact.where.filter((place) => passing(filter, [place]) !== 0);
  const named = (of: "registry" | "cluster") => new Set(inside.flatMap((place) => place[of] ?? []));
  for (const name of named("registry")) placeCount(places, "registry", name)[field] += count;
  for (const name of named("cluster")) placeCount(places, "cluster", name)[field] += count;
}

/** The order in which changes of one rank stand, whatever the order in which they were found. */
export function sortDeltas(deltas: Delta[]): void {
  const text = ({ artifact }: Delta) => `${artifact.image} ${artifact.key}`;
  const order = (delta: Delta) => changeKinds.indexOf(delta.kind);
  deltas.sort((a, b) => order(a) - order(b) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
