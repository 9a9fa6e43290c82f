import { assessmentsOf, containerAssessmentsOf } from "./assessments.ts";
import { cisAks, cloudBenchmark } from "./compliance-facts.ts";
import { cluster, registry } from "./containers.ts";
import { addNodePool, runImage } from "./contents.ts";
import { addSubscription, type Estate, emptyEstate, newAlert, type Subscription } from "./estate.ts";
import { addHunted } from "./hunted.ts";
import { draw } from "./identifiers.ts";
import { knownPackage } from "./packages.ts";
import { benchmarkAssignment, secondBenchmarkId } from "./policy-definitions.ts";
import { containersExtensions, extension, resourcePlan } from "./pricings.ts";
import { fillRegistries } from "./software-updates.ts";

const states = ["Active", "Active", "Active", "InProgress", "Resolved", "Dismissed"];
const minute = 60_000;

/**
 * The estate of the demo, the same for the same time: four subscriptions with traps (extensions off, provisioning
 * with Japanese names or missing), nine clusters, four registries, 60 alerts of the last four weeks.
 */
export function demoEstate(now: Date): Estate {
  const estate = emptyEstate();
  const { tenantId } = estate;
  estate.managementGroups.push(
    { name: "mg-production", displayName: "Production", parent: tenantId },
    { name: "mg-japan", displayName: "日本事業部", parent: tenantId },
  );
  const production = addSubscription(estate, "Contoso Production", { managementGroup: "mg-production" });
  const shop = addSubscription(estate, "本番環境 - 受注システム", {
    managementGroup: "mg-japan",
    localised: true,
  });
  const lab = addSubscription(estate, "Contoso Sandbox", {
    plan: "partial",
    managementGroup: "mg-production",
  });
  // New since October 2026: nothing assesses it until Foundational CSPM is turned on.
  addSubscription(estate, "Contoso Innovation", { plan: "off", quiet: true, foundational: false });
  estate.clusters.push(
    cluster(production, "aks-prod-web", {
      resourceGroup: "rg-prod-web",
      tags: { environment: "production" },
    }),
    cluster(production, "aks-prod-payments", { resourceGroup: "rg-prod-payments", private: true }),
    cluster(production, "aks-prod-eu", {
      resourceGroup: "rg-prod-eu",
      location: "westeurope",
      windows: true,
    }),
    cluster(shop, "aks-juchu", { resourceGroup: "rg-受注", sensor: false, tags: { 部門: "受注管理" } }),
    cluster(lab, "aks-demo", { resourceGroup: "rg-demo", localAccounts: true, policyAddon: false }),
    cluster(lab, "aks-build", {
      resourceGroup: "rg-build",
      sensor: false,
      power: "Stopped",
      tags: { ms_defender_container_exclude_sensors: "true" },
    }),
  );
  // One plan is managed from the Microsoft 365 side, which may overrule changes.
  const managed = estate.pricings.find(
    ({ id, name }) => name === "Containers" && id.startsWith(`${shop.id}/`),
  )!;
  managed.properties.managedBy = "MicrosoftDefender";
  // Somebody removed an assignment, so that clusters of Sandbox don't get the Azure Policy add-on.
  estate.policyAssignments = estate.policyAssignments.filter(
    ({ id, name }) => !id.startsWith(`${lab.id}/`) || !name.includes("Azure Policy Addon"),
  );
  // What new clusters of Production get goes nowhere: the workspace that its assignment names was deleted.
  estate.deletedWorkspaces.push(
    `${production.id}/resourceGroups/rg-containers/providers/Microsoft.OperationalInsights/workspaces/law-defender`.toLowerCase(),
  );
  estate.registries.push(
    registry(production, "contosoprod", { resourceGroup: "rg-prod-web" }),
    registry(shop, "contosojuchu", { resourceGroup: "rg-受注", sku: "Standard" }),
    registry(lab, "contosolab", { resourceGroup: "rg-demo", sku: "Basic" }),
  );
  // One cluster has a plan of its own that is on, in a subscription whose plan lacks the sensor.
  const every = containersExtensions.map((name) => extension(name, true));
  estate.pricings.push(resourcePlan(estate.clusters[4]!.id, true, every));
  for (let number = 0; number < 60; number++) {
    const back = number < 6 ? 20 + number * 45 : draw(`demo alert ${number}`, 28 * 24 * 60);
    const at = new Date(now.getTime() - back * minute);
    newAlert(estate, { at, number, ...demoWish(number) });
  }
  fillRegistries(estate, now);
  addTodays(estate, { production, lab }, now);
  addHunted(estate, { production, lab }, now);
  for (const { subscriptionId } of [production, shop, lab])
    estate.standards.push({ subscriptionId, name: cloudBenchmark.name });
  estate.standards.push({ subscriptionId: production.subscriptionId, name: cisAks.name });
  // The benchmark with values of its own, with defaults beside one that fixes them, and of a whole management group.
  estate.policyAssignments.push(
    benchmarkAssignment(production.id, {
      allowedContainerImagesInKubernetesClusterRegex: "^contosoprod\\.azurecr\\.io\\/.+$",
      allowedservicePortsInKubernetesClusterPorts: ["443"],
    }),
    benchmarkAssignment(lab.id, {}, secondBenchmarkId),
    benchmarkAssignment(lab.id),
    benchmarkAssignment("/providers/Microsoft.Management/managementGroups/mg-japan"),
  );
  addUnassessed(estate);
  estate.assessments.push(...assessmentsOf(estate, now), ...containerAssessmentsOf(estate, now));
  return estate;
}

