import { z } from "zod";
import { type Remembered, takeIn } from "../alerts/take-in.ts";
import { done, job } from "../definitions/job.ts";
import type { Alert } from "../domain/alerts/alert.ts";
import { UpstreamError } from "../errors.ts";
import type { Ports, Subscription } from "../ports/ports.ts";

/** Every subscription is read through the alerts API within this many runs; a small estate at every run. */
const runsForAll = 15;
const leastEachRun = 10;
const atOnce = 5;
const failuresBeforeTelling = 3;
const rememberFailuresSeconds = 86_400;

/**
 * Reads alerts subscription by subscription through the alerts API, the authority: finds what Resource Graph, whose
 * rows may lag, does not have yet, and notices a subscription that may no longer be read.
 */
export default job({
  texts: {
    en: {
      summary:
        "Reads the alerts API one subscription at a time: finds alerts that Resource Graph lacks, and lost access",
    },
    ja: {
      summary:
        "アラート API をサブスクリプションごとに読み取り、Resource Graph にないアラートや失われたアクセス権を検出します",
    },
  },
  payload: z.object({}),
  schedule: "alerts",
  retries: 0,
  key: () => "reconcile-alerts",
  async run(_payload, ports) {
    const { azure, store, metrics } = ports;
    let subscriptions: Subscription[];
    try {
      subscriptions = (await azure.subscriptions()).value.toSorted((a, b) => a.id.localeCompare(b.id));
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return done("Azure could not be read");
    }
    if (subscriptions.length === 0) return done();
    const cursor = (await store.alerts.cursor()) % subscriptions.length;
    const many = Math.min(
      subscriptions.length,
      Math.max(leastEachRun, Math.ceil(subscriptions.length / runsForAll)),
    );
    const turn = Array.from(
      { length: many },
      (_, index) => subscriptions[(cursor + index) % subscriptions.length]!,
    );
    let fresh = 0;
    for (let from = 0; from < turn.length; from += atOnce) {
      // Before they are read, and once for all of them: it is as long as everything that was ever seen.
      const remembered = await store.alerts.state();
      const began = ports.clock.now();
      const some = turn.slice(from, from + atOnce);
      const read = await Promise.all(some.map((one) => readOne(one, remembered, ports)));
      const readings = read.filter((one) => one !== undefined);
      // Together: what came to several subscriptions at once is one burst.
      const counts = await takeIn(
        {
          alerts: readings.flatMap(({ alerts }) => alerts),
          source: "api",
          began,
          subscriptions: readings.map(({ subscription }) => subscription),
        },
        remembered,
        ports,
      );
      fresh += counts.fresh;
    }
    metrics.count("alerts_before_resource_graph_total", {}, fresh);
    await store.alerts.setCursor(cursor + many);
    return done(`${many} subscriptions, ${fresh} alerts that Resource Graph did not have`);
  },
});

/** The alerts of a subscription; undefined where they cannot be read, or are not to be. */
async function readOne(
  subscription: Subscription,
  { baseline }: Remembered,
  ports: Ports,
): Promise<{ subscription: Subscription; alerts: Alert[] } | undefined> {
  const { azure, store, trouble } = ports;
  const what = `subscription:${subscription.id}`;
  // Its first reading is the poll's, which sums up what was there before.
  if (!baseline.has(subscription.id)) return undefined;
  try {
    const alerts = await azure.listAlerts(subscription);
    await store.once.keep(`failures:${what}`, 0, rememberFailuresSeconds);
    await trouble.mended(what);
    return { subscription, alerts };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system !== "azure") throw error;
    // Where nothing of Azure can be read, the poll says so, once, for all of them.
    if ((await store.alerts.reading())?.ok === false) return undefined;
    const failures = ((await store.once.peek(`failures:${what}`, z.number())) ?? 0) + 1;
    await store.once.keep(`failures:${what}`, failures, rememberFailuresSeconds);
    if (failures > failuresBeforeTelling) {
      await trouble.tell({ what, kind: "subscription", name: subscription.name, detail: error.message });
    }
    return undefined;
  }
}
