import {
  type Exemption,
  type ExemptionPlan,
  exemptionCode,
  exemptionName,
} from "../src/domain/exemptions/exemptions.ts";

const time = "2026-11-23T08:00:00.000Z";
const subscription = { id: "s1", name: "prod-east" };
const place = `/subscriptions/${subscription.id}`;

/** A requested suppression of a whole subscription. */
export function exemptionOf(change: Partial<Exemption> = {}): Exemption {
  const what = "K8S.NODE_ImdsCall";
  const home = change.subscription ? `/subscriptions/${change.subscription.id}` : place;
  const plan: ExemptionPlan = {
    ...{ kind: "alert", what, title: "Access to cloud metadata service", subscription, conditions: [] },
    scope: { kind: "sub", pattern: (change.subscription ?? subscription).id },
    resource: `${home}/providers/Microsoft.Security/alertsSuppressionRules/${exemptionName("alert", what, home)}`,
    reason: "Load test",
    expires: "2026-12-03T08:00:00.000Z",
    requester: "U0MEMBER001",
    channel: "C0CHANNEL01",
  };
  const one: Exemption = {
    ...plan,
    ...{ id: "x-1", revision: 0, code: "", approvable: "2026-11-23T08:30:00.000Z" },
    state: "requested",
    at: { requested: time, active: time },
    ...change,
  };
  return { ...one, code: exemptionCode(one) };
}
