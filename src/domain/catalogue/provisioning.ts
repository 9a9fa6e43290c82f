/** What a policy assignment of the portal installs. */
export type ProvisioningKind = "sensor" | "policy-addon" | "arc" | "arc-policy";

/**
 * Policy definitions that the portal assigns when the plan is turned on, with the English names of its assignments and
 * of the definitions themselves. It cuts names at 64 characters, so these are beginnings [published templates]. The
 * names that it gives them in Japanese are unconfirmed: assignments are matched by definition, these are only shown.
 */
export const provisioningDefinitions: readonly {
  id: string;
  kind: ProvisioningKind;
  names: readonly string[];
  japanese: string;
  /** Built-in roles that the policy needs for its identity [Azure Policy built-ins, roleDefinitionIds]; of those assigned here. */
  roles: readonly string[];
}[] = [
  {
    id: "64def556-fbad-4622-930e-72d1d5589bf5",
    kind: "sensor",
    names: [
      "Defender for Containers provisioning AKS Security Profile",
      "Configure Azure Kubernetes Service clusters to enable Defender profile",
    ],
    japanese: "Defender for Containers による AKS セキュリティ プロファイルのプロビジョニング",
    // Kubernetes Agent Operator, Kubernetes Agent Subscription Level Operator.
    roles: ["5e93ba01-8f92-4c7a-b12a-801e3df23824", "8bb6f106-b146-4ee6-a3f9-b9c5a96e0ae5"],
  },
  {
    id: "a8eff44f-8c92-45c3-a3fb-9880802d67a7",
    kind: "policy-addon",
    names: [
      "Defender for Containers provisioning Azure Policy Addon for Kub",
      "Deploy Azure Policy Add-on to Azure Kubernetes Service clusters",
    ],
    japanese: "Defender for Containers による Kubernetes 用 Azure Policy アドオンのプロビジョニング",
    // Azure Kubernetes Service Contributor, Azure Kubernetes Service Policy Add-on Deployment.
    roles: ["ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8", "18ed5180-3e48-46fd-8541-4ea054d57064"],
  },
  {
    id: "708b60a6-d253-4fe0-9114-4be4c00f012c",
    kind: "arc",
    names: ["Defender for Containers provisioning ARC k8s Enabled"],
    japanese: "Defender for Containers による ARC k8s 有効化のプロビジョニング",
    roles: [],
  },
  {
    id: "0adc5395-9169-4b9b-8687-af838d69410a",
    kind: "arc-policy",
    names: ["Defender for Containers provisioning Policy extension for Arc-e"],
    japanese: "Defender for Containers による Arc 対応ポリシー拡張機能のプロビジョニング",
    roles: [],
  },
];
