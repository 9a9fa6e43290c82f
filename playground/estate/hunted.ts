import { type Container, digestOf, runImage } from "./contents.ts";
import type { Estate, Resource, Subscription } from "./estate.ts";
import { guid } from "./identifiers.ts";

const day = 86_400_000;
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const acrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

/** What the hunts look for: for each of them something of the demo that it finds, and something that it must not. */
export function addHunted(
  estate: Estate,
  { production, lab }: Record<"production" | "lab", Subscription>,
  now: Date,
) {
  const named = (all: Resource[], name: string) => all.find((one) => one.name === name)!;
  const web = named(estate.clusters, "aks-prod-web");
  const demo = named(estate.clusters, "aks-demo");
  const build = named(estate.clusters, "aks-build");
  Object.assign(web.properties, {
    apiServerAccessProfile: { enablePrivateCluster: false, authorizedIPRanges: ["203.0.113.0/24"] },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    networkProfile: { networkPlugin: "azure", networkPolicy: "cilium", networkDataplane: "cilium" },
  });
  Object.assign(build.properties, { kubernetesVersion: "1.31.2", currentKubernetesVersion: "1.31.2" });
  delete build.properties.aadProfile;
  named(estate.registries, "contosolab").properties.adminUserEnabled = true;
  named(estate.registries, "contosojuchu").properties.anonymousPullEnabled = true;
  Object.assign(named(estate.registries, "contosoprod").properties, {
    networkRuleSet: { defaultAction: "Deny", ipRules: [] },
    privateEndpointConnections: [
      { properties: { privateLinkServiceConnectionState: { status: "Approved", actionsRequired: "None" } } },
    ],
  });
  estate.roleAssignments.push(
    assignment(lab.id, demo, owner),
    assignment(`${production.id}/resourceGroups/rg-prod-web`, web, acrPull),
  );
  estate.policyExemptions.push(
    exemption(production.id, "Legacy shop until its rebuild", new Date(now.getTime() + 5 * day)),
    exemption(production.id, "Batch nodes need the host network", new Date(now.getTime() + 60 * day)),
  );
  const exploitable = estate.contents.containers.find(({ image }) =>
    image.packages.some(({ name }) => name === "log4j-core"),
  );
  if (exploitable) exploitable.exposed = true;
  const [oldest] = estate.contents.images;
  if (oldest) oldest.pushed = new Date(now.getTime() - 120 * day).toISOString();
  runImage(estate, fromElsewhere(), { cluster: demo, namespace: "default", workload: "toolbox" });
  estate.revision++;
}

/** An image without findings, of a registry that is not scanned. */
function fromElsewhere(): Container["image"] {
  const properties = { loginServer: "docker.io" };
  const registry = { id: "", name: "docker.io", type: "", properties };
  const digest = digestOf("toolbox");
  return {
    registry,
    repository: "library/toolbox",
    digest,
    tags: [],
    pushed: "2026-01-01T00:00:00Z",
    packages: [],
  };
}

/** [roleAssignments 2022-04-01]. */
function assignment(scope: string, { name, identity }: Resource, role: string): Resource {
  const id = guid(`${name} ${role}`);
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${id}`,
    name: id,
    type: "Microsoft.Authorization/roleAssignments",
    properties: {
      scope,
      roleDefinitionId: `${scope.split("/").slice(0, 3).join("/")}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: (identity as { principalId: string }).principalId,
      principalType: "ServicePrincipal",
    },
  };
}

/** [policyExemptions 2022-07-01-preview]. */
function exemption(scope: string, displayName: string, expires: Date): Resource {
  const name = guid(displayName);
  return {
    id: `${scope}/providers/Microsoft.Authorization/policyExemptions/${name}`,
    name,
    type: "Microsoft.Authorization/policyExemptions",
    properties: {
      displayName,
      policyAssignmentId: `${scope}/providers/Microsoft.Authorization/policyAssignments/SecurityCenterBuiltIn`,
      policyDefinitionReferenceIds: [],
      exemptionCategory: "Waiver",
      expiresOn: expires.toISOString(),
    },
  };
}