/**
 * What came since 2025: AKS Automatic, a node resource group of another name, a sensor of the Helm chart in a namespace of
 * its own, nodes that are not like the others, a sensor that crashes, a registry in ABAC mode that the bot can't read, and a suppression rule
 * for one pod.
 */
function addTodays(
  estate: Estate,
  { production, lab }: Record<"production" | "lab", Subscription>,
  now: Date,
): void {
  const helm = cluster(production, "aks-prod-mixed", {
    resourceGroup: "rg-prod-mixed",
    sensor: false,
    windows: true,
    mixed: true,
  });
  const automatic = cluster(production, "aks-prod-auto", {
    resourceGroup: "rg-prod-auto",
    automatic: true,
    nodeResourceGroup: "nodes-of-prod-auto",
  });
  const crashing = cluster(production, "aks-prod-batch", { resourceGroup: "rg-prod-batch" });
  estate.clusters.push(automatic, helm, crashing);
  estate.crashingSensors.push(crashing.id);
  addNodePool(estate, { cluster: automatic, name: "nodepool1", at: now, packages: [knownPackage("zlib")] });
  estate.helmSensors.push(helm.id);
  estate.registries.push(registry(production, "contosoabac", { resourceGroup: "rg-prod-mixed", abac: true }));
  estate.suppressionRules.push({
    id: `${lab.id}/providers/Microsoft.Security/alertsSuppressionRules/nightly-scanner`,
    name: "nightly-scanner",
    type: "Microsoft.Security/alertsSuppressionRules",
    properties: {
      alertType: "k8s.node_webshell",
      state: "Enabled",
      reason: "FalsePositive",
      comment: "The nightly scanner asks for everything",
      suppressionAlertsScope: { allOf: [{ field: "entities.K8s-pod.name", contains: "nightly-scanner" }] },
    },
  });
}

/** A cluster that has gone blind: its sensor is ready and its workloads run, but nothing of them reaches Defender. */
function addUnassessed(estate: Estate): void {
  const cluster = estate.clusters.find(({ name }) => name === "aks-prod-auto")!;
  for (const image of estate.contents.images.filter(({ registry }) => registry.name === "contosoprod"))
    runImage(estate, image, { cluster, namespace: "shop", workload: image.repository.replaceAll("/", "-") });
  estate.unassessed.push(cluster.id);
}

function demoWish(number: number) {
  if (number === 1) return { alertType: "K8S.NODE_DigitalCurrencyMining", status: "Active" };
  if (number === 2) return { alertType: "K8S_ExposedDashboard", status: "Active" };
  return { status: states[draw(`demo state ${number}`, states.length)]! };
}
