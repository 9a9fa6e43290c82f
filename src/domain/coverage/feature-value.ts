import type { PlanName } from "../catalogue/extensions.ts";
import type { Need } from "../catalogue/features.ts";
import type { Evidence } from "../reading/reading.ts";
import type { ClusterCoverage, PlanState, SubscriptionCoverage } from "./coverage.ts";
import type { Gap, GapKind } from "./coverage-summary.ts";

export const featureValues = ["off", "partial", "unknown", "on", "not-applicable"] as const;
export type FeatureValue = (typeof featureValues)[number];

/** Why a feature has its value: the evidence, what keeps it from working, the plan that provides it. */
export type Reason = { evidence: Evidence; gap?: Gap; plan?: PlanName };
export type Outcome = { value: FeatureValue; because: Reason[] };

/** Everything that is known of one place. `containers`: the plan that holds there, and whose it is. */
export type Ground = {
  on: Gap["on"];
  subscription: Gap["subscription"];
  containers?: { state: PlanState; owner: Gap["on"] };
  whole?: SubscriptionCoverage;
  /** What follows from the plans alone, by need: the same for every place of a subscription that has no plan of its own. */
  fromPlans: Map<Need, Outcome>;
  cluster?: ClusterCoverage;
  /** Evidence for what was not read at all. */
  nothing: Evidence;
};

/** Whose gap it is. */
export type Whose = Pick<Ground, "on" | "subscription">;

/** A gap of a place; by default of the one that is looked at. */
export function gapOf(
  kind: GapKind,
  { on, subscription }: Whose,
  evidence: Evidence,
  more: Partial<Gap> = {},
): Gap {
  return { kind, on, subscription, evidence, ...more };
}

/** All are needed: the worst decides. What is off makes the rest irrelevant, also where that is unknown. */
export function allOf(outcomes: readonly Outcome[]): Outcome {
  return first(outcomes, ["not-applicable", "off", "unknown", "partial", "on"]);
}

/** One is enough. Where none is on, an unknown one may be. */
export function anyOf(outcomes: readonly Outcome[]): Outcome {
  return first(outcomes, ["on", "unknown", "partial", "off", "not-applicable"]);
}

/** The first value in this order that occurs, with the reasons of all that have it. */
function first(outcomes: readonly Outcome[], order: readonly FeatureValue[]): Outcome {
  const value = order.find((one) => outcomes.some((outcome) => outcome.value === one)) ?? "not-applicable";
  const because = outcomes.filter((outcome) => outcome.value === value).flatMap((outcome) => outcome.because);
  return { value, because };
}

/** Of a whole by its members: on only where all are; a mixture is partial whatever the unknown ones are. */
export function whole(outcomes: readonly Outcome[]): Outcome {
  const relevant = outcomes.filter(({ value }) => value !== "not-applicable");
  const values = new Set(relevant.map(({ value }) => value));
  const mixed = values.has("partial") || (values.has("on") && values.has("off"));
  const value: FeatureValue = mixed
    ? "partial"
    : values.has("unknown")
      ? "unknown"
      : values.has("off")
        ? "off"
        : values.has("on")
          ? "on"
          : "not-applicable";
  const deciding = mixed ? relevant.filter((one) => one.value !== "on") : relevant;
  const because = (relevant.length === 0 ? outcomes : deciding).flatMap((one) => one.because);
  return { value, because };
}
