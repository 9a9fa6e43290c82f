import type { Activity } from "./activity.ts";
import { type AlertWish, alertOf } from "./alerts.ts";
import { assessmentsOf, metadataOf } from "./assessments.ts";
import { cluster, registry } from "./containers.ts";
import { type Contents, emptyContents } from "./contents.ts";
import { guid } from "./identifiers.ts";
import { provisioning } from "./policy.ts";
import { plansOf } from "./pricings.ts";

/** A resource in Resource Manager's own JSON. */
export type Resource = {
  id: string;
  name: string;
  type: string;
  location?: string;
  tags?: Record<string, string>;
  properties: Record<string, unknown>;
  [more: string]: unknown;
};
export type Subscription = {
  id: string;
  subscriptionId: string;
  tenantId: string;
  displayName: string;
  state: "Enabled" | "Warned" | "Disabled" | "PastDue" | "Deleted";
  subscriptionPolicies: { locationPlacementId: string; quotaId: string; spendingLimit: string };
  authorizationSource: string;
  managedByTenants: { tenantId: string }[];
  tags?: Record<string, string>;
  /** The name of the management group it lies in. */
  managementGroup: string;
};
/** `parent` is the name of the group above; the root has none. */
export type ManagementGroup = { name: string; displayName: string; parent?: string };
/** Actions with wildcards, minus `notActions` [Microsoft.Authorization/permissions 2022-04-01]. */
export type Permission = {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
};
export type Alert = Resource & { properties: Record<string, unknown> & { status: string; severity: string } };

/** All that the stand-in of Azure serves. It is mutable: servers answer from what it holds at that moment. */
export type Estate = {
  tenantId: string;
  /** Grows with every change made through the functions here; pages of one Resource Graph result share it. */
  revision: number;
  managementGroups: ManagementGroup[];
  subscriptions: Subscription[];
  /** The rights of the bot's identity by subscription id; a subscription without entry is invisible to it. */
  permissions: Record<string, Permission[]>;
  clusters: Resource[];
  /** Ids of clusters whose sensor was installed by Helm by hand: no Azure resource says so. */
  helmSensors: string[];
  /** Ids of clusters whose sensor's pods crash. */
  crashingSensors: string[];
  registries: Resource[];
  /** Images, what runs of them, node pools, and what scanners know of all of these. */
  contents: Contents;
  /** Plans, at a subscription's or at one resource's scope. */
  pricings: Resource[];
  /** Extensions that can't be turned on, and what Azure says of it [Pricings 2024-01-01, operationStatus]. */
  extensionFailures: Record<string, string>;
  /** Ids of clusters of whose containers Defender shows nothing, although they run. */
  unassessed: string[];
  /** Ids of Log Analytics workspaces, in lower case; every other one that something names exists. */
  deletedWorkspaces: string[];
  policyAssignments: Resource[];
  policyExemptions: Resource[];
  /** Those that exempt [standardAssignments 2024-08-01]. */
  standardAssignments: Resource[];
  roleAssignments: Resource[];
  assessments: Resource[];
  assessmentsMetadata: Resource[];
  /** Regulatory standards that are assigned, by the names of `compliance-facts.ts`. */
  standards: { subscriptionId: string; name: string }[];
  /** Rows of compliance beside those that follow from the recommendations. */
  complianceRows: Resource[];
  alerts: Alert[];
  suppressionRules: Resource[];
  activity: Activity[];
};

/** Least privilege: what a bot needs that reads all of this and changes the state of alerts, and no more. */
export const botRole = (): Permission => ({
  actions: [
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Security/pricings/read",
    "Microsoft.Security/alerts/read",
    "Microsoft.Security/locations/alerts/read",
    "Microsoft.Security/locations/alerts/*/action",
    "Microsoft.Security/alertsSuppressionRules/read",
    "Microsoft.Security/assessments/read",
    "Microsoft.Security/assessmentMetadata/read",
    "Microsoft.Security/secureScores/read",
    "Microsoft.Security/secureScores/secureScoreControls/read",
    "Microsoft.Security/regulatoryComplianceStandards/read",
    "Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls/read",
    "Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls/regulatoryComplianceAssessments/read",
    "Microsoft.PolicyInsights/policyStates/queryResults/read",
    "Microsoft.PolicyInsights/policyStates/queryResults/action",
    "Microsoft.ContainerService/managedClusters/read",
    "Microsoft.ContainerService/managedClusters/agentPools/read",
    "Microsoft.ContainerRegistry/registries/read",
    "Microsoft.ContainerRegistry/registries/pull/read",
    "Microsoft.Kubernetes/connectedClusters/read",
    "Microsoft.OperationalInsights/workspaces/read",
    "Microsoft.Authorization/policyAssignments/read",
    "Microsoft.Authorization/policyDefinitions/read",
    "Microsoft.Authorization/policySetDefinitions/read",
    "Microsoft.Authorization/policyExemptions/read",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Insights/eventtypes/values/read",
    "Microsoft.Authorization/permissions/read",
  ],
  notActions: [],
  dataActions: [],
  notDataActions: [],
});

/** The second role, for simulations: credentials of clusters, commands inside of them, sample alerts, images. */
export const simulationRole = (): Permission => ({
  actions: [
    "Microsoft.Security/alertsSuppressionRules/read",
    "Microsoft.Security/locations/read",
    "Microsoft.Security/locations/alerts/simulate/action",
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    "Microsoft.ContainerService/managedClusters/runCommand/action",
    "Microsoft.ContainerService/managedClusters/commandResults/read",
    "Microsoft.ContainerRegistry/registries/importImage/action",
    "Microsoft.ContainerRegistry/registries/pull/read",
    "Microsoft.ContainerRegistry/registries/artifacts/delete",
  ],
  notActions: [],
  dataActions: [],
  notDataActions: [],
});

