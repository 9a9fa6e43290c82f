import { type Exemption, entered, type InForce, isReminderDue } from "../domain/exemptions.ts";
import { UpstreamError } from "../errors.ts";
import { announceExemption, type ExemptionPorts } from "./request.ts";

/** Azure's list may lack for a while what was just made. */
const settleMs = 15 * 60_000;

/** Ends a request that no one decided on in time. */
export async function expire(one: Exemption, ports: ExemptionPorts): Promise<void> {
  const now = ports.clock.now();
  if (now <= one.approvable) return;
  await move(one, (there) => entered(there, "expired", now), ports);
}

/**
 * Compares what is active with what Azure has: over, removed or changed outside Slack, or about to end. What can't be read
 * stays as it is.
 */
export async function watch(active: readonly Exemption[], ports: ExemptionPorts): Promise<void> {
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
  const its = there?.find(({ id }) => id.toLowerCase() === one.resource.toLowerCase());
  const expires = its?.expires ?? one.expires;
  if (expires <= now) return move(one, (old) => entered(old, "ended", now), ports);
  const settled = Date.parse(now) - Date.parse(one.at.active ?? now) > settleMs;
  if (there && settled && !its?.enabled) return move(one, (old) => entered(old, "removed", now), ports);
  if (expires !== one.expires) await move(one, (old) => ({ ...old, expires }), ports);
  const current = { ...one, expires };
  if (!isReminderDue(current, now)) return;
  await ports.publish("exemption-reminder", [current]);
  await move(one, (old) => ({ ...old, reminded: now }), ports);
}

async function move(one: Exemption, next: (one: Exemption) => Exemption, ports: ExemptionPorts) {
  const moved = await ports.store.exemptions.change(one.id, (old) =>
    old.state === one.state ? next(old) : undefined,
  );
  if (moved?.changed) await announceExemption(moved.one, ports);
}
