import type { Artifact, ImagePlace, ImageUse } from "../../domain/findings/model/finding.ts";
import { nameWithin, readResourceId } from "../../domain/resource-id.ts";
import type { Located } from "../../domain/scope/scope.ts";
import { field, isoTime, list, record, text } from "../fields.ts";
import { type Names, placeOf } from "../place.ts";

/** What a row says of the thing that was scanned. */
export type Seen = Pick<Artifact, "key" | "kind" | "name" | "at" | "scanned" | "exposed"> & {
  place?: ImagePlace;
  uses: ImageUse[];
};
/** Clusters by the resource group of their nodes: `subscription/group` in lower case. */
export type NodeGroups = ReadonlyMap<string, { cluster: string; resourceGroup: string }>;

type About = {
  /** The row's own id; it hangs on the asset or on what holds it. */
  id: string;
  /** The id of the asset, as the row's details have it. */
  asset: string;
  digest: string;
  repository: string;
  /** `contoso.azurecr.io`, with or without the repository after it. */
  host: string;
  pushed?: string;
  running: boolean;
  names: Names;
};

/** Where the JSON text that images and containers carry has each part, in this order. */
export const aboutPaths = {
  digest: ["Digest"],
  repository: ["RepositoryDetails.RepositoryName", "RepositoryName", "Repo"],
  image: ["RegistryHost", "ImageName", "ImageUri"],
  pushed: ["LastPushedToRegistryUTC", "RepositoryDetails.LastPushedToRegistryUTC"],
  cluster: ["ClusterName", "K8sClusterName", "Cluster"],
  namespace: ["Namespace", "KubernetesNamespace"],
  workload: ["WorkloadName", "ControllerName", "DeploymentName", "OwnerName", "PodName", "Workload", "Name"],
  container: ["ContainerName", "Container"],
} as const;

/** Words for the kinds of things that own a container in Kubernetes, as they stand in ids. */
const owners = [
  "pods",
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "jobs",
  "cronjobs",
  "replicationcontrollers",
  "workloads",
];
/** Workloads of one row. */
const mostWorkloads = 100;
const node = /\/virtualmachinescalesets\/[^/]+/i;

/**
 * The asset of a row of `queries/findings-individual.kql`; undefined where it names no digest and no node pool. `about`
 * is the JSON text that images and containers carry.
 */
export function readIndividual(
  cells: { id: string; asset: string; type: string; about: string },
  names: Names,
  nodeGroups: NodeGroups,
): Seen | undefined {
  const { id, asset, type } = cells;
  if (type !== ".containerimage" && type !== "k8s-container") return nodePool(id, asset, names, nodeGroups);
  const about = record(cells.about);
  const first = (paths: readonly string[], most: number) =>
    paths.map((path) => text(field(about, ...path.split(".")), most)).find(Boolean) ?? "";
  const seen = image({
    id,
    asset,
    digest: first(aboutPaths.digest, 200),
    repository: first(aboutPaths.repository, 300),
    host: first(aboutPaths.image, 500),
    pushed: isoTime(first(aboutPaths.pushed, 50)),
    running: type === "k8s-container",
    names,
  });
  if (seen && type === "k8s-container") seen.uses = [use(id, asset, about, names)];
  return seen;
}

/** The asset of a row of `queries/findings-grouped.kql`. */
export function readGroupedArtifact(
  cell: (name: string) => unknown,
  names: Names,
  nodeGroups: NodeGroups,
): Seen | undefined {
  const [id, asset, model] = [text(cell("id"), 2000), text(cell("asset"), 2000), text(cell("model"), 50)];
  const scanned = isoTime(cell("scanned"));
  if (model === "grouped-nodes") {
    const pool = nodePool(id, asset, names, nodeGroups);
    return pool && { ...pool, scanned };
  }
  const artifact = cell("artifact");
  const running = model.startsWith("grouped-running");
  const seen = image({
    id,
    asset,
    digest: text(field(artifact, "digest"), 200) || text(cell("digest"), 200),
    repository: text(field(artifact, "repositoryName"), 300) || text(cell("repository"), 300),
    host: text(field(artifact, "registryHost"), 300),
    pushed: isoTime(field(artifact, "lastPushedToRegistryUTC")),
    running,
    names,
  });
  if (!seen) return undefined;
  const cluster = cell("cluster");
  const workload = record(cell("workload"));
  // The preview lists them [published examples of that generation].
  const workloads = list(field(workload, "workloads")).slice(0, mostWorkloads);
  const where = text(field(cluster, "clusterResourceId"), 2000) || id;
  if (running)
    seen.uses = (workloads.length > 0 ? workloads : [{}]).map((one) =>
      use(where, asset, { ...workload, ...record(one), ...record(cluster) }, names),
    );
  return { ...seen, scanned };
}