/** The third role, for suppressions and exemptions. */
export const exemptionRole = (): Permission => ({
  actions: [
    "Microsoft.Security/alertsSuppressionRules/read",
    "Microsoft.Security/alertsSuppressionRules/write",
    "Microsoft.Security/standardAssignments/read",
    "Microsoft.Security/standardAssignments/write",
    "Microsoft.Authorization/policyExemptions/read",
  ],
  notActions: [],
  dataActions: [],
  notDataActions: [],
});

/** The fourth role, for `enable`. */
export const enablementRole = (): Permission => ({
  actions: [
    "Microsoft.Security/pricings/write",
    "Microsoft.ContainerService/managedClusters/write",
    "Microsoft.OperationalInsights/workspaces/sharedkeys/read",
    "Microsoft.OperationsManagement/solutions/write",
    "Microsoft.Network/virtualNetworks/subnets/join/action",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    "Microsoft.Authorization/policyAssignments/write",
    "Microsoft.Authorization/roleAssignments/read",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Security/securityStandards/read",
    "Microsoft.Security/standardAssignments/read",
    "Microsoft.Security/standardAssignments/write",
  ],
  notActions: [],
  dataActions: [],
  notDataActions: [],
});

/** An estate with a root management group and nothing else. */
export function emptyEstate(name = "contoso"): Estate {
  const tenantId = guid(`tenant ${name}`);
  return {
    tenantId,
    revision: 0,
    managementGroups: [{ name: tenantId, displayName: "Tenant Root Group" }],
    subscriptions: [],
    permissions: {},
    clusters: [],
    helmSensors: [],
    crashingSensors: [],
    registries: [],
    contents: emptyContents(),
    pricings: [],
    extensionFailures: {},
    unassessed: [],
    deletedWorkspaces: [],
    policyAssignments: [],
    policyExemptions: [],
    standardAssignments: [],
    roleAssignments: [],
    assessments: [],
    assessmentsMetadata: metadataOf(),
    standards: [],
    complianceRows: [],
    alerts: [],
    suppressionRules: [],
    activity: [],
  };
}

/** Adds a subscription that the bot's role reads, with its plans and provisioning assignments. */
export function addSubscription(
  estate: Estate,
  displayName: string,
  options: {
    plan?: "on" | "off" | "partial";
    localised?: boolean;
    managementGroup?: string;
    quiet?: boolean;
    /** Foundational CSPM; null: not among the plans that are listed. */
    foundational?: boolean | null;
  } = {},
): Subscription {
  const subscriptionId = guid(`subscription ${displayName}`);
  const added: Subscription = {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId: estate.tenantId,
    displayName,
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Internal_2014-09-01",
      quotaId: "EnterpriseAgreement_2014-09-01",
      spendingLimit: "Off",
    },
    authorizationSource: "RoleBased",
    managedByTenants: [],
    tags: {},
    managementGroup: options.managementGroup ?? estate.tenantId,
  };
  const { foundational = true } = options;
  estate.subscriptions.push(added);
  estate.permissions[subscriptionId] = [botRole(), simulationRole(), exemptionRole(), enablementRole()];
  estate.pricings.push(...plansOf(added.id, options.plan ?? "on", foundational ?? undefined));
  if (!options.quiet) estate.policyAssignments.push(...provisioning(added.id, options.localised ?? false));
  estate.revision++;
  return added;
}

/** Puts an alert into the estate and returns it; what is not wished for is made up from the estate. */
export function newAlert(estate: Estate, wish: AlertWish = {}): Alert {
  const number = estate.alerts.length;
  const at = wish.at ?? new Date();
  const alert = alertOf(estate, { ...wish, at, number: wish.number ?? number });
  estate.alerts.push(alert);
  estate.revision++;
  return alert;
}

/** Changes properties of an alert in place, for example `{ status: "Resolved" }`. */
export function changeAlert(estate: Estate, alert: Alert, properties: Record<string, unknown>): Alert {
  Object.assign(alert.properties, properties);
  estate.revision++;
  return alert;
}

export type EstateSize = {
  subscriptions?: number;
  /** Default: one for each subscription. */
  clusters?: number;
  registries?: number;
  alerts?: number;
  /** Whether every cluster and registry has its recommendations; default true. */
  recommendations?: boolean;
};

/**
 * An estate of a size, for tests and benchmarks: resources and alerts are dealt out over the subscriptions in turn,
 * alerts lie `now` minus one minute each. Deterministic for the same arguments.
 */
export function estateOf(size: EstateSize, now: Date): Estate {
  const estate = emptyEstate();
  const count = size.subscriptions ?? 1;
  const subscriptions = Array.from({ length: count }, (_, index) =>
    addSubscription(estate, `sub-${String(index + 1).padStart(4, "0")}`, { quiet: true }),
  );
  for (let index = 0; index < (size.clusters ?? count); index++)
    estate.clusters.push(
      cluster(subscriptions[index % count]!, `aks-${index + 1}`, { resourceGroup: `rg-aks-${index + 1}` }),
    );
  for (let index = 0; index < (size.registries ?? 0); index++)
    estate.registries.push(registry(subscriptions[index % count]!, `acr${index + 1}`, {}));
  for (let index = 0; index < (size.alerts ?? 0); index++)
    newAlert(estate, { at: new Date(now.getTime() - index * 60_000), number: index });
  if (size.recommendations ?? true) estate.assessments.push(...assessmentsOf(estate, now));
  return estate;
}
