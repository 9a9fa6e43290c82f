import type { Estate, Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";

/** The Log Analytics workspaces that clusters and assignments name, without the deleted ones [workspaces 2023-09-01]. */
export function workspacesOf({ clusters, policyAssignments, deletedWorkspaces }: Estate): Resource[] {
  const named = [
    ...clusters.map(({ properties, location }) => ({ id: ofProfile(properties), location })),
    ...policyAssignments.map(({ properties, location }) => ({ id: ofParameters(properties), location })),
  ];
  const all = new Map(
    named.flatMap(({ id, location }) => (id ? [[id.toLowerCase(), { id, location }]] : [])),
  );
  for (const id of deletedWorkspaces) all.delete(id);
  return [...all.values()].map(({ id, location = "japaneast" }) => ({
    id,
    name: id.split("/").at(-1) ?? "",
    type: "Microsoft.OperationalInsights/workspaces",
    location,
    tags: {},
    properties: {
      customerId: guid(`workspace ${id}`),
      provisioningState: "Succeeded",
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
      features: { enableLogAccessUsingOnlyResourcePermissions: true },
      workspaceCapping: { dailyQuotaGb: -1 },
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
    },
  }));
}

type Profile = { securityProfile?: { defender?: { logAnalyticsWorkspaceResourceId?: string } } };
type Parameters = { parameters?: { logAnalyticsWorkspaceResourceId?: { value?: string } } };

function ofProfile(properties: Resource["properties"]): string | undefined {
  return (properties as Profile).securityProfile?.defender?.logAnalyticsWorkspaceResourceId;
}

function ofParameters(properties: Resource["properties"]): string | undefined {
  return (properties as Parameters).parameters?.logAnalyticsWorkspaceResourceId?.value;
}
