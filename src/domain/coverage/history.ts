import type { Read } from "../reading/reading.ts";
import type { Coverage } from "./coverage.ts";
import { type ClusterStatus, countVerdicts, summariseCoverage, type Verdict } from "./coverage-summary.ts";
import type { Baseline } from "./watch/watch-state.ts";

/** Clusters by coverage on one day (UTC), as its last reading had them. `unread`: what couldn't be read then. */
export type DayCoverage = { day: string; clusters: Record<Verdict, number>; unread: number };

/** How many days a chart of the history has at most. */
const daysShown = 20;

/** The figures of a reading. */
export function dayOf({ asOf, unread }: Read<unknown>, clusters: readonly ClusterStatus[]): DayCoverage {
  return { day: asOf.slice(0, 10), clusters: countVerdicts(clusters), unread: unread.length };
}

/** The last days, the oldest first, with the one of a reading, which knows it better than what was noted. */
export function historyWith(days: readonly DayCoverage[], today: DayCoverage): DayCoverage[] {
  return [...days.filter(({ day }) => day < today.day), today].slice(-daysShown);
}

/** What the first reading says in one message: none of it is repeated later. */
export function baselineOf({ value, asOf }: Read<Coverage>): Baseline {
  const { clusters } = summariseCoverage(value);
  const counts = countVerdicts(clusters);
  return {
    at: asOf,
    subscriptions: value.subscriptions.length,
    clusters: clusters.length,
    notCovered: counts["not-covered"],
    unknown: counts.unknown,
  };
}
