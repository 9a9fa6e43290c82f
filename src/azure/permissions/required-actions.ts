import { field, list, texts } from "../fields.ts";

/** One action of the custom role. */
export type RequiredAction = {
  /** As the role spells it. */
  action: string;
  /** What the bot does with it. */
  purpose: string;
  /** The operations that it must allow, where the action has a wildcard. */
  covers?: readonly string[];
  /** Needed at management groups alone, and only where the settings name some. */
  groups?: true;
  /** Without it, an answer is less exact; nothing stops. */
  optional?: true;
};

export const roleName = "Breakwater";

/**
 * Everything that the bot does in Azure, and no more; the role's document is made from it. Names: Azure's list of
 * resource provider operations.
 */
export const requiredActions: readonly RequiredAction[] = [
  { action: "Microsoft.Resources/subscriptions/read", purpose: "list the subscriptions and their names" },
  {
    action: "Microsoft.Resources/subscriptions/resourceGroups/read",
    purpose: "name the resource groups of what is shown",
  },
  { action: "Microsoft.ResourceGraph/resources/read", purpose: "query across subscriptions" },
  { action: "Microsoft.Security/pricings/read", purpose: "plans and their extensions" },
  { action: "Microsoft.Security/alerts/read", purpose: "list security alerts" },
  { action: "Microsoft.Security/locations/alerts/read", purpose: "details of an alert" },
  {
    // Azure knows no single action for "in progress" that a role could name: only the wildcard allows it.
    action: "Microsoft.Security/locations/alerts/*/action",
    purpose: "change the state of an alert by its buttons: acknowledge, resolve, dismiss, reopen",
    covers: ["inProgress", "resolve", "dismiss", "activate"].map(
      (word) => `Microsoft.Security/locations/alerts/${word}/action`,
    ),
  },
  { action: "Microsoft.Security/assessments/read", purpose: "recommendations and findings" },
  {
    action: "Microsoft.Security/assessmentMetadata/read",
    purpose: "what a recommendation means and how it is closed",
  },
  {
    action: "Microsoft.Security/secureScores/read",
    purpose: "the secure score that recommendations count in",
  },
  {
    action: "Microsoft.Security/secureScores/secureScoreControls/read",
    purpose: "its controls: their points and their resources",
  },
  {
    action: "Microsoft.Security/regulatoryComplianceStandards/read",
    purpose: "regulatory standards that are assigned",
  },
  {
    action: "Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls/read",
    purpose: "the state of their controls",
  },
  {
    action:
      "Microsoft.Security/regulatoryComplianceStandards/regulatoryComplianceControls/regulatoryComplianceAssessments/read",
    purpose: "the assessments below a control",
  },
  ...["read", "action"].map((word) => ({
    action: `Microsoft.PolicyInsights/policyStates/queryResults/${word}`,
    purpose: "which objects in a cluster a recommendation is about",
  })),
  {
    action: "Microsoft.ContainerService/managedClusters/read",
    purpose: "clusters, sensor profile, policy add-on",
  },
  { action: "Microsoft.ContainerRegistry/registries/read", purpose: "registries" },
  {
    action: "Microsoft.ContainerRegistry/registries/pull/read",
    purpose: "which tags point to an image, and when it was pushed",
    optional: true,
  },
  {
    action: "Microsoft.Kubernetes/connectedClusters/read",
    purpose: "recommendations on Arc-enabled clusters",
  },
  {
    action: "Microsoft.Authorization/policyAssignments/read",
    purpose: "assignments that install sensor and add-on",
  },
  {
    action: "Microsoft.OperationalInsights/workspaces/read",
    purpose: "whether the workspace that a sensor sends its data to still exists",
    optional: true,
  },
  ...["policyDefinitions", "policySetDefinitions"].map((type) => ({
    action: `Microsoft.Authorization/${type}/read`,
    purpose: "the parameters of policies in force, and their defaults",
    optional: true as const,
  })),
  {
    action: "Microsoft.Authorization/policyExemptions/read",
    purpose: "the hunt for exemptions that expire soon",
    optional: true,
  },
  {
    action: "Microsoft.Authorization/roleAssignments/read",
    purpose: "the hunt for cluster identities with too wide a role",
    optional: true,
  },
  {
    action: "Microsoft.Insights/eventtypes/values/read",
    purpose: "who turned something off, from the activity log",
  },
  {
    action: "Microsoft.Management/managementGroups/descendants/read",
    purpose: "the subscriptions of the management groups that the settings name",
    groups: true,
  },
  { action: "Microsoft.Authorization/permissions/read", purpose: "what the bot itself may do, for doctor" },
];