function image(about: About): Seen | undefined {
  const { id, asset, names, pushed } = about;
  const key = digestOf(about.digest, asset);
  if (key === undefined) return undefined;
  const repository = (about.repository || repositoryOf(asset)).toLowerCase();
  const located = placeOf([id, asset].filter(isId), names);
  const registry = located.registry ?? about.host.split(/[./]/, 1)[0]?.toLowerCase() ?? "";
  const pulled = about.host.includes("/") ? about.host : [about.host, repository].filter(Boolean).join("/");
  return {
    key,
    kind: "image",
    name: repository && !about.running ? repository : pulled || key,
    uses: [],
    ...(!about.running &&
      registry &&
      repository && { place: { ...located, registry, repository, ...(pushed && { pushed }) } }),
  };
}

/** `web/shop` of `…/repositories/web/shop/images/sha256:…`. */
function repositoryOf(asset: string): string {
  const [start] = /(?:^|\/)repositories\//i.exec(asset) ?? [];
  const rest = start === undefined ? "" : asset.slice(asset.indexOf(start) + start.length);
  return /^(.+)\/images\//i.exec(rest)?.[1] ?? "";
}

/** `sha256:…` wherever it is, in lower case; else whatever the row calls a digest. */
function digestOf(digest: string, asset: string): string | undefined {
  const match = /\bsha(?:256|512):[0-9a-f]{16,128}/i.exec(`${digest.replace(/\s+/g, "")} ${asset}`)?.[0];
  return (match ?? digest.trim())?.toLowerCase() || undefined;
}

/**
 * Where a container runs: from the id of the asset where it names the steps, else from fields of these names. How the
 * rows of running containers look in detail is not documented [unconfirmed], so both are tried.
 */
function use(id: string, asset: string, about: unknown, names: Names): ImageUse {
  const step = (...kinds: readonly string[]) => nameWithin(asset, ...kinds) ?? "";
  const named = (keys: readonly string[]) =>
    keys.map((key) => text(field(about, key), 200)).find(Boolean) ?? "";
  const located = placeOf([id, asset].filter(isId), names);
  const cluster = located.cluster ?? named(aboutPaths.cluster);
  const entity = entityOf(asset, named(aboutPaths.namespace), text(field(about, "PodName"), 300));
  const pod = text(field(about, "PodName"), 300) || entity.pod;
  const owner = step(...owners) || named(aboutPaths.workload) || pod;
  return {
    ...where(located),
    ...(cluster && { cluster }),
    cluster,
    namespace: step("namespaces") || named(aboutPaths.namespace) || entity.namespace,
    workload: workloadName(owner, pod, text(field(about, "ControllerType"), 50)),
    container: step("containers") || named(aboutPaths.container) || entity.container,
  };
}

/** `namespace-NS-pod-POD-container-C`; names may hold these words too, so what is known of them is taken for granted. */
function entityOf(asset: string, namespace: string, pod: string) {
  const name = /\/securityentitydata\/([^/]{1,600})/i.exec(asset)?.[1] ?? "";
  const rest = /^namespace-/i.test(name) ? name.slice("namespace-".length) : "";
  const namespaceEnd = namespace ? namespace.length : rest.indexOf("-pod-");
  const podAt = namespaceEnd + "-pod-".length;
  const podEnd = pod ? podAt + pod.length : rest.indexOf("-container-", podAt);
  if (!rest || namespaceEnd < 0 || podEnd < 0) return { namespace: "", pod: "", container: "" };
  return {
    namespace: rest.slice(0, namespaceEnd),
    pod: rest.slice(podAt, podEnd),
    container: rest.slice(podEnd + "-container-".length),
  };
}

/** A pod is another one after every restart, and a replica set after every roll-out: their owner stays. */
function workloadName(owner: string, pod: string, kind: string): string {
  if (owner === pod && pod) return pod.replace(/-[0-9a-f]{6,10}-[0-9a-z]{5}$|-[0-9a-z]{5}$|-\d{1,4}$/, "");
  return /^replicasets?$/i.test(kind) ? owner.replace(/-[0-9a-f]{6,10}$/, "") : owner;
}

/** A container runs in a cluster, wherever its image came from. */
function where({ registry: _, ...located }: Located): Located {
  return located;
}

function nodePool(id: string, asset: string, names: Names, nodeGroups: NodeGroups): Seen | undefined {
  const whole = [asset, id].find((one) => node.test(one));
  if (!whole) return undefined;
  const pool = /^.*?\/virtualmachinescalesets\/[^/]+/i.exec(whole)?.[0] ?? whole;
  const own = pool.split("/").at(-1) ?? pool;
  return {
    key: pool.toLowerCase(),
    kind: "node-pool",
    // `aks-POOL-12345678-vmss` [AKS docs, node pools].
    name: /^aks-(.+)-\d+-vmss$/i.exec(own)?.[1] ?? own,
    uses: [],
    // The group's name can be chosen freely: `MC_…` says whose it is only where nothing else does.
    at: { ...placeOf([pool], names), ...nodeGroups.get(nodeGroupKey(pool)) },
  };
}

/** `subscription/group` of a resource id, in lower case: how `NodeGroups` names a group. */
export function nodeGroupKey(id: string): string {
  const { subscription = "", resourceGroup = "" } = readResourceId(id) ?? {};
  return `${subscription}/${resourceGroup}`.toLowerCase();
}

const isId = (value: string) => /^\/subscriptions\//i.test(value);
