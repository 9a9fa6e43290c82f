import { listed } from "../../../text/listed.ts";
import { knownExtensions } from "../../catalogue/extensions.ts";
import { features } from "../../catalogue/features.ts";
import type { Known, Read } from "../../reading/reading.ts";
import { readResourceId } from "../../resource-id.ts";
import type { Located } from "../../scope/scope.ts";
import { assessedWithinMinutes, isOverdue } from "../assessed.ts";
import type {
  ClusterCoverage,
  Coverage,
  PlanState,
  RegistryCoverage,
  SubscriptionCoverage,
  Switch,
} from "../coverage.ts";
import { type ClusterStatus, summariseCoverage } from "../coverage-summary.ts";
import { evaluate } from "../feature-inputs.ts";
import { grounds } from "../feature-matrix.ts";
import type { FeatureValue } from "../feature-value.ts";
import type { Sighted, Sighting, Thing, Within } from "./watch-state.ts";

/** A node as the cluster itself shows it. */
export type NodeSeen = {
  name: string;
  pool: string;
  os: string;
  ready: boolean;
  sensor: "ready" | "not-ready" | "absent" | "unknown";
};

/** A sensor that restarts, or a new node that gets one, is not lost. */
export const lostAfterMinutes = 15;
/** Provisioning installs the sensor on a new cluster within this time; unconfirmed for large estates. */
const provisioningMinutes = 60;
/** Seen at a second look: Resource Graph may miss rows once, or have one without its profiles. */
const secondLookMinutes = 1 / 60;
/** What a registry has to have, to be covered. */
const imagesScanned = features.find(({ id }) => id === "registry-images")!.needs.registry!;
const namesShown = 5;

/**
 * What was looked at besides. `nodes`: by cluster id, of the clusters that were reached. `data`: how much Defender shows of
 * what runs inside a cluster, by its id in lower case, where anything was read of it. `since`: by cluster id, since when
 * the oldest of its workloads has been running.
 */
export type Looked = {
  nodes: ReadonlyMap<string, readonly NodeSeen[]>;
  data?: ReadonlyMap<string, number>;
  since?: ReadonlyMap<string, string>;
};

/** Everything that a reading says for certain, at `at`. */
export function sightingsOf(
  read: Read<Coverage>,
  at: string,
  { nodes, data, since }: Looked = { nodes: new Map() },
): Sighted {
  const { subscriptions, clusters, registries } = read.value;
  const unread = new Set(read.unread.map(({ id }) => id.toLowerCase()));
  const plans = new Map(subscriptions.map((one) => [one.subscription.id, one.plan]));
  const groundOf = grounds(read.value, { source: "–", said: "not read", at });
  const things = [
    ...subscriptions.map((one) => subscriptionThing(one, read.value)),
    ...summariseCoverage(read.value).clusters.map((status) =>
      clusterThing(status, plans.get(status.cluster.subscription.id), {
        nodes: nodes.get(status.cluster.id),
        data: data?.get(status.cluster.id.toLowerCase()),
        overdue: isOverdue(since?.get(status.cluster.id), at),
      }),
    ),
    ...registries.map((registry) =>
      registryThing(registry, evaluate(imagesScanned, groundOf(registry, "registry")).value),
    ),
  ];
  const ids = [...subscriptions, ...clusters, ...registries].map(({ subscription }) => subscription.id);
  return {
    at,
    asOf: read.asOf,
    things,
    read: new Set(ids.filter((id) => !unread.has(id.toLowerCase()))),
    unread,
  };
}

/** The clusters whose nodes may be asked for: running, and meant to have the sensor. */
export function clustersToReach({ clusters, subscriptions }: Coverage): ClusterCoverage[] {
  const plans = new Map(subscriptions.map((one) => [one.subscription.id, one.plan]));
  return clusters.filter(
    (cluster) =>
      is(cluster.power, "running") &&
      !is(cluster.sensorProfile, "off") &&
      wantsSensor(cluster.plan ?? plans.get(cluster.subscription.id)),
  );
}

/** A sighting for each pool of Linux nodes that are ready; one whose sensor is nowhere lost and somewhere unknown has none. */
function nodeSightings(nodes: readonly NodeSeen[]): Sighting[] {
  const asked = nodes.filter(({ os, ready }) => os === "linux" && ready);
  return [...Map.groupBy(asked, ({ pool }) => pool)].flatMap(([pool, some]): Sighting[] => {
    const lost = some.filter(({ sensor }) => sensor === "absent" || sensor === "not-ready");
    if (lost.length === 0 && some.some(({ sensor }) => sensor === "unknown")) return [];
    const names = lost.map(({ name }) => name);
    const detail = listed(names, namesShown);
    return [
      {
        sort: "sensor-lost",
        what: pool,
        lost: lost.length > 0,
        confirmMinutes: lostAfterMinutes,
        ...(lost.length > 0 && { detail }),
      },
    ];
  });
}

/**
 * Nothing is said of a cluster whose sensor isn't ready on every node: that cause is reported by itself. `overdue`: what
 * runs there is so old that it must have been assessed; else the workloads may be new, and the interval has to pass.
 */
function dataSighting(nodes: readonly NodeSeen[], data: number, overdue: boolean): Sighting[] {
  const linux = nodes.filter(({ os, ready }) => os === "linux" && ready);
  const isReady = linux.length > 0 && linux.every(({ sensor }) => sensor === "ready");
  const confirmMinutes = overdue ? secondLookMinutes : assessedWithinMinutes;
  return isReady ? [{ sort: "blind", lost: data === 0, confirmMinutes }] : [];
}

