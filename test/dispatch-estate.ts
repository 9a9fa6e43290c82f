import type { Compliance, Control, ControlState } from "../src/domain/compliance/compliance.ts";
import type { ClusterCoverage, Coverage, PlanState, Switch } from "../src/domain/coverage/coverage.ts";
import type { Evidence, Known } from "../src/domain/reading/reading.ts";
import type { Assessment } from "../src/domain/recommendations/recommendation.ts";

export const evidence: Evidence = {
  source: "Microsoft.Security/pricings",
  said: "Standard",
  at: "2026-11-23T08:00:00Z",
};
export const known = <T>(value: T): Known<T> => ({ known: true, value, evidence });
export const unknown = <T>(why: string): Known<T> => ({ known: false, why, evidence });

export const east = { subscription: { id: "s1", name: "prod-east" } };
export const dev = { subscription: { id: "s2", name: "開発" } };

export function planOf(plan: Switch, off: string[] = []): PlanState {
  const names = ["AgentlessDiscoveryForKubernetes", "ContainerSensor"];
  const state = (name: string) => known<Switch>(off.includes(name) ? "off" : "on");
  return {
    plan: known(plan),
    extensions: plan === "off" ? [] : names.map((name) => ({ name, state: state(name), properties: {} })),
  };
}

export function clusterOf(name: string, about: Partial<ClusterCoverage> = {}): ClusterCoverage {
  return {
    ...east,
    resourceGroup: "rg-shop",
    cluster: name,
    id: `/subscriptions/s1/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/${name}`,
    name,
    location: "westeurope",
    kubernetesVersion: "1.34",
    power: known("running"),
    automatic: false,
    private: false,
    nodes: known({ linux: 3, windows: 0 }),
    sensorProfile: known("on"),
    policyAddon: known("on"),
    workspace: known(undefined),
    excluded: known(false),
    ...about,
  };
}

const assignment = { englishName: true, name: "p1" };
const provisioning = known([
  {
    ...assignment,
    kind: "sensor" as const,
    displayName: "Defender for Containers provisioning AKS Security Profile",
  },
  {
    ...assignment,
    kind: "policy-addon" as const,
    displayName: "Defender for Containers provisioning Azure Policy",
  },
]);

/** Two subscriptions: one with the plan and a gap, one without; four clusters of every kind. */
export const coverage: Coverage = {
  subscriptions: [
    {
      ...east,
      plan: planOf("on", ["AgentlessDiscoveryForKubernetes"]),
      overlapping: [{ name: "CloudPosture", plan: known("on"), extensions: [] }],
      provisioning,
    },
    { ...dev, plan: planOf("off"), provisioning: unknown("AuthorizationFailed") },
  ],
  clusters: [
    clusterOf("aks-shop"),
    clusterOf("aks-private", { private: true, sensorProfile: known("off"), policyAddon: known("off") }),
    clusterOf("aks-unread", { sensorProfile: unknown("AuthorizationFailed") }),
    clusterOf("aks-開発", { ...dev, power: known("stopped"), excluded: known(true) }),
  ],
  registries: [
    { ...east, registry: "acrshop", id: "/acr", name: "acrshop", location: "westeurope", sku: "Premium" },
  ],
};

export function assessmentOf(key: string, cluster: string, about: Partial<Assessment> = {}): Assessment {
  return {
    key,
    title: `Recommendation ${key}`,
    type: "control-plane",
    severity: "high",
    status: "unhealthy",
    cause: "",
    since: "2026-11-01T00:00:00Z",
    resource: { id: `/clusters/${cluster}`, name: cluster, kind: "cluster" },
    place: { ...east, cluster },
    description: "What it is about.",
    remediation: "What to do.",
    portal: "https://portal.azure.com/#blade/x",
    ...about,
  };
}

const control = (id: string, state: ControlState, failed = 0, passed = 0): Control => ({
  ...{ id, state, failed, passed },
  skipped: 0,
});

/** Two standards in the first subscription, one of them in the second as well. */
export const compliance: Compliance = {
  standards: [
    {
      ...east,
      key: "cis-azure-kubernetes-service-(aks)-benchmark",
      name: "CIS Azure Kubernetes Service (AKS) Benchmark",
      controls: [
        control("4.2.1", "failed", 1, 2),
        control("4.2.10", "passed", 0, 1),
        control("3.1.1", "manual"),
      ],
      missing: 0,
    },
    ...[east, dev].map(({ subscription }, index) => ({
      subscription,
      key: "microsoft-cloud-security-benchmark",
      name: "Microsoft cloud security benchmark",
      controls: [
        control("LT-1", index === 0 ? "passed" : "failed", index, 1),
        control("NS-2", "passed", 0, 3),
      ],
      missing: 0,
    })),
  ],
  titles: [
    {
      key: "cis-azure-kubernetes-service-(aks)-benchmark",
      titles: { "4.2.1": "Minimize the admission of privileged containers", "3.1.1": "File permissions" },
    },
    { key: "microsoft-cloud-security-benchmark", titles: { "LT-1": "Enable threat detection capabilities" } },
  ],
};

export const assessments: Assessment[] = [
  assessmentOf("k-sensor", "aks-private"),
  assessmentOf("k-sensor", "aks-shop", { status: "healthy" }),
  assessmentOf("k-limits", "aks-shop", { type: "data-plane", severity: "medium" }),
  assessmentOf("k-limits", "aks-private", { type: "data-plane", severity: "medium" }),
  assessmentOf("k-fine", "aks-shop", { status: "healthy", severity: "low" }),
];
