import type { Coverage, PlanState, RegistryCoverage, Switch } from "../src/domain/coverage/coverage.ts";
import { type NodeSeen, sightingsOf } from "../src/domain/coverage/watch/sightings.ts";
import type { Incident, Sighted, WatchState } from "../src/domain/coverage/watch/watch-state.ts";
import type { Read, Unread } from "../src/domain/reading/reading.ts";
import { clusterOf, known } from "./dispatch-estate.ts";

const start = Date.parse("2026-11-23T08:00:00.000Z");

/** Minutes after eight. */
export const timeAt = (minutes: number) => new Date(start + minutes * 60_000).toISOString();

export const unreadOf = (id: string): Unread => ({ id, name: id, why: "denied", detail: "403" });

/** A plan with three extensions, of which some are off. */
export function planWith(plan: Switch, off: readonly string[] = []): PlanState {
  const names = ["ContainerSensor", "AgentlessVmScanning", "ContainerRegistriesVulnerabilityAssessments"];
  const state = (name: string) => known<Switch>(plan === "off" || off.includes(name) ? "off" : "on");
  return {
    plan: known(plan),
    extensions: names.map((name) => ({ name, state: state(name), properties: {} })),
  };
}

export function subscriptionOf(
  id: string,
  plan: PlanState = planWith("on"),
): Coverage["subscriptions"][number] {
  return {
    subscription: { id, name: `Subscription ${id}` },
    plan,
    provisioning: known([]),
  };
}

export function clusterIn(id: string, name: string, about: Partial<Coverage["clusters"][number]> = {}) {
  const path = `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const subscription = { id, name: `Subscription ${id}` };
  return clusterOf(name, { subscription, id: path, resourceGroup: "rg", ...about });
}

export function registryIn(id: string, name: string): RegistryCoverage {
  const path = `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`;
  const subscription = { id, name: `Subscription ${id}` };
  return {
    subscription,
    resourceGroup: "rg",
    registry: name,
    id: path,
    name,
    location: "japaneast",
    sku: "Premium",
  };
}

/** One subscription with a cluster, unless a test says otherwise. */
export function coverageOf(about: Partial<Coverage> = {}): Coverage {
  return {
    subscriptions: [subscriptionOf("s1")],
    clusters: [clusterIn("s1", "aks-1")],
    registries: [],
    ...about,
  };
}

export function readAt(
  minutes: number,
  about: Partial<Coverage> = {},
  unread: Unread[] = [],
): Read<Coverage> {
  return { value: coverageOf(about), asOf: timeAt(minutes), subscriptions: 1, unread };
}

export function sightedAt(minutes: number, about: Partial<Coverage> = {}, unread: Unread[] = []): Sighted {
  return sightingsOf(readAt(minutes, about, unread), timeAt(minutes));
}

/** Linux nodes of a pool, by name, with the state of the sensor. */
export function nodesOf(sensors: Record<string, NodeSeen["sensor"]>, pool = "apps"): NodeSeen[] {
  return Object.entries(sensors).map(([name, sensor]) => ({ name, pool, os: "linux", ready: true, sensor }));
}

/** What is reported: cause, names, and how much of it is over. */
export function reported(state: WatchState): string[] {
  return Object.values(state.incidents).map((incident) => line(incident));
}

export function line({ sort, members, ended }: Pick<Incident, "sort" | "members" | "ended">): string {
  const names = members.map(({ name, what, how }) => [name, what, how].filter(Boolean).join(" "));
  return `${sort}: ${names.join(", ")}${ended ? " (over)" : ""}`;
}
