import { bySeverity, severities } from "../../severity.ts";
import type { Difference } from "../comparison/difference-context.ts";
import { learnedCves } from "../model/cve-details.ts";
import type { DayCount, SeverityCounts, Snapshot, SnapshotHead } from "../model/snapshot.ts";
import type { RescanDigest } from "./delta.ts";
import { digestChanges, sortDeltas } from "./digest-changes.ts";
import type { DigestFilter } from "./digest-filter.ts";
import { countOpen } from "./open-counts.ts";

/** So many scans make the trend. */
const trendScans = 20;

/** What one scan says to channels with each filter. */
export type DigestInput = {
  /** The slot of the digest: that of the snapshot, but for a scan that is held back. */
  slot: string;
  snapshot: Snapshot;
  /** What it was compared with; none: a baseline. */
  before?: SnapshotHead;
  difference?: Difference;
  suspicious?: RescanDigest["suspicious"];
  /** Earlier scans by the name of the filter, the oldest first. */
  days: (filter: string) => Promise<readonly DayCount[]>;
};

/** The digest of each filter. Times come from the snapshot: the same scan always gives the same digest. */
export async function digestsOf(
  filters: readonly DigestFilter[],
  input: DigestInput,
): Promise<{ filter: DigestFilter; digest: RescanDigest; day: DayCount }[]> {
  const { slot, snapshot, before, suspicious } = input;
  const learned = before && learnedCves(before.details, snapshot.head.details);
  const difference = input.difference ?? {
    deltas: [],
    rebuilt: [],
    newImages: [],
    goneImages: [],
    fixed: [],
  };
  sortDeltas(difference.deltas);
  const counted = await countOpen(snapshot, filters);
  const digests = [];
  for (const filter of filters) {
    const { open, places } = counted.get(filter)!;
    const parts = await digestChanges(difference, filter, { slot, snapshot }, places);
    const { counts } = parts;
    const day: DayCount = {
      slot,
      open: inOrder(open),
      fixed: total(counts.fixed),
      added: total(counts.new) + total(counts.regressed) + total(counts["new-image"]),
    };
    const earlier = (await input.days(filter.name)).filter((one) => one.slot < slot);
    const digest: RescanDigest = {
      v: 1,
      slot,
      ...(before && { before: { slot: before.slot, asOf: before.asOf } }),
      ...(learned && { learned }),
      filter: filter.name,
      filtered: filter.name !== "",
      head: snapshot.head,
      open: inOrder(open),
      ...parts,
      places: [...places.values()].sort(
        (a, b) => worse(a.open, b.open) || (a.kind + a.name < b.kind + b.name ? -1 : 1),
      ),
      // A scan that is held back has no count of its own.
      trend: suspicious?.shrunk ? earlier.slice(-trendScans) : [...earlier.slice(-(trendScans - 1)), day],
      ...(suspicious && { suspicious }),
      unread: snapshot.head.unread,
    };
    digests.push({ filter, digest, day });
  }
  return digests;
}

function total(counts: SeverityCounts = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function inOrder(counts: SeverityCounts): SeverityCounts {
  const entries = Object.entries(counts) as [keyof SeverityCounts & string, number][];
  return Object.fromEntries(entries.sort(([a], [b]) => bySeverity(a, b)));
}

function worse(a: SeverityCounts, b: SeverityCounts): number {
  for (const severity of severities) {
    const difference = (b[severity] ?? 0) - (a[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