/** The part of a resource's id below its subscription, in lower case: Azure's ids come in mixed case. */
export function shortId(id: string): string {
  return id.toLowerCase().replace(/^\/subscriptions\/[^/]+/, "");
}

function subscriptionThing({ subscription, plan }: SubscriptionCoverage, all: Coverage): Thing {
  const here = (one: Located) => one.subscription.id === subscription.id;
  return {
    subscription,
    kind: "subscription",
    id: "",
    name: subscription.name,
    sightings: planSightings(plan),
    within: [
      ...all.clusters.filter(here).map((one) => ({ ...withinOf(one), cluster: one.name })),
      ...all.registries.filter(here).map((one) => ({ ...withinOf(one), registry: one.name })),
    ],
  };
}

function clusterThing(
  { cluster, verdict, plan: inForce }: ClusterStatus,
  plan: PlanState | undefined,
  { nodes, data, overdue }: { nodes?: readonly NodeSeen[]; data?: number; overdue: boolean },
): Thing {
  const { sensorProfile, policyAddon, excluded, noProfiles, workspaceExists, workspace } = cluster;
  const wanted = wantsSensor(cluster.plan ?? plan);
  const twice = noProfiles && { confirmMinutes: secondLookMinutes };
  return {
    ...placeOf(cluster),
    cluster: cluster.name,
    kind: "cluster",
    id: shortId(cluster.id),
    name: cluster.name,
    sightings: [
      ...(cluster.plan ? planSightings(cluster.plan) : inherited(plan)),
      // Without the plan or its sensor extension the cause is there, and is reported there.
      ...(wanted ? switchSighting("sensor-off", sensorProfile, twice) : []),
      ...(wanted && nodes ? nodeSightings(nodes) : []),
      ...(wanted && nodes && data !== undefined ? dataSighting(nodes, data, overdue) : []),
      ...(wanted && is(sensorProfile, "on") && workspaceExists?.known && workspace.known
        ? [workspaceSighting(!workspaceExists.value, workspace.value)]
        : []),
      ...(excluded.known ? [{ sort: "sensor-excluded" as const, lost: excluded.value }] : []),
      ...switchSighting("policy-off", policyAddon, twice),
      ...(verdict === "unknown" ? [] : [uncovered(verdict !== "covered", is(inForce, "off"))]),
    ],
    ...(nodes && { pools: [...new Set(nodes.map(({ pool }) => pool))] }),
  };
}

/** Covered by its own plan, its subscription's, or by another one that scans images. */
function registryThing(registry: RegistryCoverage, scanned: FeatureValue): Thing {
  return {
    ...placeOf(registry),
    registry: registry.name,
    kind: "registry",
    id: shortId(registry.id),
    name: registry.name,
    sightings: scanned === "on" || scanned === "off" ? [uncovered(scanned === "off", true)] : [],
  };
}

function withinOf({ resourceGroup }: Located): Within {
  return resourceGroup === undefined ? {} : { resourceGroup };
}

function placeOf(one: Located): Located {
  return { subscription: one.subscription, ...withinOf(one) };
}

/** `sure`: nothing is on its way that would cover it. */
function uncovered(lost: boolean, sure: boolean): Sighting {
  return { sort: "uncovered", lost, ...(!sure && { confirmMinutes: provisioningMinutes }) };
}

/** While the plan is off, its extensions are off with it: they stay what they were. */
function planSightings({ plan, extensions }: PlanState): Sighting[] {
  if (!plan.known) return [];
  if (plan.value === "off") return [{ sort: "plan-off", lost: true }];
  return [
    { sort: "plan-off", lost: false },
    ...extensions.flatMap(({ name, state }) =>
      state.known ? [{ sort: "extension-off" as const, what: name, lost: state.value === "off" }] : [],
    ),
  ];
}

/** A cluster without a plan of its own lacks nothing of its own, as long as the subscription's is on. */
function inherited(plan: PlanState | undefined): Sighting[] {
  if (!is(plan?.plan, "on")) return [];
  const extensions = knownExtensions.map(({ name: what }) => ({
    sort: "extension-off" as const,
    what,
    lost: false,
  }));
  return [{ sort: "plan-off", lost: false }, ...extensions];
}

function switchSighting(
  sort: "sensor-off" | "policy-off",
  value: Known<Switch>,
  twice: Pick<Sighting, "confirmMinutes"> = {},
): Sighting[] {
  return value.known ? [{ sort, lost: value.value === "off", ...twice }] : [];
}

/** Workspaces are a list of Resource Graph's, which may miss a row once. */
function workspaceSighting(lost: boolean, id = ""): Sighting {
  const detail = lost ? { detail: readResourceId(id)?.name ?? id } : {};
  return { sort: "workspace-missing", lost, confirmMinutes: secondLookMinutes, ...detail };
}

function wantsSensor(plan: PlanState | undefined): boolean {
  const sensor = plan?.extensions.find(({ name }) => name === "ContainerSensor");
  return is(plan?.plan, "on") && !is(sensor?.state, "off");
}

function is<T>(value: Known<T> | undefined, wanted: T): boolean {
  return value?.known === true && value.value === wanted;
}
