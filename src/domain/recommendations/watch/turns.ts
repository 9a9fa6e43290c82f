import type { Assessment, RecommendationType } from "../recommendation.ts";
import { markOf, placeKey, resourceMark, wholeCluster } from "./marks.ts";
import type { Ending, Turns } from "./watch-state.ts";

/** What a reading says of one recommendation in one subscription. */
export type Statements = {
  type: RecommendationType;
  /** Of this recommendation, by mark (a whole cluster's with its place). */
  byMark: ReadonlyMap<string, Assessment>;
  /** Places in which something of it is healthy. */
  healthy: ReadonlySet<string>;
  /** Every resource of the subscription that anything was said of. */
  present: ReadonlySet<string>;
  /** Nothing assesses the subscription: silence says nothing. */
  silent: boolean;
};

/** What happened in a place: what is affected now, of which of it nothing was said, and what changed. */
export type PlaceTurns = { open: string[]; missing: string[]; turns: Turns };

/** Collects what is said of a recommendation; several rows may be about one resource: the unhealthy one counts. */
export function statementsOf(
  all: readonly Assessment[],
  about: Pick<Statements, "type" | "present" | "silent">,
): Statements {
  const byMark = new Map<string, Assessment>();
  const healthy = new Set<string>();
  for (const one of all) {
    const [mark, place] = [markOf(one), placeKey(one.place)];
    const key = statementKey(mark, place);
    if (byMark.get(key)?.status !== "unhealthy") byMark.set(key, one);
    if (one.status === "healthy") healthy.add(place);
  }
  return { ...about, byMark, healthy };
}

/**
 * Compares what was affected in a place with what is. What nothing is said of any more is gone where the reading before
 * lacked it too: Resource Graph may miss a row once.
 */
export function turnsIn(
  place: string,
  { before, lacked }: { before: ReadonlySet<string>; lacked: ReadonlySet<string> },
  now: ReadonlySet<string>,
  statements: Statements,
): PlaceTurns {
  // One generation of a recommendation took the place of the other: the cluster is still affected.
  const switched = before.size > 0 && now.size > 0 && before.has(wholeCluster) !== now.has(wholeCluster);
  if (switched) return { open: [...now], missing: [], turns: {} };
  const kept: string[] = [];
  const missing: { mark: string; ending: Ending }[] = [];
  const counts: Record<Ending, number> = { fixed: 0, exempt: 0, withdrawn: 0, deleted: 0 };
  for (const mark of before) {
    if (now.has(mark)) continue;
    const ending = endingOf(mark, place, statements);
    if (!ending) kept.push(mark);
    else if (ending.said || lacked.has(mark)) counts[ending.how]++;
    else missing.push({ mark, ending: ending.how });
  }
  let added = now.size - [...now].filter((mark) => before.has(mark)).length;
  // A pod or an image that another one replaced with the same flaw.
  const replaced = Math.min(added, counts.deleted);
  counts.deleted -= replaced;
  const away = missing.filter(({ ending }) => ending === "deleted").slice(0, added - replaced);
  added -= replaced + away.length;
  const lacking = missing.filter((one) => !away.includes(one)).map(({ mark }) => mark);
  const turns = Object.fromEntries(Object.entries({ added, ...counts }).filter(([, count]) => count > 0));
  return { open: [...now, ...kept, ...lacking], missing: lacking, turns };
}

/** How a resource stopped to be affected, and whether that was said of it; undefined where nothing says that it did. */
function endingOf(
  mark: string,
  place: string,
  statements: Statements,
): { how: Ending; said: boolean } | undefined {
  const { byMark, healthy, present, silent, type } = statements;
  const said = byMark.get(statementKey(mark, place));
  if (said?.status === "healthy") return { how: "fixed", said: true };
  if (said?.status === "unknown") return undefined;
  if (said?.status === "not-applicable")
    return { how: /^exempt/i.test(said.cause) ? "exempt" : "withdrawn", said: true };
  // Unhealthy by one generation, but a newer statement of the other one counts.
  if (said) return { how: "fixed", said: true };
  const cluster = byMark.get(statementKey(wholeCluster, place));
  const otherGeneration = mark === wholeCluster ? healthy.has(place) : cluster?.status === "healthy";
  if (type === "data-plane" && otherGeneration) return { how: "fixed", said: true };
  if (silent) return undefined;
  const there = present.has(mark === wholeCluster ? statementKey(mark, place) : mark);
  return { how: there ? "withdrawn" : "deleted", said: false };
}

function statementKey(mark: string, place: string): string {
  return mark === wholeCluster ? `${mark}${place}` : mark;
}

/** The marks of every resource of a subscription that a reading says anything of, clusters with their place too. */
export function presentMarks(all: readonly Assessment[]): ReadonlySet<string> {
  return new Set(
    all.flatMap(({ resource, place }) =>
      place.cluster === undefined
        ? [resourceMark(resource)]
        : [resourceMark(resource), statementKey(wholeCluster, placeKey(place))],
    ),
  );
}
