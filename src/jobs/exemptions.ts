import { z } from "zod";
import { bringUpToDate, move } from "../approvals/kept.ts";
import { done, job } from "../definitions/job.ts";
import { type Exemption, entered, type InForce, isReminderDue } from "../domain/exemptions/exemptions.ts";
import { UpstreamError } from "../errors.ts";
import { carryOut } from "../exemptions/carry-out.ts";
import { type ExemptionPorts, exemptionsJob, keptExemptions } from "../exemptions/request.ts";

/** Carries out what was approved, and watches what is in force. */
export default job({
  texts: {
    en: {
      summary:
        "Makes approved suppressions and exemptions in Azure, announces their end, and notices when someone removed them",
    },
    ja: {
      summary: "承認された抑制と除外を Azure に設定し、終了を事前に知らせ、ほかの方法での削除を検知します",
    },
  },
  payload: z.object({ id: z.string().optional() }),
  schedule: { cron: "*/5 * * * *" },
  retries: 5,
  // One at a time for itself: two runs of the same one would write and audit twice.
  key: ({ id }) => `exemptions-${id ?? "all"}`,
  async run({ id }, ports) {
    const { store, queue } = ports;
    if (id !== undefined) {
      const one = await store.exemptions.get(id);
      if (one?.state === "approved") await carryOut(one, ports);
      return done();
    }
    const all = await store.exemptions.list();
    for (const one of all) await bringUpToDate(one, keptExemptions(ports), ports);
    const approved = all.filter(({ state }) => state === "approved");
    for (const one of approved) await queue.enqueue(exemptionsJob, { id: one.id });
    await watch(
      all.filter(({ state }) => state === "active"),
      ports,
    );
    return done(approved.length > 0 ? `${approved.length} approved` : undefined);
  },
});

/** Azure's list may lack for a while what was just made. */
const settleMs = 15 * 60_000;

/**
 * Compares what is active with what Azure has: over, removed or changed outside Slack, or about to end. What can't be read
 * stays as it is.
 */
async function watch(active: readonly Exemption[], ports: ExemptionPorts): Promise<void> {
  for (const [, ours] of Map.groupBy(active, ({ kind, subscription }) => `${kind} ${subscription.id}`)) {
    const there = await inAzure(ours, ports);
    for (const one of ours) await look(one, there, ports);
  }
}

async function inAzure(
  ours: readonly Exemption[],
  { azure, log }: ExemptionPorts,
): Promise<InForce[] | undefined> {
  const { subscription, kind } = ours[0]!;
  const ids = ours.map(({ resource }) => resource);
  try {
    return await azure.exemptionsOf(subscription, kind, ids);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ err: error, subscription: subscription.id }, "suppressions or exemptions could not be read");
    return undefined;
  }
}

async function look(one: Exemption, there: InForce[] | undefined, ports: ExemptionPorts): Promise<void> {
  const now = ports.clock.now();
  const kept = keptExemptions(ports);
  const its = there?.find(({ id }) => id.toLowerCase() === one.resource.toLowerCase());
  // Someone took its end away: it is in force, and neither over nor about to be.
  if (its?.enabled && !its.expires) return;
  const expires = its?.expires ?? one.expires;
  const enter = (state: "ended" | "removed") => move(one, (old) => entered(old, state, now), kept, ports);
  // Its end may have been moved in the portal: only what was read says that it is over.
  if (there && expires <= now) return void (await enter("ended"));
  const settled = Date.parse(now) - Date.parse(one.at.active ?? now) > settleMs;
  if (there && settled && !its?.enabled) return void (await enter("removed"));
  if (expires !== one.expires) await move(one, (old) => ({ ...old, expires }), kept, ports);
  const current = { ...one, expires };
  if (!isReminderDue(current, now)) return;
  await ports.publish("exemption-reminder", [current]);
  await move(one, (old) => ({ ...old, reminded: now }), kept, ports);
}
