import { endMembers, openIncidents, refreshDetails } from "./incidents.ts";
import {
  type Fact,
  factKey,
  type LossSort,
  type Sighted,
  type Sighting,
  type Thing,
  type Turn,
  type WatchedSubscription,
  type WatchedThing,
  type WatchState,
} from "./watch-state.ts";

/** A resource counts as deleted after so many whole readings without it: Resource Graph may miss a row once. */
const missingReadings = 2;
/** What is read anew with each look; the rest is as old as the reading of Azure. */
const inCluster: ReadonlySet<LossSort> = new Set<LossSort>(["sensor-lost", "blind"]);
/** Incidents and subscriptions of which nothing was read for so long are forgotten. */
const keptDays = 120;

/**
 * The state after a reading: what began and ended since the last one is in its incidents, and those that changed are
 * pending. What is seen for the first time is a baseline, except a new cluster or registry that nothing covers. What
 * could not be read stays what it was.
 */
export function compareCoverage(before: WatchState | undefined, now: Sighted): WatchState {
  const state = before ? structuredClone(before) : emptyState();
  const began: Turn[] = [];
  const ended: Turn[] = [];
  const lasting: Turn[] = [];
  const known = new Set(Object.keys(state.subscriptions));
  const after = before?.at ?? now.at;
  const partial = before !== undefined && now.asOf <= before.at;
  for (const thing of now.things) {
    const subscription = watchedOf(state, thing.subscription.id);
    const watched = subscription.things[thing.id] ?? {
      facts: {},
      ...(isFresh(thing, before, known, subscription, now) && { fresh: true as const }),
    };
    subscription.things[thing.id] = watched;
    delete watched.missing;
    for (const sighting of [...thing.sightings, ...vanishedPools(thing, watched)]) {
      const was = watched.facts[factKey(sighting)];
      const turn = { thing, sighting: sighting.sort === "blind" ? { ...sighting, detail: was } : sighting };
      // The same answer of Azure, looked at again, confirms nothing that it said.
      const seen = inCluster.has(sighting.sort) ? now.at : now.asOf;
      const is = nextFact(was, sighting, watched, seen);
      watched.facts[factKey(sighting)] = is;
      const counts = was !== undefined || (watched.fresh && sighting.sort === "uncovered");
      if (is === "lost" && was !== "lost" && counts) began.push(turn);
      if (is === "ok" && was === "lost") ended.push(turn);
      if (is === "lost" && was === "lost") lasting.push({ thing, sighting });
      if (sighting.sort === "uncovered" && (is === "ok" || is === "lost")) delete watched.fresh;
    }
  }
  state.revision++;
  endMembers(
    state,
    ended.map(({ thing, sighting }) => ({ thing, key: factKey(sighting) })),
    "recovered",
    now.at,
  );
  refreshDetails(state, lasting);
  openIncidents(state, began, { after, at: now.at });
  if (!partial) {
    removeDeleted(state, now);
    for (const id of now.unread) if (isSubscription(id)) watchedOf(state, id);
    for (const id of now.read) watchedOf(state, id).last = now.at;
    state.at = now.asOf;
    forgetOld(state, now.at);
  }
  return state;
}

/** The state once everything pending is published: what is over is forgotten. */
export function publishedState(before: WatchState): WatchState {
  const state = structuredClone(before);
  for (const id of state.pending) {
    const incident = state.incidents[id];
    if (incident?.ended) delete state.incidents[id];
    else delete incident?.grown;
  }
  state.pending = [];
  delete state.baseline;
  state.revision++;
  return state;
}

/** Minutes after which a new reading of Azure is to be had: what it has to confirm needn't wait for the next hour. */
const newReadingMinutes = 6;

/** Seconds until the next loss can be confirmed by another look; undefined where none waits for that. */
export function confirmSeconds(state: WatchState, at: string, minutes: number): number | undefined {
  const after = (key: string) => {
    if (key.startsWith("sensor-lost|")) return [minutes];
    return /^(?:sensor-off|policy-off|workspace-missing)$/.test(key) ? [newReadingMinutes] : [];
  };
  const waits = Object.values(state.subscriptions)
    .flatMap(({ things }) => Object.values(things))
    .flatMap(({ facts }) => Object.entries(facts))
    .filter(([, fact]) => fact !== "ok" && fact !== "lost")
    .flatMap(([key, since]) =>
      after(key).map((wait) => Math.ceil((Date.parse(since) - Date.parse(at)) / 1000 + wait * 60)),
    )
    .filter((seconds) => seconds > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

function emptyState(): WatchState {
  return { revision: 0, at: "", subscriptions: {}, incidents: {}, pending: [] };
}

function watchedOf(state: WatchState, subscription: string): WatchedSubscription {
  state.subscriptions[subscription] ??= { things: {} };
  return state.subscriptions[subscription];
}

/**
 * True for a cluster or registry that came after the baseline: in a subscription that was read before, or in one that was
 * never there. What appears when a subscription can be read at last was there all the time.
 */
function isFresh(
  thing: Thing,
  before: WatchState | undefined,
  known: ReadonlySet<string>,
  subscription: WatchedSubscription,
  now: Sighted,
): boolean {
  if (!before || thing.kind === "subscription" || !now.read.has(thing.subscription.id)) return false;
  return subscription.last !== undefined || !known.has(thing.subscription.id);
}

function nextFact(was: Fact | undefined, sighting: Sighting, { fresh }: WatchedThing, at: string): Fact {
  if (!sighting.lost) return "ok";
  if (was === "lost") return "lost";
  if (sighting.sort === "uncovered") {
    // What was covered once is watched by its plan and its sensor.
    if (was === "ok") return "ok";
    if (!fresh) return "lost";
  } else if (was === undefined) return "lost";
  const since = was === undefined || was === "ok" ? at : was;
  const minutes = (Date.parse(at) - Date.parse(since)) / 60_000;
  return minutes >= (sighting.confirmMinutes ?? 0) ? "lost" : since;
}

/** A node pool that was deleted lacks no sensor any more. */
function vanishedPools({ pools }: Thing, { facts }: WatchedThing): Sighting[] {
  if (!pools) return [];
  return Object.keys(facts)
    .filter((key) => key.startsWith("sensor-lost|"))
    .map((key) => key.slice("sensor-lost|".length))
    .filter((pool) => !pools.includes(pool))
    .map((what) => ({ sort: "sensor-lost", what, lost: false }));
}

function removeDeleted(state: WatchState, now: Sighted): void {
  const seen = new Set(now.things.map(({ subscription, id }) => `${subscription.id}|${id}`));
  for (const id of now.read) {
    const things = state.subscriptions[id]?.things ?? {};
    for (const [short, watched] of Object.entries(things)) {
      if (seen.has(`${id}|${short}`)) continue;
      watched.missing = (watched.missing ?? 0) + 1;
      if (watched.missing < missingReadings) continue;
      const thing = { id: short, subscription: { id } };
      const keys = Object.keys(watched.facts).map((key) => ({ thing, key }));
      endMembers(state, keys, "deleted", now.at);
      delete things[short];
    }
  }
}

function forgetOld(state: WatchState, at: string): void {
  const oldest = new Date(Date.parse(at) - keptDays * 86_400_000).toISOString();
  for (const [id, { last }] of Object.entries(state.subscriptions))
    if (last !== undefined && last < oldest) delete state.subscriptions[id];
  for (const [id, { opened }] of Object.entries(state.incidents))
    if (opened < oldest) delete state.incidents[id];
}

/** Resources can be unread too; those have a path. */
function isSubscription(id: string): boolean {
  return !id.includes("/");
}
