import type { PlanName } from "../catalogue/extensions.ts";
import type { Need } from "../catalogue/features.ts";
import type { Evidence } from "../reading/reading.ts";
import type { ClusterCoverage, PlanState, SubscriptionCoverage } from "./coverage.ts";
import type { Gap, GapKind } from "./gap.ts";

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
  /** What follows from plans and standards, by need: the same for every place of a subscription without a plan of its own. */
  shared: Map<Need, Outcome>;
  /** What this place itself decides. */
  own: Map<Need, Outcome>;
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
  return first(outcomes, { "not-applicable": 0, off: 1, unknown: 2, partial: 3, on: 4 });
}

/** One is enough. Where none is on, an unknown one may be. */
export function anyOf(outcomes: readonly Outcome[]): Outcome {
  return first(outcomes, { on: 0, unknown: 1, partial: 2, off: 3, "not-applicable": 4 });
}

/** The value of the lowest rank that occurs, with the reasons of all that have it. */
function first(outcomes: readonly Outcome[], rank: Record<FeatureValue, number>): Outcome {
  let value = outcomes[0]?.value ?? "not-applicable";
  for (const one of outcomes) if (rank[one.value] < rank[value]) value = one.value;
  return together(
    value,
    outcomes.filter((outcome) => outcome.value === value),
  );
}

/** The same outcome again costs nothing: an estate has a hundred thousand of them. */
function together(value: FeatureValue, deciding: readonly Outcome[]): Outcome {
  const [only] = deciding;
  if (only?.value === value && deciding.every((one) => one === only)) return only;
  return { value, because: deciding.flatMap(({ because }) => because) };
}

/** How many cells have each value; nothing is left out, so no share hides an unknown. */
export function countValues(cells: readonly Pick<Outcome, "value">[]): Record<FeatureValue, number> {
  const counts = { off: 0, partial: 0, unknown: 0, on: 0, "not-applicable": 0 };
  for (const { value } of cells) counts[value]++;
  return counts;
}

/** Of a whole by its members: on only where all are; a mixture is partial whatever the unknown ones are. */
export function whole(outcomes: readonly Outcome[], counts = countValues(outcomes)): Outcome {
  const { partial, on, off, unknown } = counts;
  if (partial + on + off + unknown === 0) return together("not-applicable", outcomes);
  const relevant = outcomes.filter(({ value }) => value !== "not-applicable");
  if (partial > 0 || (on > 0 && off > 0))
    return together(
      "partial",
      relevant.filter(({ value }) => value !== "on"),
    );
  return together(unknown > 0 ? "unknown" : off > 0 ? "off" : "on", relevant);
}
