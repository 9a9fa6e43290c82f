import type { ClusterCoverage, Coverage, PlanState, RegistryCoverage } from "../coverage/coverage.ts";
import type { SeverityCounts } from "../findings/model/snapshot.ts";
import { artifactInScope, type MatchedArtifact } from "../findings/search/find-artifacts.ts";
import { inScope, type Located, type Scope } from "../scope/scope.ts";
import { bySeverity, type Severity } from "../severity.ts";

export const inventoryKinds = ["clusters", "registries", "images", "workloads"] as const;
export type InventoryKind = (typeof inventoryKinds)[number];

/** Findings of the images that are counted, each image once. */
type Linked = { images: number; counts: SeverityCounts };

/** What only a scan says is missing where none has been read: that is unknown, not none. */
export type ClusterItem = Partial<Linked> & {
  cluster: ClusterCoverage;
  plan?: PlanState;
  workloads?: number;
};
export type RegistryItem = Partial<Linked> & {
  registry: RegistryCoverage;
  repositories?: number;
  running?: number;
};
export type WorkloadItem = Linked & {
  place: Located & { cluster: string };
  namespace: string;
  workload: string;
  containers: string[];
  artifacts: MatchedArtifact[];
};

/** What there is, and how it hangs together. `images`: those that Defender scans or has met running. */
export type Inventory = {
  clusters: ClusterItem[];
  registries: RegistryItem[];
  images: MatchedArtifact[];
  workloads: WorkloadItem[];
};

/**
 * The inventory of a scope, out of readings that exist: the coverage of the estate and the images of the last scan. A scope
 * of clusters has the registries that their images lie in, one of registries the clusters that run their images.
 * @param artifacts undefined where no scan has been read
 */
export function inventoryOf(
  coverage: Coverage,
  artifacts: readonly MatchedArtifact[] | undefined,
  scope: Scope | undefined,
): Inventory {
  const images = (artifacts ?? []).filter(
    ({ artifact }) => artifact.kind === "image" && artifactInScope(artifact, scope),
  );
  const byCluster = new Map<string, Gathered>();
  const byRegistry = new Map<string, Gathered>();
  const workloads = new Map<string, WorkloadItem>();
  for (const one of images) {
    for (const place of one.artifact.places) {
      const known = gathered(byRegistry, place.registry.toLowerCase());
      known.images.add(one);
      known.names.add(place.repository.toLowerCase());
    }
    for (const use of one.artifact.uses) {
      if (!isOf(use, one, scope)) continue;
      const known = gathered(byCluster, keyOf(use, use.cluster));
      known.images.add(one);
      known.names.add(`${use.namespace}/${use.workload}`);
      addUse(workloads, use, one);
    }
  }
  const inCluster = (one: ClusterCoverage) => joined(byCluster, keysOf(one));
  const inRegistry = ({ name }: RegistryCoverage) => gathered(byRegistry, name.toLowerCase());
  const links = scope?.kind === "cluster" || scope?.kind === "registry" || scope?.kind === "any";
  const plans = new Map(coverage.subscriptions.map(({ subscription, plan }) => [subscription.id, plan]));
  return {
    clusters: coverage.clusters
      .filter((one) => inScope(one, scope) || (links && inCluster(one).images.size > 0))
      .map((cluster) => {
        const { images: own, names } = inCluster(cluster);
        const plan = cluster.plan ?? plans.get(cluster.subscription.id);
        const scanned = artifacts && { workloads: names.size, ...linked(own) };
        return { cluster, ...(plan && { plan }), ...scanned };
      })
      .sort((a, b) => worstFirst(a, b) || a.cluster.name.localeCompare(b.cluster.name, "en")),
    registries: coverage.registries
      .filter((one) => inScope(one, scope) || (links && inRegistry(one).images.size > 0))
      .map((registry) => {
        const { images: own, names } = inRegistry(registry);
        const running = [...own].filter(({ artifact }) => artifact.uses.length > 0).length;
        return { registry, ...(artifacts && { repositories: names.size, running, ...linked(own) }) };
      })
      .sort((a, b) => worstFirst(a, b) || a.registry.name.localeCompare(b.registry.name, "en")),
    images,
    workloads: [...workloads.values()]
      .map((one) => ({ ...one, ...linked(new Set(one.artifacts)) }))
      .sort((a, b) => worstFirst(a, b) || nameOf(a).localeCompare(nameOf(b), "en")),
  };
}

type Gathered = { images: Set<MatchedArtifact>; names: Set<string> };

function gathered(all: Map<string, Gathered>, key: string): Gathered {
  const known = all.get(key) ?? { images: new Set(), names: new Set() };
  all.set(key, known);
  return known;
}

/** What findings say of a cluster, which may leave out its resource group. */
function joined(all: Map<string, Gathered>, keys: readonly string[]): Gathered {
  const some = keys.map((key) => gathered(all, key));
  return {
    images: new Set(some.flatMap(({ images }) => [...images])),
    names: new Set(some.flatMap(({ names }) => [...names])),
  };
}

function keysOf(cluster: ClusterCoverage): string[] {
  const { subscription } = cluster;
  return [...new Set([keyOf(cluster, cluster.name), keyOf({ subscription }, cluster.name)])];
}

/** The name of a cluster is unique within its resource group, that of a registry everywhere. */
function keyOf({ subscription, resourceGroup = "" }: Located, name: string): string {
  return [subscription.id, resourceGroup, name].join("/").toLowerCase();
}

/** Of a scope of clusters the uses there; of one of registries all uses of their images. */
function isOf(use: Located, { artifact }: MatchedArtifact, scope: Scope | undefined): boolean {
  return inScope(use, scope) || artifact.places.some((place) => inScope(place, scope));
}

function addUse(
  all: Map<string, WorkloadItem>,
  use: MatchedArtifact["artifact"]["uses"][number],
  artifact: MatchedArtifact,
): void {
  const { namespace, workload, container } = use;
  const key = `${keyOf(use, use.cluster)}/${namespace}/${workload}`;
  const known = all.get(key) ?? {
    place: use,
    namespace,
    workload,
    containers: [],
    artifacts: [],
    ...{ images: 0, counts: {} },
  };
  if (container && !known.containers.includes(container)) known.containers.push(container);
  if (!known.artifacts.includes(artifact)) known.artifacts.push(artifact);
  all.set(key, known);
}

function linked(images: ReadonlySet<MatchedArtifact>): Linked {
  const counts: SeverityCounts = {};
  for (const one of images)
    for (const [severity, count] of Object.entries(one.counts) as [Severity, number][])
      counts[severity] = (counts[severity] ?? 0) + count;
  return { images: images.size, counts };
}

function worstFirst({ counts: a = {} }: Partial<Linked>, { counts: b = {} }: Partial<Linked>): number {
  const severities = [...new Set([...Object.keys(a), ...Object.keys(b)] as Severity[])];
  for (const severity of severities.sort(bySeverity)) {
    const difference = (b[severity] ?? 0) - (a[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function nameOf({ place, namespace, workload }: WorkloadItem): string {
  return [workload, place.cluster, namespace].join("/");
}

/** True where each word is somewhere in the texts; letter case does not matter. */
export function matchesWords(words: string | undefined, texts: readonly (string | undefined)[]): boolean {
  const wanted = words?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  if (wanted.length === 0) return true;
  const text = texts.join("\n").toLowerCase();
  return wanted.every((word) => text.includes(word));
}
