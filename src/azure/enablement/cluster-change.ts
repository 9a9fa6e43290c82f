import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import { field, record, text, truth } from "../fields.ts";

/** Newest stable version that has eTag and If-Match [managedClusters; AKS documentation, use eTags]. */
export const clusterVersion = "2025-10-01";

const defender = (properties: unknown) => field(properties, "securityProfile", "defender");

/** The settings of a cluster that a step is about, and how its last change went. */
export function clusterValues(cluster: unknown, { after }: Pick<PlannedStep, "after">): Values {
  const properties = field(cluster, "properties");
  const monitoring = truth(field(defender(properties), "securityMonitoring", "enabled"));
  const addon = addonsOf(properties).some(([, value]) => truth(field(value, "enabled")) === true);
  const all: Values = {
    sensor: monitoring === true ? "on" : "off",
    workspace: text(field(defender(properties), "logAnalyticsWorkspaceResourceId"), 500) || "none",
    "policy-addon": addon ? "on" : "off",
  };
  return {
    ...Object.fromEntries(Object.keys(after).map((name) => [name, all[name] ?? ""])),
    provisioningState: text(field(properties, "provisioningState"), 50),
  };
}

/**
 * The cluster as it was read, with the settings of the step: AKS takes it as a whole. What Azure itself writes is left
 * out.
 */
export function clusterBody(cluster: unknown, { after }: Pick<PlannedStep, "after">): object {
  const { id: _, name: __, type: ___, eTag: ____, systemData: _____, ...body } = record(cluster);
  const { provisioningState: ______, powerState: _______, ...properties } = record(body.properties);
  const addons = Object.fromEntries(
    Object.entries(record(properties.addonProfiles)).map(([key, value]) => [key, value]),
  );
  if (after["policy-addon"]) {
    const key = addonsOf(properties)[0]?.[0] ?? "azurepolicy";
    addons[key] = { ...record(addons[key]), enabled: true };
  }
  const security = record(properties.securityProfile);
  const sensor = {
    ...record(security.defender),
    ...(after.workspace && { logAnalyticsWorkspaceResourceId: after.workspace }),
    securityMonitoring: { enabled: true },
  };
  return {
    ...body,
    properties: {
      ...properties,
      ...(after["policy-addon"] && { addonProfiles: addons }),
      ...((after.sensor || after.workspace) && { securityProfile: { ...security, defender: sensor } }),
    },
  };
}

/** Both spellings of the add-on's name occur [AKS API, addonProfiles]. */
function addonsOf(properties: unknown): [string, unknown][] {
  return Object.entries(record(field(properties, "addonProfiles"))).filter(([name]) =>
    /^azurepolicy$/i.test(name),
  );
}
