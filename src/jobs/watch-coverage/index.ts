import { z } from "zod";
import { again, done, job } from "../../definitions/job.ts";
import type { Ports } from "../../definitions/ports.ts";
import { summariseCoverage } from "../../domain/coverage/coverage-summary.ts";
import { baselineOf, dayOf } from "../../domain/coverage/history.ts";
import {
  type ActivityEntry,
  activityAsked,
  authorsOf,
  noteAuthors,
  withoutAuthor,
} from "../../domain/coverage/watch/authors.ts";
import { compareCoverage, confirmSeconds, publishedState } from "../../domain/coverage/watch/compare.ts";
import { clustersToReach, lostAfterMinutes, sightingsOf } from "../../domain/coverage/watch/sightings.ts";
import type { Authorship, Incident, WatchState } from "../../domain/coverage/watch/watch-state.ts";
import { UpstreamError } from "../../errors.ts";
import type { Loaded } from "../../ports/watches/watched-state.ts";
import { noteReach, readNodes } from "./nodes.ts";

/**
 * Compares each reading of coverage with the last one. What changed is stored with the reading in one write, then
 * published, then marked as published: a run that is killed in between publishes the same again, which changes nothing.
 */
export default job({
  texts: {
    en: { summary: "Compares coverage with the last reading and publishes what was lost and what recovered" },
    ja: { summary: "カバレッジを前回の読み取り結果と比較し、失われた保護と回復を通知します" },
  },
  payload: z.object({}),
  schedule: "coverage",
  retries: 3,
  key: () => "watch-coverage",
  async run(_payload, ports) {
    const { store, readings, clock, log } = ports;
    const subscribed = (await store.subscriptions.list()).some(({ topic }) => topic === "coverage");
    if (!subscribed && (await isNoted(ports))) return done();
    const before = await store.coverage.load();
    if (before.newer) return done("a newer version keeps the state");
    const settled = subscribed ? await publishPending(before, ports) : before;
    if (!settled) return again(1);
    const read = await readings.coverage().catch((error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error;
      // The poll of alerts tells people that Azure cannot be read.
      log.warn({ code: error.code, status: error.status }, "coverage could not be read");
    });
    if (!read) return done("coverage could not be read");
    await store.coverage.noteDay(dayOf(read, summariseCoverage(read.value).clusters));
    if (!subscribed) return done();
    const { state: known } = settled;
    const clusters = clustersToReach(read.value);
    const data = clusters.length > 0 ? await readData(ports) : undefined;
    const reached = await readNodes(clusters, known, data, ports);
    const state = compareCoverage(known, sightingsOf(read, clock.now(), { ...reached, data }));
    noteReach(state, reached, clusters);
    if (!known) state.baseline = baselineOf(read);
    await findAuthors(state, ports);
    const saved = await store.coverage.save(settled, state);
    if (!saved || !(await publishPending(saved, ports))) return again(1);
    const seconds = confirmSeconds(state, clock.now(), lostAfterMinutes);
    if (seconds !== undefined) return again(seconds);
    return done(state.pending.length > 0 ? `${state.pending.length} changes of coverage` : undefined);
  },
});

/** Where no channel is subscribed, one reading a day is enough: for the history that status shows. */
async function isNoted({ store, clock }: Pick<Ports, "store" | "clock">): Promise<boolean> {
  const today = clock.now().slice(0, 10);
  return (await store.coverage.days()).some(({ day }) => day === today);
}

/** What Defender shows of each cluster; where that can't be read, nothing is said of it. */
async function readData({ azure, log }: Ports): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    return await azure.clusterData();
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ code: error.code, status: error.status }, "assessments of clusters could not be read");
    return undefined;
  }
}

/** Publishes what is stored as pending; undefined where another process wrote the state meanwhile. */
async function publishPending(
  loaded: Loaded<WatchState>,
  { store, publish }: Ports,
): Promise<Loaded<WatchState> | undefined> {
  const { state } = loaded;
  if (!state || (state.pending.length === 0 && !state.baseline)) return loaded;
  if (state.baseline) await publish("coverage-baseline", [state.baseline]);
  for (const id of state.pending) {
    const incident = state.incidents[id];
    if (!incident) continue;
    // Channels without the message want only what begins: its recovery says nothing to them.
    const known = !incident.grown;
    await publish("coverage", [eventOf(incident)], { revision: incident.revision, ...(known && { known }) });
  }
  return store.coverage.save(loaded, publishedState(state));
}

function eventOf({ revision: _, grown: __, ...event }: Incident): Omit<Incident, "revision" | "grown"> {
  return event;
}

/** Asks the activity log who did what is new, and what it had no entry for yet. */
async function findAuthors(
  state: WatchState,
  { azure, clock }: Pick<Ports, "azure" | "clock">,
): Promise<void> {
  const now = clock.now();
  for (const incident of withoutAuthor(state, now))
    noteAuthors(state, incident, await authorship(incident, now, azure));
}

async function authorship(incident: Incident, now: string, azure: Ports["azure"]): Promise<Authorship> {
  const asked = activityAsked(incident, now);
  const answers: { member: (typeof asked)[number]["member"]; entries: ActivityEntry[] }[] = [];
  let unknown: Authorship["unknown"] = { why: "absent" };
  for (const one of asked) {
    try {
      answers.push({ member: one.member, entries: await azure.activity(one.asked) });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      unknown =
        error.status === 403 ? { why: "denied" } : { why: "failed", detail: error.message.slice(0, 200) };
    }
  }
  const authors = authorsOf(incident.sort, answers);
  return { authors, ...(authors.length === 0 && { unknown }) };
}
