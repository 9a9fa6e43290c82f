import type { Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";

/** [Azure Policy built-ins, Microsoft cloud security benchmark 57.56.0] */
export const benchmarkId =
  "/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8";
/** [Azure Policy built-ins, Microsoft cloud security benchmark v2 1.3.0-preview]: it fixes the values of parameters. */
export const secondBenchmarkId =
  "/providers/Microsoft.Authorization/policySetDefinitions/e3ec7e09-768c-4b64-882c-fcada3772047";

const policies = "/providers/Microsoft.Authorization/policyDefinitions";
const parameter = (type: string, displayName: string, defaultValue?: unknown) => ({
  type,
  metadata: { displayName },
  ...(defaultValue !== undefined && { defaultValue }),
});
const effect = {
  ...parameter("String", "Effect", "Audit"),
  allowedValues: ["audit", "Audit", "deny", "Deny", "disabled", "Disabled"],
};

/** The policies of what runs in clusters: the initiative's name of each parameter, with its schema. */
const members = [
  {
    policy: "febd0533-8e55-448f-b837-bd0e06f16469",
    reference: "ensureAllowedContainerImagesInKubernetesCluster",
    takes: { allowedContainerImagesRegex: "allowedContainerImagesInKubernetesClusterRegex" },
  },
  {
    policy: "233a2a17-77ca-4fb1-9b6b-69223d272a44",
    reference: "allowedServicePortsInKubernetesCluster",
    takes: { allowedServicePortsList: "allowedservicePortsInKubernetesClusterPorts" },
  },
  {
    policy: "e345eecc-fa47-480f-9e88-67dcc122b164",
    reference: "memoryAndCPULimitsInKubernetesCluster",
    takes: { cpuLimit: "CPUInKubernetesClusterLimit", memoryLimit: "memoryInKubernetesClusterLimit" },
  },
  {
    policy: "c26596ff-4d70-4e6a-9a30-c2506bd2f80c",
    reference: "AllowedCapabilitiesInKubernetesCluster",
    takes: {
      allowedCapabilities: "AllowedCapabilitiesInKubernetesClusterList",
      requiredDropCapabilities: "DropCapabilitiesInKubernetesClusterList",
    },
  },
  {
    policy: "511f5417-5d12-434d-ab2e-816901e72a5e",
    reference: "AllowedAppArmorProfilesInKubernetesCluster",
    takes: { allowedProfiles: "AllowedAppArmorProfilesInKubernetesClusterList" },
  },
  {
    policy: "82985f06-dc18-4a48-bc1c-b9f4f0098cfe",
    reference: "AllowedHostNetworkingAndPortsInKubernetesCluster",
    takes: {
      allowHostNetwork: "AllowHostNetworkingInKubernetesCluster",
      minPort: "AllowedHostMinPortInKubernetesCluster",
      maxPort: "AllowedHostMaxPortInKubernetesCluster",
    },
  },
  {
    policy: "098fc59e-46c7-4d99-9b16-64990e543d75",
    reference: "AllowedHostPathVolumesInKubernetesCluster",
    takes: { allowedHostPaths: "AllowedHostPathVolumesInKubernetesClusterList" },
  },
] as const;

const schemas: Record<string, object> = {
  allowedContainerImagesInKubernetesClusterRegex: parameter(
    "string",
    "Allowed registry or registries regex",
    "^(.+){0}$",
  ),
  allowedservicePortsInKubernetesClusterPorts: parameter(
    "Array",
    "Allowed service ports list in Kubernetes cluster",
    ["-1"],
  ),
  CPUInKubernetesClusterLimit: parameter("string", "Max allowed CPU units in Kubernetes cluster", "32"),
  memoryInKubernetesClusterLimit: parameter(
    "string",
    "Max allowed memory bytes in Kubernetes cluster",
    "64Gi",
  ),
  AllowedCapabilitiesInKubernetesClusterList: parameter("Array", "Allowed capabilities", []),
  DropCapabilitiesInKubernetesClusterList: parameter("Array", "Required drop capabilities", []),
  AllowedAppArmorProfilesInKubernetesClusterList: parameter("Array", "Allowed AppArmor profiles", [
    "runtime/default",
  ]),
  AllowHostNetworkingInKubernetesCluster: parameter("Boolean", "Allow host network usage", false),
  AllowedHostMinPortInKubernetesCluster: parameter(
    "Integer",
    "Min host port for pod in Kubernetes cluster",
    0,
  ),
  AllowedHostMaxPortInKubernetesCluster: parameter(
    "Integer",
    "Max host port for pod in Kubernetes cluster",
    0,
  ),
  AllowedHostPathVolumesInKubernetesClusterList: parameter(
    "Object",
    "Allowed host paths for pod in Kubernetes cluster",
    { paths: [] },
  ),
};

/** Built-in definitions by their id in lower case; the benchmark has 223 policies, here are those for clusters. */
const definitions: Record<string, Resource> = Object.fromEntries(
  [
    initiative(benchmarkId, "Microsoft cloud security benchmark", "57.56.0", (one) =>
      Object.fromEntries([
        ["effect", { value: `[parameters('${one.reference}Effect')]` }],
        ...Object.entries(one.takes).map(([name, assigned]) => [
          name,
          { value: `[parameters('${assigned}')]` },
        ]),
      ]),
    ),
    initiative(
      secondBenchmarkId,
      "[Preview]: Microsoft cloud security benchmark v2",
      "1.3.0-preview",
      ({ policy }) =>
        policy.startsWith("e345eecc") ? { cpuLimit: { value: "32" }, memoryLimit: { value: "64Gi" } } : {},
    ),
    {
      id: `${policies}/e345eecc-fa47-480f-9e88-67dcc122b164`,
      name: "e345eecc-fa47-480f-9e88-67dcc122b164",
      type: "Microsoft.Authorization/policyDefinitions",
      properties: {
        displayName:
          "Kubernetes cluster containers CPU and memory resource limits should not exceed the specified limits",
        policyType: "BuiltIn",
        mode: "Microsoft.Kubernetes.Data",
        metadata: { version: "9.3.0", category: "Kubernetes" },
        // The definition itself has no default for the limits.
        parameters: {
          effect,
          cpuLimit: parameter("String", "Max allowed CPU units"),
          memoryLimit: parameter("String", "Max allowed memory bytes"),
        },
      },
    },
  ].map((one) => [one.id.toLowerCase(), one]),
);

function initiative(
  id: string,
  displayName: string,
  version: string,
  parametersOf: (member: (typeof members)[number]) => object,
): Resource {
  const effects = Object.fromEntries(members.map(({ reference }) => [`${reference}Effect`, effect]));
  return {
    id,
    name: id.split("/").at(-1)!,
    type: "Microsoft.Authorization/policySetDefinitions",
    properties: {
      displayName,
      policyType: "BuiltIn",
      metadata: { version, category: "Security Center" },
      parameters: id === benchmarkId ? { ...effects, ...schemas } : {},
      policyDefinitions: members.map((one) => ({
        policyDefinitionId: `${policies}/${one.policy}`,
        policyDefinitionReferenceId: one.reference,
        parameters: parametersOf(one),
        groupNames: ["Azure_Security_Benchmark_v3.0_PV-2"],
      })),
    },
  };
}

/** A built-in definition or initiative. */
export function builtIn(id: string): Resource | undefined {
  return definitions[id.toLowerCase()];
}

/** The benchmark as Defender for Cloud assigns it to a subscription or management group. */
export function benchmarkAssignment(
  scope: string,
  parameters: Record<string, unknown> = {},
  definition = benchmarkId,
): Resource {
  const name = definition === benchmarkId ? "SecurityCenterBuiltIn" : "mcsb-v2";
  return {
    id: `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`,
    type: "Microsoft.Authorization/policyAssignments",
    name,
    properties: {
      displayName: definition === benchmarkId ? `ASC Default (scope: ${guid(scope)})` : "MCSB v2",
      description: "This is the default set of policies monitored by Azure Security Center.",
      metadata: { assignedBy: "Security Center" },
      policyDefinitionId: definition,
      parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, { value }])),
      enforcementMode: "Default",
      scope,
      notScopes: [],
    },
  };
}
