import { randomBytes } from "node:crypto";
import { type Decided, decideKept } from "../approvals/decide.ts";
import { approvableUntil } from "../approvals/expiry.ts";
import type { Ports } from "../definitions/ports.ts";
import { type Exemption, type ExemptionPlan, entered, exemptionCode } from "../domain/exemptions.ts";

/** What exemptions use of the ports. */
export type ExemptionPorts = Pick<
  Ports,
  "azure" | "readings" | "store" | "publish" | "queue" | "rights" | "clock" | "log"
>;

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
    approvable: approvableUntil(now),
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

/** Approves or refuses a request. */
export async function decideExemption(
  ports: Pick<ExemptionPorts, "store" | "publish" | "queue" | "rights" | "clock">,
  asked: { id: string; code: string; decision: "approve" | "refuse"; person: string },
): Promise<Decided<Exemption>> {
  const kept = { store: ports.store.exemptions, codeOf: exemptionCode, entered };
  const decided = await decideKept(asked, kept, ports);
  if (decided.kind !== "done") return decided;
  const { one } = decided;
  if (one.state === "approved") await ports.queue.enqueue(exemptionsJob, { id: one.id });
  await announceExemption(one, ports);
  return decided;
}
