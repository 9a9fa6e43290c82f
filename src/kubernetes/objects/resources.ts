import type { ObjectRef } from "../../ports/clusters.ts";
import { trouble } from "../connection/refusal.ts";
import { askIfThere, encodedVersion, type Transport } from "../connection/transport.ts";
import { at, items, text } from "./read.ts";

/** A kind of object as the API serves it. */
export type Resource = { apiVersion: string; kind: string; name: string; namespaced: boolean };

/** Finds how a kind is served; what every cluster has is known, the rest is asked once. */
export type Resources = {
  /** @throws UpstreamError code `UnknownKind` */
  ofKind(apiVersion: string, kind: string): Promise<Resource>;
  /** Undefined where the cluster does not serve it. */
  ofName(apiGroup: string, name: string): Promise<Resource | undefined>;
};

const core = (kind: string, name: string, namespaced = true): Resource => ({
  apiVersion: "v1",
  kind,
  name,
  namespaced,
});

/** Kinds that our scenarios create, owners before what they own and the namespace last: the order of removal. */
export const createdKinds: readonly Resource[] = [
  { apiVersion: "apps/v1", kind: "Deployment", name: "deployments", namespaced: true },
  core("Pod", "pods"),
  core("Service", "services"),
  core("ServiceAccount", "serviceaccounts"),
  core("Namespace", "namespaces", false),
];

/** Kinds without a namespace that a right may name [Kubernetes API, cluster-scoped resources]. */
export const clusterScoped = new Set([
  "nodes",
  "namespaces",
  "persistentvolumes",
  "clusterroles",
  "clusterrolebindings",
  "customresourcedefinitions",
  "constrainttemplates",
]);

export function resourcesOf(transport: Transport): Resources {
  const lists = new Map<string, Promise<Resource[]>>();
  const listOf = (apiVersion: string) => {
    const known = lists.get(apiVersion);
    if (known) return known;
    const asked = discover(transport, apiVersion);
    lists.set(apiVersion, asked);
    asked.catch(() => lists.delete(apiVersion));
    return asked;
  };
  return {
    async ofKind(apiVersion, kind) {
      const matches = (one: Resource) => one.apiVersion === apiVersion && one.kind === kind;
      const match = createdKinds.find(matches) ?? (await listOf(apiVersion)).find(matches);
      if (match) return match;
      throw trouble("UnknownKind", `The cluster knows no ${kind} of ${apiVersion}`);
    },
    async ofName(apiGroup, name) {
      const known = createdKinds.find((one) => one.name === name && groupOf(one.apiVersion) === apiGroup);
      if (known) return known;
      const version = apiGroup === "" ? "v1" : await preferredVersion(transport, apiGroup);
      return version === undefined ? undefined : (await listOf(version)).find((one) => one.name === name);
    },
  };
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.split("/", 1)[0]! : "";
}

/** `/api/v1/namespaces/x/pods`, or `…/pods` over all namespaces where none is given. */
export function pathOf({ apiVersion, name, namespaced }: Resource, namespace?: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ""}/${name}`;
}

/** The path of one object. An object without the namespace that its kind needs lies in `default`. */
export function objectPath(
  resource: Resource,
  { namespace, name }: Pick<ObjectRef, "namespace" | "name">,
): string {
  return `${pathOf(resource, namespace ?? "default")}/${encodeURIComponent(name)}`;
}

async function preferredVersion(transport: Transport, group: string): Promise<string | undefined> {
  const answer = await askIfThere(transport, `/apis/${encodeURIComponent(group)}`);
  return text(answer, ["preferredVersion", "groupVersion"]) || undefined;
}

async function discover(transport: Transport, apiVersion: string): Promise<Resource[]> {
  const safe = encodedVersion(apiVersion);
  const answer = await askIfThere(transport, apiVersion.includes("/") ? `/apis/${safe}` : `/api/${safe}`);
  return items(answer, "resources")
    .map((one) => ({
      apiVersion,
      kind: text(one, ["kind"]),
      name: text(one, ["name"]),
      namespaced: at(one, "namespaced") === true,
    }))
    .filter(({ name, kind }) => kind !== "" && /^[a-z0-9.-]+$/.test(name));
}
