import { atOnce, type Steps } from "../../text/yield-to-event-loop.ts";
import {
  type Feature,
  type FeatureGroup,
  featureGroups,
  features,
  type Need,
} from "../catalogue/features.ts";
import type { Evidence } from "../reading/reading.ts";
import { idle } from "./cluster-inputs.ts";
import type { ClusterCoverage, Coverage, RegistryCoverage, SubscriptionCoverage } from "./coverage.ts";
import { evaluate } from "./feature-inputs.ts";
import { type FeatureValue, type Ground, type Outcome, whole } from "./feature-value.ts";
import type { Gap } from "./gap.ts";

/** One feature at one place. `members`: of a subscription, how many of its clusters and registries have which value. */
export type FeatureCell = Outcome & { members?: Record<FeatureValue, number> };

export type PlaceFeatures = {
  on: Gap["on"];
  subscription: Gap["subscription"];
  /** Of all features, in the order of the catalogue; places that have an outcome in common share it. */
  cells: FeatureCell[];
};

export type FeatureMatrix = {
  subscriptions: PlaceFeatures[];
  clusters: PlaceFeatures[];
  registries: PlaceFeatures[];
};

/** What a place costs, in the unit of `Steps`. */
const placeWork = 70;

/**
 * Every feature of the catalogue at every place, with its evidence. Pure: what was not read is unknown.
 * @param at ISO time of the reading
 */
export function featureMatrix(coverage: Coverage, at: string): FeatureMatrix {
  return atOnce(featureMatrixSteps(coverage, at));
}

/** The same in steps, for an estate of any size. */
export function* featureMatrixSteps(coverage: Coverage, at: string): Steps<FeatureMatrix> {
  const nothing: Evidence = { source: "–", said: "not read", at };
  const groundOf = grounds(coverage, nothing);
  const placed: Record<"cluster" | "registry", PlaceFeatures[]> = { cluster: [], registry: [] };
  for (const cluster of coverage.clusters) {
    placed.cluster.push(placeFeatures({ ...groundOf(cluster, "cluster"), cluster }, "cluster"));
    yield placeWork;
  }
  for (const one of coverage.registries) {
    placed.registry.push(placeFeatures(groundOf(one, "registry"), "registry"));
    yield placeWork;
  }
  const { cluster: clusters, registry: registries } = placed;
  const members = Map.groupBy([...clusters, ...registries], ({ subscription }) => subscription.id);
  const subscriptions: PlaceFeatures[] = [];
  for (const one of coverage.subscriptions) {
    subscriptions.push(subscriptionFeatures(one, members.get(one.subscription.id) ?? [], nothing));
    yield placeWork;
  }
  return { subscriptions, clusters, registries };
}

/** What is known of each cluster and registry; those of one subscription share what follows from its plans. */
export function grounds({ subscriptions }: Coverage, nothing: Evidence) {
  const wholes = new Map(subscriptions.map((one) => [one.subscription.id, one]));
  const shared = new Map(subscriptions.map((one) => [one.subscription.id, new Map<Need, Outcome>()]));
  return (place: ClusterCoverage | RegistryCoverage, kind: "cluster" | "registry"): Ground => {
    const { id } = place.subscription;
    const holder = wholes.get(id);
    const on = { kind, id: place.id, name: place.name };
    const owner = place.plan ? on : subscriptionGap(place.subscription);
    const state = place.plan ?? holder?.plan;
    return {
      on,
      subscription: place.subscription,
      nothing,
      shared: (!place.plan && shared.get(id)) || new Map(),
      own: new Map(),
      ...(holder && { whole: holder }),
      ...(state && { containers: { state, owner } }),
    };
  };
}

/** How many cells have each value; nothing is left out, so no share hides an unknown. */
export function countValues(cells: readonly Pick<Outcome, "value">[]): Record<FeatureValue, number> {
  const counts = { off: 0, partial: 0, unknown: 0, on: 0, "not-applicable": 0 };
  for (const { value } of cells) counts[value]++;
  return counts;
}

const indexesOf = Object.fromEntries(
  featureGroups.map((group) => [
    group,
    features.flatMap((feature, index) => (feature.group === group ? [index] : [])),
  ]),
) as Record<FeatureGroup, number[]>;

/** The cells of one group of features, without those that a place of that kind never has. */
export function groupCells({ cells }: PlaceFeatures, group: FeatureGroup): FeatureCell[] {
  return indexesOf[group].map((index) => cells[index]!).filter(isThere);
}

/** False where a feature doesn't exist at that kind of place: then nothing was looked at. */
export function isThere({ because }: FeatureCell): boolean {
  return because.length > 0;
}

function placeFeatures(ground: Ground, kind: "cluster" | "registry"): PlaceFeatures {
  const cells = features.map((feature) => cellOf(feature, ground, kind));
  return { on: ground.on, subscription: ground.subscription, cells };
}

const nowhere: Outcome = { value: "not-applicable", because: [] };

function cellOf(feature: Feature, ground: Ground, kind: "cluster" | "registry"): Outcome {
  const need = feature.needs[kind];
  if (!need) return nowhere;
  const resting = feature.nodes && ground.cluster ? idle(ground.cluster) : undefined;
  return resting ? { value: "not-applicable", because: [{ evidence: resting }] } : evaluate(need, ground);
}

/** What holds in a subscription: its members decide; without any, its settings, which new ones get. */
function subscriptionFeatures(
  one: SubscriptionCoverage,
  members: readonly PlaceFeatures[],
  nothing: Evidence,
): PlaceFeatures {
  const ground = groundOfSubscription(one, nothing);
  const cells = features.map((feature, index): FeatureCell => {
    const outcomes = members.flatMap((member) => (hasPlace(feature, member) ? member.cells[index]! : []));
    if (outcomes.length > 0) return { ...whole(outcomes), members: countValues(outcomes) };
    const kinds = (["cluster", "registry"] as const).filter((kind) => feature.needs[kind]);
    return whole(kinds.map((kind) => cellOf(feature, ground, kind)));
  });
  return { on: ground.on, subscription: ground.subscription, cells };
}

function hasPlace({ needs }: Feature, { on: { kind } }: PlaceFeatures): boolean {
  return kind !== "subscription" && needs[kind] !== undefined;
}

/** What is known of a subscription itself. */
export function groundOfSubscription(one: SubscriptionCoverage, nothing: Evidence): Ground {
  const { subscription, plan: state } = one;
  const on = subscriptionGap(subscription);
  const containers = { state, owner: on };
  return { on, subscription, containers, whole: one, nothing, shared: new Map(), own: new Map() };
}

function subscriptionGap({ id, name }: Gap["subscription"]): Gap["on"] {
  return { kind: "subscription", id, name };
}
