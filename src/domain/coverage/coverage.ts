import type { PlanName } from "../catalogue/extensions.ts";
import type { ProvisioningKind } from "../catalogue/provisioning.ts";
import type { Evidence, Known } from "../reading/reading.ts";
import type { Located } from "../scope/scope.ts";
import type { PodEvidence } from "./pod-evidence.ts";

export type Switch = "on" | "off";

export type ExtensionState = {
  name: string;
  state: Known<Switch>;
  /** Azure answers 200 to a plan whose extension failed: the failure is here [Pricings 2024-01-01, operationStatus]. */
  failure?: string;
  properties: Record<string, string>;
};

export type PlanState = {
  plan: Known<Switch>;
  extensions: ExtensionState[];
  /** ISO; when the plan was switched on. */
  enabledSince?: string;
  /** Set where the plan is not this scope's own: the id it is inherited from. */
  inheritedFrom?: string;
  /** Set where another side owns the plan (`managedBy`, pricings 2026-07-01). */
  managedBy?: string;
};

export type SubscriptionCoverage = Located & {
  plan: PlanState;
  /** Azure's word for the state of the subscription, where that is not `Enabled`. */
  state?: string;
  /** Other plans that give some of the same features, with their extensions; what is not here is unknown. */
  overlapping?: OtherPlan[];
  /** Names of the regulatory standards that are assigned. */
  standards?: Known<string[]>;
  provisioning: Known<Provisioning[]>;
};

/** Another plan that gives some of the same features. An extension that is not listed is unknown. */
export type OtherPlan = Pick<PlanState, "plan" | "extensions"> & { name: PlanName };

/** Those that are on and are paid for; none also where they weren't read. */
export function otherPlans({ overlapping = [] }: Pick<SubscriptionCoverage, "overlapping">): PlanName[] {
  return overlapping
    .filter(({ name, plan }) => name !== "FoundationalCspm" && plan.known && plan.value === "on")
    .map(({ name }) => name);
}

/** Where nothing asks for the sensor, and nothing of it was seen in the cluster. */
export function neverHadSensor({ pods, sensorProfile }: Pick<ClusterCoverage, "pods" | "sensorProfile">) {
  const asked = !sensorProfile.known || sensorProfile.value === "on";
  return !asked && pods?.known === true && pods.value.installed.length === 0;
}

/** A policy assignment that installs the sensor or the add-on, known by its definition id. */
export type Provisioning = {
  kind: ProvisioningKind;
  /** Of the assignment: which scope it holds for. */
  id?: string;
  name: string;
  displayName: string;
  /** False where the portal created it with a localised name: the sensor was then not deployed [facts/defender.md]. */
  englishName: boolean;
  workspace?: string;
  /** Whether it still exists; left out where none is named. */
  workspaceExists?: Known<boolean>;
};

export type NodePool = { name: string; os: "linux" | "windows"; count: number };

export type ClusterCoverage = Located & {
  id: string;
  name: string;
  location: string;
  kubernetesVersion: string;
  power: Known<"running" | "stopped">;
  /** Set while Azure creates or deletes it: what it answers then may change at any moment. */
  passing?: { value: "creating" | "deleting"; evidence: Evidence };
  private: boolean;
  /** AKS Automatic: its sensor comes by Helm, so the profile does not show it. */
  automatic: boolean;
  nodes: Known<{ linux: number; windows: number }>;
  /** Left out where Azure named none, or one without a count. */
  pools?: NodePool[];
  /** vCores of its nodes, which the plan bills. */
  cores?: Known<number>;
  /** `securityProfile.defender.securityMonitoring.enabled`: what was asked for, not yet what runs. */
  sensorProfile: Known<Switch>;
  policyAddon: Known<Switch>;
  workspace: Known<string | undefined>;
  /** Whether it still exists; left out where none is named. */
  workspaceExists?: Known<boolean>;
  /** Tag `ms_defender_container_exclude_sensors=true`. */
  excluded: Known<boolean>;
  /** That tag as the cluster has it, where it has it: `NAME=VALUE`. */
  exclusionTag?: string;
  /** Set where Azure answered neither a security profile nor add-ons: both are off then, or the answer has a gap. */
  noProfiles?: true;
  /** Set where the cluster has a plan of its own. */
  plan?: PlanState;
  /** What runs in it; undefined where it was not looked at. */
  pods?: Known<PodEvidence>;
  /** How much Defender shows of its containers; undefined where it was not looked at. */
  assessed?: Known<number>;
};

/** What says that the sensor comes by Helm, as evidence; undefined where nothing does. */
export function helmInstalled(
  cluster: Pick<ClusterCoverage, "automatic">,
  plan: PlanState | undefined,
): string | undefined {
  if (cluster.automatic) return "sku.name: Automatic";
  const sensor = plan?.extensions.find(({ name }) => name === "ContainerSensor");
  const [name, method = ""] =
    Object.entries(sensor?.properties ?? {}).find(([key]) => /^installationmethod$/i.test(key)) ?? [];
  return /helm/i.test(method) ? `ContainerSensor.${name}: ${method}` : undefined;
}

export type RegistryCoverage = Located & {
  id: string;
  name: string;
  location: string;
  sku: string;
  /** Set where the registry has a plan of its own. */
  plan?: PlanState;
};

export type Coverage = {
  subscriptions: SubscriptionCoverage[];
  clusters: ClusterCoverage[];
  registries: RegistryCoverage[];
};
