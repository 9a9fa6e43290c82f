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
import { countValues, type FeatureValue, type Ground, type Outcome, whole } from "./feature-value.ts";
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
    placed.cluster.push(placeFeatures(groundOf(cluster, "cluster", cluster), "cluster"));
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
  return (
    place: ClusterCoverage | RegistryCoverage,
    kind: "cluster" | "registry",
    cluster?: ClusterCoverage,
  ): Ground => {
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
      whole: holder,
      containers: state && { state, owner },
      cluster,
    };
  };
}

const indexesOf = Object.fromEntries(
  featureGroups.map((group) => [
    group,
    features.flatMap((feature, index) => (feature.group === group ? [index] : [])),
  ]),
) as Record<FeatureGroup, number[]>;

/** How many cells of one group of features have each value, without those that a place of that kind never has. */
export function countGroup(
  places: readonly PlaceFeatures[],
  group: FeatureGroup,
): Record<FeatureValue, number> {
  const counts = countValues([]);
  for (const { cells } of places)
    for (const index of indexesOf[group]) if (isThere(cells[index]!)) counts[cells[index]!.value]++;
  return counts;
}

/** False where a feature doesn't exist at that kind of place: then nothing was looked at. */
export function isThere({ because }: FeatureCell): boolean {
  return because.length > 0;
}

const nowhere: Outcome = { value: "not-applicable", because: [] };

function placeFeatures(ground: Ground, kind: "cluster" | "registry"): PlaceFeatures {
  const evidence = ground.cluster && idle(ground.cluster);
  const resting: Outcome | undefined = evidence && { value: "not-applicable", because: [{ evidence }] };
  const cells = features.map(({ needs, nodes }) => {
    const need = needs[kind];
    return need ? ((nodes && resting) ?? evaluate(need, ground)) : nowhere;
  });
  return { on: ground.on, subscription: ground.subscription, cells };
}

/** What holds in a subscription: its members decide; without any, its settings, which new ones get. */
function subscriptionFeatures(
  one: SubscriptionCoverage,
  members: readonly PlaceFeatures[],
  nothing: Evidence,
): PlaceFeatures {
  const ground = groundOfSubscription(one, nothing);
  const cells = features.map((feature, index): FeatureCell => {
    const outcomes: FeatureCell[] = [];
    for (const member of members) if (hasPlace(feature, member)) outcomes.push(member.cells[index]!);
    const counts = countValues(outcomes);
    if (outcomes.length > 0) return { ...whole(outcomes, counts), members: counts };
    const { cluster, registry } = feature.needs;
    return whole([cluster, registry].flatMap((need) => (need ? evaluate(need, ground) : [])));
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
