import type { Resource, Subscription } from "./estate.ts";
import { guid } from "./identifiers.ts";

export type ClusterWish = {
  resourceGroup?: string;
  location?: string;
  version?: string;
  tags?: Record<string, string>;
  /** The Defender profile; `false` leaves `securityProfile` without `defender`. */
  sensor?: boolean;
  policyAddon?: boolean;
  private?: boolean;
  power?: "Running" | "Stopped";
  localAccounts?: boolean;
  windows?: boolean;
  /** A pool of arm64 nodes, and one with a taint that nothing of ours tolerates. */
  mixed?: boolean;
  /** AKS Automatic with hosted system pool: the sensor of the Helm chart, and no Defender profile. */
  automatic?: boolean;
  nodeResourceGroup?: string;
};

function pool(
  name: string,
  count: number,
  version: string,
  osType: "Linux" | "Windows",
  more: Record<string, unknown> = {},
) {
  return {
    name,
    count,
    vmSize: "Standard_D4s_v5",
    osDiskSizeGB: 128,
    osDiskType: "Managed",
    maxPods: 110,
    type: "VirtualMachineScaleSets",
    availabilityZones: ["1", "2", "3"],
    mode: osType === "Linux" && name === "system" ? "System" : "User",
    osType,
    osSKU: osType === "Linux" ? "Ubuntu" : "Windows2022",
    orchestratorVersion: version,
    currentOrchestratorVersion: version,
    nodeImageVersion:
      osType === "Linux" ? "AKSUbuntu-2204gen2containerd-202610.20.0" : "AKSWindows-2022-containerd",
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    ...more,
  };
}

/** A managed cluster as `GET …/managedClusters/{name}` answers it [managedClusters 2024-02-01]. */
export function cluster(subscription: Subscription, name: string, wish: ClusterWish = {}): Resource {
  const resourceGroup = wish.resourceGroup ?? "rg-containers";
  const location = wish.location ?? "japaneast";
  const version = wish.version ?? "1.33.4";
  const workspace = `${subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/law-defender`;
  const defender = { logAnalyticsWorkspaceResourceId: workspace, securityMonitoring: { enabled: true } };
  const domain = `${name}-${guid(name).slice(0, 8)}`;
  const fqdn = wish.private
    ? { privateFQDN: `${domain}.privatelink.${location}.azmk8s.io` }
    : { fqdn: `${domain}.hcp.${location}.azmk8s.io` };
  const pools = [
    // AKS runs the nodes of a hosted system pool itself, and does not show them.
    ...(wish.automatic ? [] : [pool("system", 3, version, "Linux")]),
    pool(wish.automatic ? "nodepool1" : "apps", 4, version, "Linux"),
    ...(wish.windows ? [pool("win", 2, version, "Windows")] : []),
    ...(wish.mixed
      ? [
          pool("arm", 2, version, "Linux", { vmSize: "Standard_D4ps_v5" }),
          pool("gpu", 1, version, "Linux", { nodeTaints: ["sku=gpu:NoSchedule"] }),
        ]
      : []),
  ];
  return {
    id: `${subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${name}`,
    name,
    type: "Microsoft.ContainerService/ManagedClusters",
    location,
    tags: wish.tags ?? {},
    sku: { name: wish.automatic ? "Automatic" : "Base", tier: "Standard" },
    identity: {
      type: "SystemAssigned",
      principalId: guid(`${name} identity`),
      tenantId: subscription.tenantId,
    },
    properties: {
      provisioningState: "Succeeded",
      powerState: { code: wish.power ?? "Running" },
      kubernetesVersion: version,
      currentKubernetesVersion: version,
      dnsPrefix: name,
      ...fqdn,
      azurePortalFQDN: `${domain}.portal.hcp.${location}.azmk8s.io`,
      agentPoolProfiles: pools,
      ...(wish.automatic && { hostedSystemProfile: { enabled: true } }),
      nodeResourceGroup: wish.nodeResourceGroup ?? `MC_${resourceGroup}_${name}_${location}`,
      enableRBAC: true,
      disableLocalAccounts: !(wish.localAccounts ?? false),
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: subscription.tenantId },
      networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", loadBalancerSku: "standard" },
      apiServerAccessProfile: { enablePrivateCluster: wish.private ?? false },
      addonProfiles: { azurepolicy: { enabled: wish.policyAddon ?? true } },
      securityProfile: {
        ...((wish.sensor ?? !wish.automatic) ? { defender } : {}),
        workloadIdentity: { enabled: true },
      },
      oidcIssuerProfile: { enabled: true },
    },
  };
}

export type RegistryWish = {
  resourceGroup?: string;
  location?: string;
  sku?: "Basic" | "Standard" | "Premium";
  /** Permissions by repository: the actions of AcrPull, AcrPush and AcrDelete have no effect. */
  abac?: boolean;
};

/** A registry as `GET …/registries/{name}` answers it [registries 2025-11-01]. */
export function registry(subscription: Subscription, name: string, wish: RegistryWish): Resource {
  const resourceGroup = wish.resourceGroup ?? "rg-containers";
  const sku = wish.sku ?? "Premium";
  return {
    id: `${subscription.id}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    name,
    type: "Microsoft.ContainerRegistry/registries",
    location: wish.location ?? "japaneast",
    tags: {},
    sku: { name: sku, tier: sku },
    properties: {
      loginServer: `${name.toLowerCase()}.azurecr.io`,
      creationDate: "2025-06-15T21:38:26.1537861Z",
      provisioningState: "Succeeded",
      adminUserEnabled: false,
      ...(wish.abac && { roleAssignmentMode: "AbacRepositoryPermissions" }),
      networkRuleSet: { defaultAction: "Allow", ipRules: [] },
      policies: {
        quarantinePolicy: { status: "disabled" },
        trustPolicy: { type: "Notary", status: "disabled" },
        retentionPolicy: {
          days: 7,
          lastUpdatedTime: "2025-06-15T21:40:12.8506835+00:00",
          status: "disabled",
        },
        exportPolicy: { status: "enabled" },
      },
      encryption: { status: "disabled" },
      status: null,
      dataEndpointEnabled: false,
      dataEndpointHostNames: [],
      privateEndpointConnections: [],
      publicNetworkAccess: "Enabled",
      networkRuleBypassOptions: "AzureServices",
      zoneRedundancy: "Disabled",
    },
  };
}
