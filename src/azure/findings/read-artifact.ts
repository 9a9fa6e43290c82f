import type { Artifact, ImagePlace, ImageUse } from "../../domain/findings/finding.ts";
import type { Located } from "../../domain/scope.ts";
import { field, isoTime, record, text } from "../fields.ts";
import { type Names, placeOf } from "../place.ts";

/** What a row says of the thing that was scanned. */
export type Seen = Pick<Artifact, "key" | "kind" | "name" | "at" | "scanned" | "exposed"> & {
  place?: ImagePlace;
  use?: ImageUse;
};
type About = {
  /** The row's own id; it hangs on the asset or on what holds it. */
  id: string;
  /** The id of the asset, as the row's details have it. */
  asset: string;
  digest: string;
  repository: string;
  /** `contoso.azurecr.io`, with or without the repository behind it. */
  host: string;
  pushed?: string;
  running: boolean;
  names: Names;
};

/** Words for the kinds of things that own a container in Kubernetes, as they stand in ids. */
const owners =
  "(?:pods|deployments|replicasets|statefulsets|daemonsets|jobs|cronjobs|replicationcontrollers|workloads)";
const node = /\/virtualmachinescalesets\/[^/]+/i;

/**
 * The asset of a row of `queries/findings-individual.kql`; undefined where it names no digest and no node pool. `about`
 * is the JSON text that images and containers carry.
 */
export function readIndividual(
  cells: { id: string; asset: string; type: string; about: string },
  names: Names,
): Seen | undefined {
  const { id, asset, type } = cells;
  if (type !== ".containerimage" && type !== "k8s-container") return nodePool(id, asset, names);
  const about = record(cells.about);
  const repository = field(about, "RepositoryDetails");
  const seen = image({
    id,
    asset,
    digest: text(field(about, "Digest"), 200),
    repository: text(field(repository, "RepositoryName"), 300) || text(field(about, "RepositoryName"), 300),
    host: text(field(about, "RegistryHost"), 300) || text(field(about, "ImageName"), 500),
    pushed:
      isoTime(field(about, "LastPushedToRegistryUTC")) ??
      isoTime(field(repository, "LastPushedToRegistryUTC")),
    running: type === "k8s-container",
    names,
  });
  if (seen && type === "k8s-container") seen.use = use(id, asset, about, names);
  return seen;
}

/** The asset of a row of `queries/findings-grouped.kql`. */
export function readGroupedArtifact(cell: (name: string) => unknown, names: Names): Seen | undefined {
  const [id, asset, model] = [text(cell("id"), 2000), text(cell("asset"), 2000), text(cell("model"), 50)];
  const scanned = isoTime(cell("scanned"));
  if (model === "grouped-nodes") {
    const pool = nodePool(id, asset, names);
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
  const about = { ...record(cell("workload")), ...record(cluster) };
  if (running) seen.use = use(text(field(cluster, "clusterResourceId"), 2000) || id, asset, about, names);
  return { ...seen, scanned };
}

function image(about: About): Seen | undefined {
  const { id, asset, names, pushed } = about;
  const key = digestOf(about.digest, asset);
  if (key === undefined) return undefined;
  const repository = (
    about.repository ||
    (/(?:^|\/)repositories\/(.+)\/images\//i.exec(asset)?.[1] ?? "")
  ).toLowerCase();
  const located = placeOf([id, asset].filter(isId), names);
  const registry = located.registry ?? about.host.split(/[./]/, 1)[0]?.toLowerCase() ?? "";
  const pulled = about.host.includes("/") ? about.host : [about.host, repository].filter(Boolean).join("/");
  return {
    key,
    kind: "image",
    name: repository && !about.running ? repository : pulled || key,
    ...(!about.running &&
      registry &&
      repository && { place: { ...located, registry, repository, ...(pushed && { pushed }) } }),
  };
}

/** `sha256:…` wherever it stands, in lower case; else whatever the row calls a digest. */
function digestOf(digest: string, asset: string): string | undefined {
  const found = /\bsha(?:256|512):[0-9a-f]{16,128}/i.exec(`${digest.replace(/\s+/g, "")} ${asset}`)?.[0];
  return (found ?? digest.trim())?.toLowerCase() || undefined;
}

/**
 * Where a container runs: from the id of the asset where it names the steps, else from fields of these names. How the
 * rows of running containers look in detail is not documented [unconfirmed], so both are tried.
 */
function use(id: string, asset: string, about: unknown, names: Names): ImageUse {
  const step = (kind: string) => new RegExp(`/${kind}/([^/]+)`, "i").exec(asset)?.[1] ?? "";
  const named = (...keys: string[]) => keys.map((key) => text(field(about, key), 200)).find(Boolean) ?? "";
  const located = placeOf([id, asset].filter(isId), names);
  const cluster = located.cluster ?? named("ClusterName", "Cluster");
  return {
    ...where(located),
    ...(cluster && { cluster }),
    cluster,
    namespace: step("namespaces") || named("Namespace", "KubernetesNamespace"),
    workload:
      step(owners) ||
      named("WorkloadName", "ControllerName", "DeploymentName", "OwnerName", "PodName", "Workload"),
    container: step("containers") || named("ContainerName", "Container"),
  };
}

/** A container runs in a cluster, wherever its image came from. */
function where({ registry: _, ...located }: Located): Located {
  return located;
}

function nodePool(id: string, asset: string, names: Names): Seen | undefined {
  const whole = [asset, id].find((one) => node.test(one));
  if (!whole) return undefined;
  const pool = /^.*?\/virtualmachinescalesets\/[^/]+/i.exec(whole)?.[0] ?? whole;
  return {
    key: pool.toLowerCase(),
    kind: "node-pool",
    // `aks-POOL-12345678-vmss` [AKS docs, node pools].
    name: /\/aks-(.+)-\d+-vmss$/i.exec(pool)?.[1] ?? pool.split("/").at(-1) ?? pool,
    at: placeOf([pool], names),
  };
}

const isId = (value: string) => /^\/subscriptions\//i.test(value);
