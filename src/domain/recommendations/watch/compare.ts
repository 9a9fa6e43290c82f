import { breather } from "../../../text/yield-to-event-loop.ts";
import { leftUnread, type Read } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import type { Assessments } from "../recommendation.ts";
import { assessmentWork, type Group, groupsOf, matchRecommendations } from "./match.ts";
import { carried, type Said, seenNow } from "./seen-subscription.ts";
import { presentMarks } from "./turns.ts";
import type { RecommendationsWatch, SeenRecommendation, SeenSubscription } from "./watch-state.ts";

/** A reading of the whole estate. */
export type RecommendationsRead = Read<Assessments> & { estate: readonly Located["subscription"][] };

/** A subscription of which nothing was read for so long is forgotten. */
const keptDays = 120;

/**
 * What the watch knows after a reading, and what changed since the last one. What could not be read stays what it was; a
 * subscription that is read for the first time is a baseline: nothing in it is new.
 */
export async function compareRecommendations(
  before: RecommendationsWatch | undefined,
  read: RecommendationsRead,
  slot: string,
): Promise<RecommendationsWatch> {
  const breathe = breather();
  const { assessments, unassessed } = read.value;
  const seen = before?.recommendations ?? {};
  const groups = await groupsOf(assessments, breathe);
  const { ids, merged } = matchRecommendations(seen, groups, openBefore(before));
  let next = before?.next ?? 1;
  const byId = Map.groupBy(groups, (group) => ids.get(group) ?? String(next++));
  const said = saidIn(byId);
  const present = Map.groupBy(assessments, ({ place }) => place.subscription.id.toLowerCase());
  const silent = new Set(unassessed.map(({ id }) => id.toLowerCase()));
  const now: Record<string, SeenSubscription> = {};
  for (const { id, name, was, isRead } of subscriptionsOf(before, read)) {
    const rows = present.get(id) ?? [];
    await breathe(rows.length * assessmentWork);
    const about = { name, asOf: read.asOf, was, merged, silent: silent.has(id), present: presentMarks(rows) };
    now[id] = isRead ? seenNow(said.get(id) ?? new Map(), about, seen) : carried(was!, merged);
  }
  return {
    revision: (before?.revision ?? 0) + 1,
    slot,
    asOf: read.asOf,
    ...(before && { since: before.asOf }),
    pending: true,
    subscriptions: read.subscriptions,
    unread: read.unread,
    unassessed,
    next,
    recommendations: recommendationsNow(byId, seen, now),
    seen: now,
  };
}

/** The marks of affected resources of every seen recommendation. */
function openBefore(before: RecommendationsWatch | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = Object.values(before?.seen ?? {}).flatMap(({ rows }) => Object.entries(rows));
  return new Map(
    [...Map.groupBy(rows, ([id]) => id)].map(([id, some]) => [
      id,
      new Set(some.flatMap(([, { places }]) => places.flatMap(({ open }) => open))),
    ]),
  );
}

/** What is said of each recommendation, by subscription and by its id. */
function saidIn(byId: ReadonlyMap<string, readonly Group[]>): ReadonlyMap<string, Map<string, Said>> {
  const said = new Map<string, Map<string, Said>>();
  for (const [id, groups] of byId)
    for (const { about, all } of groups) {
      const parts = [all, about.unhealthy].map((some) =>
        Map.groupBy(some, ({ place }) => place.subscription.id.toLowerCase()),
      );
      for (const [subscription, mine] of parts[0]!) {
        const here = said.get(subscription) ?? new Map<string, Said>();
        const { all: others = [], open = [] } = here.get(id) ?? {};
        here.set(id, {
          type: about.type,
          all: [...others, ...mine],
          open: [...open, ...(parts[1]!.get(subscription) ?? [])],
        });
        said.set(subscription, here);
      }
    }
  return said;
}

type Known = { id: string; name: string; was?: SeenSubscription; isRead: boolean };

/** Every subscription that was read now, and those that were before and could not be. */
function subscriptionsOf(before: RecommendationsWatch | undefined, read: RecommendationsRead): Known[] {
  const oldest = new Date(Date.parse(read.asOf) - keptDays * 86_400_000).toISOString();
  const listed = read.estate.map(({ id, name }) => ({ id: id.toLowerCase(), name }));
  const names = new Set(listed.map(({ id }) => id));
  const isUnread = leftUnread(read.unread, names);
  const away = Object.entries(before?.seen ?? {})
    .filter(([id]) => !names.has(id) && isUnread(id))
    .map(([id, { name }]) => ({ id, name }));
  return [...listed, ...away].flatMap(({ id, name }) => {
    const was = before?.seen[id];
    const isRead = !isUnread(id);
    return isRead || (was && was.asOf >= oldest) ? [{ id, name, isRead, ...(was && { was }) }] : [];
  });
}

/** Those of the reading, and those that only a subscription has that was not read. */
function recommendationsNow(
  byId: ReadonlyMap<string, readonly Group[]>,
  seen: Readonly<Record<string, SeenRecommendation>>,
  subscriptions: Readonly<Record<string, SeenSubscription>>,
): Record<string, SeenRecommendation> {
  const kept = new Set(Object.values(subscriptions).flatMap(({ rows }) => Object.keys(rows)));
  const earlier = Object.entries(seen).flatMap(([id, { before: _, ...one }]) =>
    kept.has(id) ? [[id, one] as const] : [],
  );
  const now = [...byId].map(([id, groups]) => {
    // Where two are one now, the one that still affects something names it.
    const [first, ...others] = groups.toSorted((a, b) => b.about.unhealthy.length - a.about.unhealthy.length);
    const { key, title, type } = first!.about;
    const called = seen[id]?.title;
    const signs = [...new Set([first!, ...others].flatMap((group) => group.signs))];
    return [
      id,
      { key, title, type, signs, ...(called !== undefined && called !== title && { before: called }) },
    ] as const;
  });
  return Object.fromEntries([...earlier, ...now]);
}
