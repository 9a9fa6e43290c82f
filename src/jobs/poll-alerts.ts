import { z } from "zod";
import { type Changes, readChanges, takeInChanges } from "../alerts/changes.ts";
import { nameKey } from "../alerts/read.ts";
import { done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Unread } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import { simulated } from "../simulations/sightings.ts";

/** A reading that failed this often in a row is reported: "longer than three polls" (design, section 7). */
const failuresBeforeTelling = 3;

/** Reads the alerts of every subscription in scope through Resource Graph, and publishes what is new or changed. */
export default job({
  texts: {
    en: {
      summary:
        "Reads the alerts of all subscriptions through Resource Graph and publishes what is new or changed",
    },
    ja: { summary: "全サブスクリプションのアラートを Resource Graph で読み取り、新規と変更を通知します" },
  },
  payload: z.object({}),
  schedule: "alerts",
  retries: 0,
  key: () => "poll-alerts",
  lane: "alerts",
  async run(_payload, ports) {
    const started = Date.now();
    const { store } = ports;
    let changes: Changes;
    try {
      changes = await readChanges(ports);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      await tellFailure(error, ports);
      return done("Azure could not be read");
    }
    const { baseline, reading } = await store.alerts.state([]);
    if (changes.subscriptions.length === 0 && baseline.size > 0) {
      await tellFailure(noneListed, ports);
      return done("Azure lists no subscription");
    }
    await tellGone(changes, baseline, ports);
    const unread = [...changes.unread, ...(await hiddenIn(changes, baseline, ports))];
    const counts = await takeInChanges(
      { ...changes, unread },
      { ...ports, simulated: (alerts) => simulated(alerts, ports) },
    );
    // Before it is noted that Azure answers: killed in between, the next poll does both again.
    if (reading && !reading.ok) await ports.trouble.resolved("azure");
    await store.alerts.setReading({
      at: ports.clock.now(),
      ok: true,
      alerts: changes.alerts,
      subscriptions: changes.subscriptions.length,
      unread,
      failures: 0,
    });
    ports.metrics.observe("poll_seconds", (Date.now() - started) / 1000);
    return done(`${counts.fresh} new, ${counts.changed} changed`);
  },
});

/** One report for all of them: most likely the bot has lost its only role. */
const noneListed = new UpstreamError("Azure lists no subscription in scope any more", {
  system: "azure",
  status: 200,
  code: "NoSubscriptions",
  retryable: true,
});

async function tellFailure(error: UpstreamError, { store, trouble, clock, log }: Ports): Promise<void> {
  const before = await store.alerts.reading();
  const failures = (before?.failures ?? 0) + 1;
  const since = (before && !before.ok ? before.since : undefined) ?? clock.now();
  log.warn({ code: error.code, status: error.status, failures }, "Azure could not be read");
  await store.alerts.setReading({
    at: before?.at ?? clock.now(),
    ok: false,
    alerts: before?.alerts ?? 0,
    subscriptions: before?.subscriptions ?? 0,
    unread: before?.unread ?? [],
    failures,
    since,
  });
  if (failures <= failuresBeforeTelling) return;
  const subscribed = (await store.subscriptions.list()).filter(({ topic }) => topic === "alerts");
  const channels = [...new Set(subscribed.map(({ channel }) => channel))];
  await trouble.tell({ what: "azure", kind: "azure", name: "Azure", detail: error.message, since, channels });
}

const goneWord = "subscription-gone:";

/** What was read before, or is named in the settings, and is not listed: said once, and once more when it is back. */
async function tellGone(
  { subscriptions, unlisted }: Changes,
  baseline: ReadonlySet<string>,
  { store, trouble, settings }: Ports,
): Promise<void> {
  const present = new Set(subscriptions.map(({ id }) => id));
  const { managementGroups, subscriptions: names } = settings.scope;
  const named = [...managementGroups, ...names];
  // What settings leave out is not lost, and what a management group has is unknown while it can't be read.
  const gone =
    named.length > 0
      ? unlisted.filter(({ id }) => baseline.has(id) || named.includes(id))
      : await lostOf(
          [...baseline].filter((id) => !present.has(id)),
          store,
        );
  for (const { id, name, detail } of gone)
    await trouble.tell({ what: goneWord + id, kind: "subscription", name, detail });
  for (const { what } of await store.trouble.list()) {
    const id = /^subscription(?:-gone)?:(.+)$/.exec(what)?.[1];
    if (!id || gone.some((one) => one.id === id)) continue;
    // What is no longer wanted doesn't work again.
    if (!present.has(id) && !named.includes(id)) await store.trouble.close(what);
    else if (what.startsWith(goneWord)) await trouble.resolved(what);
  }
}

async function lostOf(ids: readonly string[], { once }: Ports["store"]) {
  const detail = "It is no longer listed by Azure.";
  return Promise.all(
    ids.map(async (id) => ({ id, name: (await once.peek(nameKey(id), z.string())) || id, detail })),
  );
}

/** Subscriptions of which Resource Graph shows nothing, without a word: the reconciliation has learned that. */
async function hiddenIn(
  { subscriptions, unread }: Changes,
  baseline: ReadonlySet<string>,
  { store }: Ports,
): Promise<Unread[]> {
  const known = new Set([...baseline, ...unread.map(({ id }) => id)]);
  const first = subscriptions.filter(({ id }) => !known.has(id));
  const names = await Promise.all(first.map(({ id }) => store.once.peek(nameKey(id), z.string())));
  const hidden = first.filter((_, index) => names[index] === "");
  return hidden.map(({ id, name }) => ({
    id,
    name,
    why: "denied",
    detail: "no permission to read its alerts",
  }));
}
