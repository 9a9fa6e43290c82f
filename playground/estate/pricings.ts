import type { Resource } from "./estate.ts";

/** The extensions of the plan Containers, in the order of the published example of one cluster [Pricings 2024-01-01]. */
export const containersExtensions = [
  "ContainerRegistriesVulnerabilityAssessments",
  "AgentlessDiscoveryForKubernetes",
  "AgentlessVmScanning",
  "ContainerSensor",
  "ContainerIntegrityContribution",
];

export type Extension = {
  name: string;
  /** A string, not a boolean [Pricings 2024-01-01, isEnabled]. */
  isEnabled: "True" | "False";
  additionalExtensionProperties?: Record<string, unknown>;
  operationStatus?: { code: "Succeeded" | "Failed"; message: string };
};

export function extension(name: string, enabled: boolean): Extension {
  const made: Extension = { name, isEnabled: enabled ? "True" : "False" };
  if (!enabled) return made;
  if (name === "AgentlessVmScanning") made.additionalExtensionProperties = { ExclusionTags: "[]" };
  if (name === "ContainerSensor")
    made.additionalExtensionProperties = { AntiMalwareEnabled: "False", SecurityGatingEnabled: "False" };
  return made;
}

const enabledAt = "2025-04-01T02:42:42.1921106Z";

/** One plan of a subscription, `id` without a trailing slash. */
export function plan(scope: string, name: string, on: boolean, more: Record<string, unknown> = {}): Resource {
  const properties: Record<string, unknown> = {
    pricingTier: on ? "Standard" : "Free",
    freeTrialRemainingTime: "PT0S",
    ...(on ? { enablementTime: enabledAt } : {}),
    enforce: "False",
    resourcesCoverageStatus: on ? "FullyCovered" : "NotCovered",
    ...more,
  };
  return {
    id: `${scope}/providers/Microsoft.Security/pricings/${name}`,
    name,
    type: "Microsoft.Security/pricings",
    properties,
  };
}

/** A plan at one resource: no `enforce` and no coverage there, but where it comes from. */
export function resourcePlan(scope: string, on: boolean, extensions: Extension[]): Resource {
  const made = plan(scope, "Containers", on, { extensions, inherited: "False", inheritedFrom: null });
  delete made.properties.enforce;
  delete made.properties.resourcesCoverageStatus;
  return made;
}

/**
 * The plans of a subscription: all of Defender for Containers, none, or the plan on with sensor and K8S API access
 * off (a known trap). `foundational`: whether Foundational CSPM is on, which new subscriptions must opt in to; undefined:
 * it is not listed.
 */
export function plansOf(scope: string, state: "on" | "off" | "partial", foundational?: boolean): Resource[] {
  const off = state === "partial" ? ["ContainerSensor", "AgentlessDiscoveryForKubernetes"] : [];
  const extensions = containersExtensions.map((name) =>
    extension(name, state !== "off" && !off.includes(name)),
  );
  const deprecated = { deprecated: true, replacedBy: ["Containers"] };
  return [
    plan(scope, "VirtualMachines", false),
    plan(scope, "StorageAccounts", false),
    plan(scope, "KubernetesService", false, deprecated),
    plan(scope, "ContainerRegistry", false, deprecated),
    plan(scope, "KeyVaults", true, { subPlan: "PerKeyVault" }),
    plan(scope, "Arm", true, { subPlan: "PerSubscription" }),
    plan(scope, "Containers", state !== "off", { extensions }),
    plan(scope, "CloudPosture", false),
    ...(foundational === undefined ? [] : [plan(scope, "FoundationalCspm", foundational)]),
  ];
}
