import { type AlertType, alertTypes } from "./alert-types.ts";
import type { Alert, Estate, Resource } from "./estate.ts";
import { azureTime, draw, guid } from "./identifiers.ts";

export type AlertWish = {
  /** When Defender reported it, two minutes after the activity. */
  at?: Date;
  number?: number;
  /** Lies in this cluster; else the estate's clusters take turns. */
  cluster?: Resource;
  alertType?: string;
  title?: string;
  severity?: string;
  status?: string;
  namespace?: string;
  workload?: string;
  /** The id has a resource group, or only a subscription and location: a live tenant has both. */
  scope?: "subscription" | "resourceGroup";
  correlationKey?: string;
  /** Put over the properties last: anything can be given, hostile values too; `undefined` removes a property. */
  properties?: Record<string, unknown>;
};

const techniques: Record<string, string[]> = {
  Execution: ["T1609", "T1059"],
  Persistence: ["T1543"],
  PrivilegeEscalation: ["T1611"],
  DefenseEvasion: ["T1070"],
  CredentialAccess: ["T1552"],
  Discovery: ["T1613"],
  LateralMovement: ["T1550"],
  InitialAccess: ["T1190"],
  Impact: ["T1496"],
};
const namespaces = ["default", "shop", "payments", "kube-system", "受注管理"];
const workloads = ["web", "checkout", "api-gateway", "redis", "batch", "在庫同期"];

const pick = <T>(list: readonly T[], key: string): T => list[draw(key, list.length)]!;

function kindOf(wish: AlertWish, key: string): AlertType {
  const known = alertTypes.find(([id]) => id === wish.alertType);
  if (known) return known;
  if (!wish.alertType) return pick(alertTypes, `${key} type`);
  return [wish.alertType, wish.title ?? wish.alertType, wish.severity ?? "Medium", "Execution"];
}

type Place = { subscription: string; resourceGroup: string; location: string; name: string; id: string };

/** An alert needs a resource: where the estate has no cluster, one that no longer exists. */
function placeOf(estate: Estate, wish: AlertWish, number: number): Place {
  const home = estate.clusters[number % Math.max(1, estate.clusters.length)];
  const cluster = wish.cluster ?? home;
  const subscription = estate.subscriptions[number % Math.max(1, estate.subscriptions.length)]?.id ?? "";
  const id =
    cluster?.id ??
    `${subscription}/resourceGroups/rg-gone/providers/Microsoft.ContainerService/managedClusters/aks-gone`;
  const parts = id.split("/");
  return {
    id,
    subscription: parts[2] ?? "",
    resourceGroup: parts[4] ?? "",
    location: cluster?.location ?? "japaneast",
    name: parts.at(-1) ?? "",
  };
}

function entitiesOf(place: Place, namespace: string, workload: string, node: boolean): unknown[] {
  const cluster = {
    $id: "2",
    cloudResource: { $id: "1", resourceId: place.id, type: "azure-resource" },
    type: "K8s-cluster",
  };
  const space = { $id: "3", name: namespace, cluster: { $ref: "2" }, type: "K8s-namespace" };
  const pod = { $id: "4", name: `${workload}-7c9d8f6b5-x2k4q`, namespace: { $ref: "3" }, type: "K8s-pod" };
  const image = { $id: "5", imageId: `contosoprod.azurecr.io/${workload}:1.8.2`, type: "container-image" };
  const container = { $id: "6", name: workload, image: { $ref: "5" }, pod: { $ref: "4" }, type: "container" };
  const all: unknown[] = [cluster, space, pod, image, container];
  if (node)
    all.push({ $id: "7", commandLine: "curl -s http://169.254.169.254/metadata/instance", type: "process" });
  else all.push({ $id: "7", address: "203.0.113.24", location: { countryCode: "nl" }, type: "ip" });
  return all;
}

/** One alert of Defender for Containers in the shape of api-version 2022-01-01. */
export function alertOf(estate: Estate, wish: AlertWish & { at: Date; number: number }): Alert {
  const key = `alert ${wish.number}`;
  const place = placeOf(estate, wish, wish.number);
  const [alertType, title, severity, tactics] = kindOf(wish, key);
  const node = alertType.startsWith("K8S.NODE_");
  const name = `2518${String(draw(key, 1e12)).padStart(15, "0")}_${guid(`${key} ${wish.at.toISOString()}`)}`;
  const namespace = wish.namespace ?? pick(namespaces, `${key} namespace`);
  const workload = wish.workload ?? pick(workloads, `${key} workload`);
  const scope = wish.scope ?? (wish.number % 3 === 0 ? "subscription" : "resourceGroup");
  const group = scope === "resourceGroup" ? `/resourceGroups/${place.resourceGroup}` : "";
  const happened = new Date(wish.at.getTime() - 120_000);
  const intent = tactics.split(", ").join(",").replaceAll(" ", "");
  const properties = {
    version: "2022-01-01",
    alertType,
    systemAlertId: name,
    productComponentName: "Containers",
    alertDisplayName: wish.title ?? title,
    description: `${title}: seen in the cluster ${place.name}, namespace ${namespace}, workload ${workload}.`,
    severity: wish.severity ?? severity,
    intent,
    startTimeUtc: azureTime(happened),
    endTimeUtc: azureTime(happened),
    resourceIdentifiers: [{ azureResourceId: place.id, type: "AzureResource" }],
    remediationSteps: [
      `Review with ${place.name}'s owner whether ${workload} was meant to do this.`,
      "If it was not: isolate the pod, keep its logs, and rotate the credentials that it could read.",
    ],
    vendorName: "Microsoft",
    status: wish.status ?? "Active",
    extendedLinks: [],
    alertUri: `https://portal.azure.com/#blade/Microsoft_Azure_Security_AzureDefenderForData/AlertBlade/alertId/${name}/subscriptionId/${place.subscription}/resourceGroup/${place.resourceGroup}/referencedFrom/alertDeepLink/location/${place.location}`,
    timeGeneratedUtc: azureTime(wish.at),
    productName: "Microsoft Defender for Cloud",
    processingEndTimeUtc: azureTime(wish.at),
    entities: entitiesOf(place, namespace, workload, node),
    isIncident: false,
    correlationKey: wish.correlationKey ?? guid(`${key} correlation`),
    extendedProperties: {
      Namespace: namespace,
      "Pod name": `${workload}-7c9d8f6b5-x2k4q`,
      "Container name": workload,
      resourceType: "Kubernetes Service",
      ...(node ? { "Suspicious process": "/usr/bin/curl" } : { "User agent": "kubectl/v1.33.0" }),
    },
    compromisedEntity: place.name,
    techniques: intent.split(",").flatMap((one) => techniques[one] ?? []),
    subTechniques: [],
    supportingEvidence: {
      type: "tabularEvidences",
      title: "Activity",
      columns: ["Date", "Activity"],
      rows: [[azureTime(happened), title]],
    },
    ...wish.properties,
  };
  for (const [property, value] of Object.entries(properties))
    if (value === undefined) delete (properties as Record<string, unknown>)[property];
  return {
    id: `/subscriptions/${place.subscription}${group}/providers/Microsoft.Security/locations/${place.location}/alerts/${name}`,
    name,
    type: "Microsoft.Security/Locations/alerts",
    properties,
  };
}
