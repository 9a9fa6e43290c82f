import { assessmentsOf, containerAssessmentsOf } from "./assessments.ts";
import { cluster, registry } from "./containers.ts";
import { addSubscription, type Estate, emptyEstate, newAlert } from "./estate.ts";
import { draw } from "./identifiers.ts";
import { containersExtensions, extension, resourcePlan } from "./pricings.ts";
import { fillRegistries } from "./software-updates.ts";

const states = ["Active", "Active", "Active", "InProgress", "Resolved", "Dismissed"];
const minute = 60_000;

/**
 * The estate of the demo, the same for the same time: four subscriptions with traps (extensions off, provisioning
 * with Japanese names), six clusters, three registries, 60 alerts of the last four weeks.
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
  // New since October 2026: nothing assesses it until somebody turns Foundational CSPM on.
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
  estate.assessments.push(...assessmentsOf(estate, now));
  fillRegistries(estate, now);
  estate.assessments.push(...containerAssessmentsOf(estate, now));
  return estate;
}

function demoWish(number: number) {
  if (number === 1) return { alertType: "K8S.NODE_DigitalCurrencyMining", status: "Active" };
  if (number === 2) return { alertType: "K8S_ExposedDashboard", status: "Active" };
  return { status: states[draw(`demo state ${number}`, states.length)]! };
}
