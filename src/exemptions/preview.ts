import type { Invocation } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import { auditedExemption } from "../domain/audit.ts";
import type { Exemption, ExemptionPlan } from "../domain/exemptions/exemptions.ts";
import { assertSeenByApprovers } from "../readings/reachable.ts";
import { requestExemption } from "./request.ts";

/** Requests what is planned, unless the bot lacks the permission to do it: that is known before anyone approves. */
export async function requestOrRefuse(
  ports: Pick<Ports, "azure" | "store" | "publish" | "clock" | "chat">,
  plan: ExemptionPlan,
  matches: number | undefined,
  audit: Invocation["audit"],
): Promise<{ exemption: Exemption } | { missing: string[]; command: string }> {
  const { azure } = ports;
  const lacking = await azure.exemptionRights(plan.subscription.id, plan.kind);
  if (lacking) {
    audit("no-change");
    return lacking;
  }
  await assertSeenByApprovers({ channel: plan.channel, person: plan.requester }, ports.chat);
  const { resource, subscription, kind } = plan;
  const there = (await azure.exemptionsOf(subscription, kind, [resource])).find(
    ({ id, enabled }) => enabled && id.toLowerCase() === resource.toLowerCase(),
  );
  const before = there && (there.expires ?? "never");
  const current = before === undefined || before === "never" || before > ports.clock.now();
  const about = { ...(before && current && { before }), ...(matches !== undefined && { matches }) };
  const { one, again } = await requestExemption(ports, plan, about);
  if (again) audit(auditedExemption("no-change", one));
  return { exemption: one };
}
