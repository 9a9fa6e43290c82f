import { z } from "zod";
import { type Changes, readChanges, takeInChanges } from "../alerts/changes.ts";
import { done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import { UpstreamError } from "../errors.ts";
import type { Subscription } from "../ports/azure.ts";
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
    const [baseline, reading] = await Promise.all([store.alerts.baseline(), store.alerts.reading()]);
    await tellGone(changes.subscriptions, baseline, ports);
    const counts = await takeInChanges(changes, {
      ...ports,
      simulated: (alerts) => simulated(alerts, ports),
    });
    await store.alerts.setReading({
      at: ports.clock.now(),
      ok: true,
      alerts: changes.alerts,
      subscriptions: changes.subscriptions.length,
      unread: changes.unread,
      failures: 0,
    });
    if (reading && !reading.ok) await ports.trouble.resolved("azure");
    ports.metrics.observe("poll_seconds", (Date.now() - started) / 1000);
    return done(`${counts.fresh} new, ${counts.changed} changed`);
  },
});

async function tellFailure(error: UpstreamError, { store, trouble, clock, log }: Ports): Promise<void> {
  const before = await store.alerts.reading();
  const failures = (before?.failures ?? 0) + 1;
  const since = before && !before.ok ? before.since : clock.now();
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
  await trouble.tell({ what: "azure", kind: "azure", name: "Azure", detail: error.message, channels });
}

/** A subscription that was read before and is no longer there: said once, and once more when it is back. */
async function tellGone(
  present: readonly Subscription[],
  baseline: ReadonlySet<string>,
  ports: Ports,
): Promise<void> {
  const { store, trouble } = ports;
  const ids = new Set(present.map(({ id }) => id));
  const gone = [...baseline].filter((id) => !ids.has(id));
  for (const id of gone) {
    const what = `subscription-gone:${id}`;
    await trouble.tell({ what, kind: "subscription", name: id, detail: "It is no longer listed by Azure." });
  }
  for (const { what } of await store.trouble.list()) {
    if (what.startsWith("subscription-gone:") && ids.has(what.slice("subscription-gone:".length)))
      await trouble.resolved(what);
  }
}
