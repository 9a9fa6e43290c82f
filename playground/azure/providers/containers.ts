import type { Resource } from "../../estate/estate.ts";
import { guid } from "../../estate/identifiers.ts";
import { type Answer, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

export const clusterVersions = [
  "2023-11-01",
  "2024-02-01",
  "2024-09-01",
  "2025-01-01",
  "2025-05-01",
  "2025-08-01",
  "2025-10-01",
  "2026-01-01",
  "2026-04-01",
  "2026-07-01",
];
export const registryVersions = ["2023-07-01", "2024-11-01-preview", "2025-04-01", "2025-11-01"];

const lower = (text: string | undefined) => (text ?? "").toLowerCase();

/** Resources of the subscription, and of the resource group where the path names one. */
function below(call: Call, all: Resource[]): Resource[] {
  const group = call.params.group ? `resourcegroups/${lower(call.params.group)}/` : "";
  const prefix = `/subscriptions/${lower(call.params.subscription)}/${group}`;
  return all.filter((one) => one.id.toLowerCase().startsWith(prefix));
}

const named = (call: Call, all: Resource[]) =>
  below(call, all).find((one) => lower(one.name) === lower(call.params.name));

function one(call: Call, resource: Resource | undefined): Answer {
  return resource ? { status: 200, body: withTag(call, resource) } : resourceNotFound(call.url.pathname);
}

/** Clusters have an eTag, which every change of them changes [managedClusters 2024-09-01]. */
export function eTagOf(cluster: Resource): string {
  return guid(JSON.stringify([cluster.tags, cluster.properties]));
}

function withTag(call: Call, resource: Resource): Resource {
  const version = call.url.searchParams.get("api-version") ?? "";
  return /managedclusters$/i.test(resource.type) && version >= "2024-09-01"
    ? { ...resource, eTag: eTagOf(resource) }
    : resource;
}

/** The pools of the profile, each as a resource of its own [agentPools 2024-02-01]. */
function pools(call: Call): { id: string; name: string; type: string; properties: unknown }[] | undefined {
  const cluster = named(call, call.estate.clusters);
  const profiles = cluster?.properties.agentPoolProfiles as { name: string }[] | undefined;
  return profiles?.map(({ name, ...properties }) => ({
    id: `${cluster!.id}/agentPools/${name}`,
    name,
    type: "Microsoft.ContainerService/managedClusters/agentPools",
    properties,
  }));
}

const subscription = "/subscriptions/{subscription}";
const group = `${subscription}/resourceGroups/{group}`;

function resourceRoutes(provider: string, versions: string[], all: (call: Call) => Resource[]): Route[] {
  const action = `${provider}/read`;
  const list = (call: Call) => page(call, below(call, all(call)));
  return [
    { method: "GET", path: `${subscription}/providers/${provider}`, versions, action, handle: list },
    { method: "GET", path: `${group}/providers/${provider}`, versions, action, handle: list },
    {
      method: "GET",
      path: `${group}/providers/${provider}/{name}`,
      versions,
      action,
      handle: (call) => one(call, named(call, all(call))),
    },
  ];
}

const poolPath = `${group}/providers/Microsoft.ContainerService/managedClusters/{name}/agentPools`;
const poolAction = "Microsoft.ContainerService/managedClusters/agentPools/read";

export const containerRoutes: Route[] = [
  ...resourceRoutes(
    "Microsoft.ContainerService/managedClusters",
    clusterVersions,
    (call) => call.estate.clusters,
  ),
  ...resourceRoutes(
    "Microsoft.ContainerRegistry/registries",
    registryVersions,
    (call) => call.estate.registries,
  ),
  {
    method: "GET",
    path: poolPath,
    versions: clusterVersions,
    action: poolAction,
    handle: (call) => {
      const resource = pools(call);
      return resource ? page(call, resource) : resourceNotFound(call.url.pathname);
    },
  },
  {
    method: "GET",
    path: `${poolPath}/{pool}`,
    versions: clusterVersions,
    action: poolAction,
    handle: (call) => {
      const resource = pools(call)?.find((pool) => lower(pool.name) === lower(call.params.pool));
      return resource ? { status: 200, body: resource } : resourceNotFound(call.url.pathname);
    },
  },
];
