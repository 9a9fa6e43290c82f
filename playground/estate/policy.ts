import type { Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";

/** The provisioning assignments that the portal creates, by policy definition [facts: published templates]. */
const assignments = [
  {
    definition: "64def556-fbad-4622-930e-72d1d5589bf5",
    name: "Defender for Containers provisioning AKS Security Profile",
    japanese: "Defender for Containers による AKS セキュリティ プロファイルのプロビジョニング",
    workspace: true,
  },
  {
    definition: "a8eff44f-8c92-45c3-a3fb-9880802d67a7",
    name: "Defender for Containers provisioning Azure Policy Addon for Kub",
    japanese: "Defender for Containers による Kubernetes 用 Azure Policy アドオンのプロビジョニング",
    workspace: false,
  },
  {
    definition: "708b60a6-d253-4fe0-9114-4be4c00f012c",
    name: "Defender for Containers provisioning ARC k8s Enabled",
    japanese: "Defender for Containers による ARC k8s 有効化のプロビジョニング",
    workspace: false,
  },
  {
    definition: "0adc5395-9169-4b9b-8687-af838d69410a",
    name: "Defender for Containers provisioning Policy extension for Arc-e",
    japanese: "Defender for Containers による Arc 対応ポリシー拡張機能のプロビジョニング",
    workspace: false,
  },
] as const;

/** The assignments of one subscription; `localised` as the portal makes them in Japanese (the sensor then fails). */
export function provisioning(scope: string, localised: boolean): Resource[] {
  return assignments.map((one) => {
    const name = localised ? one.japanese : one.name;
    const workspace = `${scope}/resourceGroups/rg-containers/providers/Microsoft.OperationalInsights/workspaces/law-defender`;
    const made: Resource = {
      id: `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`,
      type: "Microsoft.Authorization/policyAssignments",
      name,
      location: "japaneast",
      identity: {
        type: "SystemAssigned",
        principalId: guid(`${scope} ${one.definition}`),
        tenantId: guid("tenant contoso"),
      },
      properties: {
        displayName: name,
        description: "This policy assignment was automatically created by Azure Security Center",
        metadata: { assignedBy: "Azure Security Center" },
        policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${one.definition}`,
        parameters: one.workspace ? { logAnalyticsWorkspaceResourceId: { value: workspace } } : {},
        enforcementMode: "Default",
        scope,
        notScopes: [],
      },
    };
    return made;
  });
}
