import type { Run } from "../src/domain/simulations/simulation.ts";

const start = Date.parse("2026-11-23T08:00:00.000Z");

/** ISO time some minutes after the beginning of the test's day. */
export function time(minutes: number): string {
  return new Date(start + minutes * 60_000).toISOString();
}

/** A run as `requestRun` makes it, for tests of what is done with it. */
export function runOf(about: Partial<Run> = {}): Run {
  return {
    v: 1,
    id: "r-0123456789",
    scenario: "web-shell",
    cluster: {
      id: "/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/aks-shop",
      name: "aks-shop",
      private: false,
      tags: {},
      subscription: { id: "s1", name: "prod-east" },
      resourceGroup: "rg-shop",
      cluster: "aks-shop",
    },
    subscription: { id: "s1", name: "prod-east" },
    parameters: {},
    reason: "does it work?",
    requester: "U0REQUESTER",
    channel: "C0CHANNEL01",
    code: "abcdef",
    approvable: time(30),
    state: "requested",
    at: { requested: time(0) },
    namespace: "breakwater-simulation",
    applied: false,
    step: 0,
    log: [],
    logged: 0,
    happened: false,
    verifySeconds: 4500,
    sightings: [],
    verdicts: [],
    undone: 0,
    ...about,
  };
}
