import type { Resource } from "../../estate/estate.ts";
import type { Clusters } from "../../kubernetes/clusters.ts";
import { installPolicyAddon } from "../../kubernetes/control/furnish.ts";
import { setSensor } from "../../kubernetes/control/sensor.ts";
import { at } from "../../kubernetes/object.ts";
import { type Answer, failure, resourceNotFound } from "../errors.ts";
import type { Call, Route } from "../routes.ts";
import { clusterVersions, eTagOf } from "./containers.ts";

const path =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{name}";
/** How long AKS works on a change, and how long pods take to be ready afterwards, in seconds of Azure's time. */
const changeSeconds = 60;
const podSeconds = 120;

type Later = (seconds: number, work: () => void) => void;
type Switches = { sensor: boolean; addon: boolean };

/** Changes of a cluster as a whole [managedClusters 2025-10-01, CreateOrUpdate]. */
export function clusterChangeRoutes(clusters: Clusters, later: Later): Route[] {
  return [
    {
      method: "PUT",
      path,
      versions: clusterVersions,
      action: "Microsoft.ContainerService/managedClusters/write",
      handle: (call) => put(call, clusters, later),
    },
  ];
}

async function put(call: Call, clusters: Clusters, later: Later): Promise<Answer> {
  const id = decodeURIComponent(call.url.pathname).toLowerCase();
  const cluster = call.estate.clusters.find((one) => one.id.toLowerCase() === id);
  if (!cluster) return resourceNotFound(call.url.pathname);
  const refused = refusal(call, cluster);
  if (refused) return refused;
  const { properties, tags } = call.body as {
    properties: Record<string, unknown>;
    tags?: Record<string, string>;
  };
  const before = switchesOf(cluster);
  // What runs in it is there before the change, and changes some time after it.
  const running = await clusters.of(cluster.id);
  cluster.tags = tags ?? cluster.tags;
  const { provisioningState: _, powerState: __, ...wanted } = properties;
  const { powerState } = cluster.properties;
  cluster.properties = { ...cluster.properties, ...wanted, powerState, provisioningState: "Updating" };
  call.estate.revision++;
  const after = switchesOf(cluster);
  later(changeSeconds, () => {
    cluster.properties = { ...cluster.properties, provisioningState: "Succeeded" };
    call.estate.revision++;
  });
  later(changeSeconds + podSeconds, () => {
    if (after.sensor !== before.sensor) setSensor(running, { sensor: after.sensor ? "ready" : "absent" });
    if (after.addon && !before.addon) installPolicyAddon(running);
  });
  const operation = `/subscriptions/${call.params.subscription}/providers/Microsoft.ContainerService/locations/${cluster.location}/operations/${eTagOf(cluster)}`;
  const next = new URL(operation, call.base);
  next.search = call.url.search;
  return { status: 200, headers: { "Azure-AsyncOperation": next.href, "Retry-After": "10" }, body: cluster };
}

function refusal(call: Call, cluster: Resource): Answer | undefined {
  const { properties, location } = (call.body ?? {}) as {
    properties?: Record<string, unknown>;
    location?: string;
  };
  if (!properties || !location)
    return failure(400, "InvalidParameter", "Required parameter location or properties is missing (null).");
  if (call.ifMatch !== undefined && call.ifMatch !== eTagOf(cluster))
    return failure(412, "PreconditionFailed", "The eTag in If-Match does not match the cluster's.");
  if (at(cluster.properties, "powerState").code === "Stopped")
    return failure(400, "OperationNotAllowed", "The cluster is stopped. Start it before you change it.");
  if (cluster.properties.provisioningState !== "Succeeded")
    return failure(409, "OperationNotAllowed", "Operation is not allowed: another operation is in progress.");
  if (properties.dnsPrefix !== cluster.properties.dnsPrefix)
    return failure(
      400,
      "PropertyChangeNotAllowed",
      "Changing property 'properties.dnsPrefix' is not allowed.",
    );
  const defender = at(properties, "securityProfile", "defender");
  if (at(defender, "securityMonitoring").enabled === true && !defender.logAnalyticsWorkspaceResourceId)
    return failure(400, "InvalidParameter", "logAnalyticsWorkspaceResourceId is required for Defender.");
  return undefined;
}

function switchesOf({ properties }: Resource): Switches {
  return {
    sensor: at(properties, "securityProfile", "defender", "securityMonitoring").enabled === true,
    addon: at(properties, "addonProfiles", "azurepolicy").enabled === true,
  };
}
