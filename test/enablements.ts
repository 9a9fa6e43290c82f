import {
  type Enablement,
  type EnablementPlan,
  enablementCode,
  type PlannedStep,
} from "../src/domain/enablement/enablement.ts";

const time = "2026-11-23T08:00:00.000Z";
const subscription = { id: "s1", name: "prod-east" };
const on = { kind: "subscription" as const, id: subscription.id, name: subscription.name };

/** The plan of a subscription, off and wanted with one extension. */
export const planStep: PlannedStep = {
  kind: "plan",
  on,
  subscription,
  before: { pricingTier: "Free", ContainerSensor: "off" },
  after: { pricingTier: "Standard", ContainerSensor: "on" },
};

/** A requested enablement of a whole subscription. */
export function enablementOf(change: Partial<Enablement> = {}): Enablement {
  const plan: EnablementPlan = {
    ...{ scope: { kind: "sub", pattern: subscription.id }, on, subscription },
    ...{ steps: [planStep], left: [], billable: { cores: 12, unknown: 0 } },
    permissions: ["Microsoft.Security/pricings/write"],
    requester: "U0MEMBER001",
    channel: "C0CHANNEL01",
  };
  const one: Enablement = {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, state: "waiting" })),
    ...{ id: "e-1", revision: 0, code: "", approvable: "2026-11-23T08:30:00.000Z" },
    state: "requested",
    at: { requested: time },
    ...change,
  };
  return { ...one, code: enablementCode(one) };
}