/** Those that every subscription in scope must allow. */
export const subscriptionActions = requiredActions.filter(({ groups, optional }) => !groups && !optional);

export const simulationRoleName = "Breakwater Simulations";

/**
 * What simulations need on top, and no more: a role of its own, assigned only where simulations may run. The role's
 * document is made from it.
 */
export const simulationActions: readonly RequiredAction[] = [
  {
    action: "Microsoft.Security/alertsSuppressionRules/read",
    purpose: "tell whether a suppression rule would hide an expected alert",
  },
  { action: "Microsoft.Security/locations/read", purpose: "where sample alerts are asked for" },
  {
    action: "Microsoft.Security/locations/alerts/simulate/action",
    purpose: "ask Defender for sample alerts",
  },
  {
    action: "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    purpose: "address and authority of a cluster's API server; what may be done there is Kubernetes' matter",
  },
  {
    action: "Microsoft.ContainerService/managedClusters/runCommand/action",
    purpose: "private clusters that cannot be reached: kubectl runs beside them",
  },
  {
    action: "Microsoft.ContainerService/managedClusters/commandResults/read",
    purpose: "what such a command said",
  },
  {
    action: "Microsoft.ContainerRegistry/registries/importImage/action",
    purpose: "import the vulnerable image",
  },
  {
    action: "Microsoft.ContainerRegistry/registries/pull/read",
    purpose: "find the imported image in the registry",
  },
  {
    action: "Microsoft.ContainerRegistry/registries/artifacts/delete",
    purpose: "delete the imported image afterwards",
  },
];

/** One entry of the permissions API [permissions 2022-04-01]. */
export type Permission = {
  actions: string[];
  notActions: string[];
  dataActions?: string[];
  notDataActions?: string[];
};

/** One entry of the permissions API; what cannot be read allows nothing. */
export function readPermission(value: unknown): Permission {
  const words = (name: string) =>
    list(field(value, name)).length > 0 ? texts(field(value, name), 2000, 300) : [];
  return {
    actions: words("actions"),
    notActions: words("notActions"),
    dataActions: words("dataActions"),
    notDataActions: words("notDataActions"),
  };
}

/** True where one of the permissions allows the operation: an action matches and none of its own notActions does. */
export function allows(permissions: readonly Permission[], operation: string): boolean {
  return permissions.some(({ actions, notActions }) => covers(actions, notActions, operation));
}

/** The same for an operation on data: `actions` never include those. */
export function allowsData(permissions: readonly Permission[], operation: string): boolean {
  return permissions.some(({ dataActions = [], notDataActions = [] }) =>
    covers(dataActions, notDataActions, operation),
  );
}

function covers(given: readonly string[], taken: readonly string[], operation: string): boolean {
  return (
    given.some((pattern) => matches(pattern, operation)) &&
    !taken.some((pattern) => matches(pattern, operation))
  );
}

/** Required actions that the permissions leave out, wholly or in part. */
export function missingActions(permissions: readonly Permission[]): string[] {
  return subscriptionActions
    .filter(({ action, covers = [action] }) => !covers.every((operation) => allows(permissions, operation)))
    .map(({ action }) => action);
}

const named = new Set(requiredActions.map(({ action }) => action.toLowerCase()));

/**
 * Whether a permission is that of our role, in whatever version: built-in roles allow much of it too (Security Reader, which
 * details of CVEs need, all of Defender), but spell hardly one action as it does.
 */
export function isOurRole({ actions }: Permission): boolean {
  return actions.filter((action) => named.has(action.toLowerCase())).length >= 5;
}

/** `*` is any run of characters, slashes included; letter case does not matter [Azure RBAC docs, role definitions]. */
function matches(pattern: string, operation: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  let rest = operation.toLowerCase();
  const first = parts.shift() ?? "";
  if (!rest.startsWith(first)) return false;
  rest = rest.slice(first.length);
  const last = parts.pop();
  if (last === undefined) return rest === "";
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(last);
}
