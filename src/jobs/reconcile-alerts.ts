import { z } from "zod";
import { nameKey } from "../alerts/read.ts";
import { takeIn } from "../alerts/take-in.ts";
import { done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import { homeOf } from "../domain/alerts/alert.ts";
import type { Unread } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import type { Subscription } from "../ports/azure.ts";
import { simulated } from "../simulations/sightings.ts";

/** Every subscription is read through the alerts API within this many runs; a small estate at every run. */
const runsForAll = 15;
const leastEachRun = 10;
const atOnce = 5;
const failuresBeforeTelling = 3;
const rememberNameSeconds = 120 * 86_400;

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
  lane: "alerts",
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
      const { value, unread } = await azure.alerts({ from: "api", subscriptions: some });
      const failed = new Map(unread.map((one) => [one.id, one]));
      for (const one of some) await tell(one, failed.get(one.id), ports);
      // The first reading of a subscription is the poll's, which sums up what was there before.
      const first = new Set(some.map(({ id }) => id).filter((id) => !remembered.baseline.has(id)));
      const alerts = value.filter(({ alert }) => !first.has(homeOf(alert)));
      const taken = some.filter(({ id }) => !first.has(id) && !failed.has(id));
      // Together: what came to several subscriptions at once is one burst.
      const counts = await takeIn({ alerts, source: "api", began, subscriptions: taken }, remembered, {
        ...ports,
        simulated: (alerts) => simulated(alerts, ports),
      });
      fresh += counts.fresh;
    }
    metrics.count("alerts_before_resource_graph_total", {}, fresh);
    await store.alerts.setCursor(cursor + many);
    return done(`${many} subscriptions, ${fresh} alerts that Resource Graph did not have`);
  },
});

/**
 * Tells of a subscription that could not be read several times in a row, and once more when it can. Resource Graph has no
 * rows of one that can't be read, and no error: where it never could be, it has not had its first reading.
 */
async function tell(
  { id, name }: Subscription,
  unread: Unread | undefined,
  { store, trouble }: Ports,
): Promise<void> {
  const what = `subscription:${id}`;
  if (!unread) {
    await store.once.keep(nameKey(id), name, rememberNameSeconds);
    await store.failures.clear(what);
    await trouble.resolved(what);
    return;
  }
  // Where nothing of Azure can be read, the poll says so, once, for all of them.
  if ((await store.alerts.reading())?.ok === false) return;
  const failures = await store.failures.failed(what);
  if (unread.why === "denied" && !(await wasRead(id, store))) {
    await store.once.keep(nameKey(id), "", rememberNameSeconds);
    await store.alerts.forgetBaseline([id]);
  }
  if (failures > failuresBeforeTelling)
    await trouble.tell({ what, kind: "subscription", name, detail: unread.detail });
}

/** Whether either source has ever answered for it. */
async function wasRead(id: string, { once, alerts }: Ports["store"]): Promise<boolean> {
  return Boolean(await once.peek(nameKey(id), z.string())) || (await alerts.sums()).has(id);
}
