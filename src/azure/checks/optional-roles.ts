import type { StepKind } from "../../domain/enablement/enablement.ts";
import type { ExemptionKind } from "../../domain/exemptions/exemptions.ts";
import { allows, type Permission, type RequiredAction } from "../permissions/required-actions.ts";

export const exemptionRoleName = "Breakwater Exemptions";

/** What `suppress` and `exempt` need on top; a role of its own, assigned only where they may be used. */
export const exemptionActions: readonly (RequiredAction & { for: ExemptionKind })[] = [
  {
    action: "Microsoft.Security/alertsSuppressionRules/read",
    purpose: "list suppression rules, whoever made them",
    for: "alert",
  },
  {
    action: "Microsoft.Security/alertsSuppressionRules/write",
    purpose: "create an approved suppression rule",
    for: "alert",
  },
  {
    action: "Microsoft.Security/standardAssignments/read",
    purpose: "list exemptions of recommendations, whoever made them",
    for: "recommendation",
  },
  {
    action: "Microsoft.Security/standardAssignments/write",
    purpose: "create an approved exemption",
    for: "recommendation",
  },
  {
    action: "Microsoft.Authorization/policyExemptions/read",
    purpose: "list exemptions of policies, whoever made them",
    for: "recommendation",
  },
];

export const enablementRoleName = "Breakwater Enablement";

/**
 * What `enable` needs on top; a role of its own, assigned only where settings may be changed from Slack. The optional ones
 * are checked by Azure itself for some clusters only.
 */
export const enablementActions: readonly (RequiredAction & { for: readonly StepKind[] })[] = [
  {
    action: "Microsoft.Security/pricings/write",
    purpose: "turn on the Containers plan, its extensions and Foundational CSPM",
    for: ["plan", "foundational"],
  },
  {
    action: "Microsoft.ContainerService/managedClusters/write",
    purpose: "turn on the sensor and the Azure Policy add-on of a cluster",
    for: ["cluster"],
  },
  {
    action: "Microsoft.OperationalInsights/workspaces/sharedkeys/read",
    purpose: "Azure asks for it where a cluster's settings name a workspace",
    for: ["cluster"],
  },
  {
    action: "Microsoft.OperationsManagement/solutions/write",
    purpose: "Azure asks for it where a cluster has Container insights",
    for: ["cluster"],
    optional: true,
  },
  {
    action: "Microsoft.Network/virtualNetworks/subnets/join/action",
    purpose: "Azure asks for it where a cluster has a virtual network of its own",
    for: ["cluster"],
    optional: true,
  },
  {
    action: "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    purpose: "Azure asks for it where a cluster has an identity of its own",
    for: ["cluster"],
    optional: true,
  },
  {
    action: "Microsoft.Authorization/policyAssignments/write",
    purpose: "create the provisioning assignments with their English names, set parameters of policies",
    for: ["provisioning", "parameter"],
  },
  {
    action: "Microsoft.Authorization/roleAssignments/read",
    purpose: "which roles the identity of such an assignment has",
    for: ["provisioning"],
  },
  {
    action: "Microsoft.Authorization/roleAssignments/write",
    purpose: "give the identity of such an assignment the roles that its policy needs",
    for: ["provisioning"],
  },
  {
    action: "Microsoft.Security/securityStandards/read",
    purpose: "find the CIS standard for AKS",
    for: ["standard"],
  },
  {
    action: "Microsoft.Security/standardAssignments/read",
    purpose: "whether it is assigned",
    for: ["standard"],
  },
  {
    action: "Microsoft.Security/standardAssignments/write",
    purpose: "assign it",
    for: ["standard"],
  },
];

/** Roles that the bot can do without, by their names. */
const optionalRoles: readonly {
  name: string;
  actions: readonly (RequiredAction & { for: string | readonly string[] })[];
}[] = [
  { name: exemptionRoleName, actions: exemptionActions },
  { name: enablementRoleName, actions: enablementActions.filter(({ optional }) => !optional) },
];

/** How much of each optional role the permissions allow; `part`: all that some of what it is for needs. */
export function optionalGrants(permissions: readonly Permission[]) {
  return optionalRoles.map(({ name, actions }) => {
    const missing = actions.filter(({ action }) => !allows(permissions, action));
    const lacking = new Set(missing.flatMap((one) => one.for));
    const works = actions.flatMap((one) => one.for).some((kind) => !lacking.has(kind));
    return { name, state: missing.length === 0 ? "whole" : works ? "part" : "absent" } as const;
  });
}
