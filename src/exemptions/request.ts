import { randomBytes } from "node:crypto";
import { type Undecided, undecided } from "../approvals/decide.ts";
import type { Ports } from "../definitions/ports.ts";
import { type Exemption, type ExemptionPlan, entered, exemptionCode } from "../domain/exemptions.ts";

/** What exemptions use of the ports. */
export type ExemptionPorts = Pick<
  Ports,
  "azure" | "readings" | "store" | "publish" | "queue" | "rights" | "clock" | "log"
>;

/** A request that no one decided on is over after this (design, section 9). */
const approvableMinutes = 30;
export const exemptionsJob = "exemptions";

/** Stores a request and posts it with its buttons; nothing is changed in Azure before someone else approves. */
export async function requestExemption(
  ports: Pick<ExemptionPorts, "store" | "publish" | "clock">,
  plan: ExemptionPlan,
  about: Pick<Exemption, "before" | "matches">,
): Promise<Exemption> {
  const now = ports.clock.now();
  const exemption: Exemption = {
    ...plan,
    ...about,
    id: `x-${randomBytes(8).toString("hex")}`,
    revision: 0,
    code: exemptionCode(plan),
    approvable: new Date(Date.parse(now) + approvableMinutes * 60_000).toISOString(),
    state: "requested",
    at: { requested: now },
  };
  await ports.store.exemptions.add(exemption);
  await announceExemption(exemption, ports);
  return exemption;
}

/** Brings the message of an exemption up to date; repeating it changes nothing. */
export async function announceExemption(
  exemption: Exemption,
  { publish }: Pick<ExemptionPorts, "publish">,
): Promise<void> {
  await publish("exemption", [exemption], { revision: exemption.revision });
}

export type ExemptionDecision =
  | { kind: "unknown-run" }
  | ({ kind: "done" | "expired" | "used" | "changed" } & { exemption: Exemption })
  | Undecided;

/** Approves or refuses a request: as of simulations, of several who press at the same moment exactly one has decided. */
export async function decideExemption(
  ports: Pick<ExemptionPorts, "store" | "publish" | "queue" | "rights" | "clock">,
  asked: { id: string; code: string; decision: "approve" | "refuse"; person: string },
): Promise<ExemptionDecision> {
  const { store, clock, rights, queue } = ports;
  const there = await store.exemptions.get(asked.id);
  if (!there) return { kind: "unknown-run" };
  if (there.state !== "requested") return over(there);
  if (there.code !== asked.code || exemptionCode(there) !== asked.code)
    return { kind: "changed", exemption: there };
  const not = await undecided(rights, { ...asked, requester: there.requester });
  if (not) return not;
  const now = clock.now();
  const decided = await store.exemptions.change(asked.id, (one) => {
    if (one.state !== "requested") return undefined;
    if (now > one.approvable) return entered(one, "expired", now);
    return asked.decision === "approve"
      ? entered(one, "approved", now, { approver: asked.person })
      : entered(one, "refused", now, { refusedBy: asked.person });
  });
  if (!decided) return { kind: "unknown-run" };
  const { exemption, changed } = decided;
  if (!changed || exemption.state === "expired") return over(exemption);
  if (exemption.state === "approved") await queue.enqueue(exemptionsJob, { id: exemption.id });
  await announceExemption(exemption, ports);
  return { kind: "done", exemption };
}

function over(exemption: Exemption): ExemptionDecision {
  return { kind: exemption.state === "expired" ? "expired" : "used", exemption };
}
