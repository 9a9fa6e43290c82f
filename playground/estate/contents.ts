import type { Estate, Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";
import { type Cve, knownCves, type Package } from "./packages.ts";

/** An image in a registry, by its digest; what it contains never changes, what is known of it does. */
export type Image = {
  registry: Resource;
  repository: string;
  digest: string;
  tags: string[];
  /** ISO. */
  pushed: string;
  packages: ScannedPackage[];
  /** ISO; when the scanner last looked, where that is not the time of each finding. Only the grouped models tell it. */
  scanned?: string;
};
/** A container that runs an image, which need not lie in a registry of the estate. */
export type Container = {
  cluster: Resource;
  namespace: string;
  workload: string;
  container: string;
  image: Image;
  /** Reachable from the internet, as Defender CSPM computes it. */
  exposed?: boolean;
};
export type NodePool = { cluster: Resource; name: string; packages: ScannedPackage[] };
/**
 * A package that the scanner reports, with the vulnerabilities that it knows there. `since`: ISO, when it was evaluated
 * first. `closed`: why it is not open.
 */
export type ScannedPackage = Package & { since: string; closed?: "exempted" | "disabled" };

/** The grouped recommendations by their keys; that of the nodes has a name only in what is published. */
export const groupedKeys = {
  registry: "c0b7cfc6-3172-465a-b378-53c7ff2cc0d5",
  running: "c609cf0f-71ab-41e9-a3c6-9a1f7fe1b8d5",
  "registry-preview": "33422d8f-ab1e-42be-bc9a-38685bb567b9",
  "running-preview": "e9acaf48-d2cf-45a3-a6e7-3caa2ef769e0",
} as const;
export type GroupedModel = keyof typeof groupedKeys | "nodes";

/** What is in the registries, runs in the clusters and on their nodes, and which models tell of it. */
export type Contents = {
  cves: Map<string, Cve>;
  images: Image[];
  containers: Container[];
  pools: NodePool[];
  /** Today's model; off: it answers nothing. */
  individual: boolean;
  /** Shape of its rows: as since August 2026, as before, or row by row the one or the other. */
  shape: "today" | "older" | "mixed";
  /** Whether the bot may read details of CVEs at the scope of the tenant or a management group. */
  cveDetails: boolean;
  /** Those that answer too; none in today's public cloud. */
  grouped: Set<GroupedModel>;
};

export function emptyContents(): Contents {
  return {
    cves: new Map(knownCves.map((one) => [one.id, { ...one }])),
    images: [],
    containers: [],
    pools: [],
    individual: true,
    shape: "today",
    cveDetails: true,
    grouped: new Set(),
  };
}

/** A digest that is always the same for the same text. */
export function digestOf(text: string): string {
  return `sha256:${[text, `${text} more`].map((one) => guid(one).replaceAll("-", "")).join("")}`;
}

export type PushWish = {
  registry: Resource;
  repository: string;
  tags?: string[];
  /** Default: made from registry, repository, tags and time. */
  digest?: string;
  at: Date;
  packages?: Package[];
};

/** Pushes an image; its tags move to it from wherever they were, as in every registry. */
export function pushImage(estate: Estate, wish: PushWish): Image {
  const { registry, repository, tags = [], at, packages = [] } = wish;
  const pushed = at.toISOString();
  const image: Image = {
    registry,
    repository,
    digest: wish.digest ?? digestOf(`${registry.name}/${repository}:${tags} ${pushed}`),
    tags: [],
    pushed,
    packages: packages.map((one) => ({ ...one, cves: [...one.cves], since: pushed })),
  };
  estate.contents.images.push(image);
  for (const tag of tags) moveTag(estate, image, tag);
  estate.revision++;
  return image;
}

export function moveTag(estate: Estate, image: Image, tag: string): void {
  for (const other of estate.contents.images)
    if (other.registry === image.registry && other.repository === image.repository)
      other.tags = other.tags.filter((one) => one !== tag);
  image.tags.push(tag);
  estate.revision++;
}

/** Deletes the manifest; containers that run it go on. */
export function deleteImage(estate: Estate, image: Image): void {
  estate.contents.images = estate.contents.images.filter((one) => one !== image);
  estate.revision++;
}

export function runImage(
  estate: Estate,
  image: Image,
  where: Omit<Container, "image" | "container"> & { container?: string },
): Container {
  const running = { ...where, container: where.container ?? where.workload, image };
  estate.contents.containers.push(running);
  estate.revision++;
  return running;
}

export function stopImage(estate: Estate, container: Container): void {
  estate.contents.containers = estate.contents.containers.filter((one) => one !== container);
  estate.revision++;
}

/** The workload takes another image, as a deployment does. */
export function updateContainer(estate: Estate, container: Container, image: Image): void {
  container.image = image;
  estate.revision++;
}

export function addNodePool(
  estate: Estate,
  wish: { cluster: Resource; name: string; at: Date; packages?: Package[] },
): NodePool {
  const { cluster, name, at, packages = [] } = wish;
  const since = at.toISOString();
  const pool = { cluster, name, packages: packages.map((one) => ({ ...one, since })) };
  estate.contents.pools.push(pool);
  estate.revision++;
  return pool;
}

/** A newer node image: these packages instead of those before; what stays keeps its time. */
export function upgradeNodePool(estate: Estate, pool: NodePool, packages: Package[], at: Date): void {
  pool.packages = packages.map((one) => ({
    ...one,
    since:
      pool.packages.find(({ name, version }) => name === one.name && version === one.version)?.since ??
      at.toISOString(),
  }));
  estate.revision++;
}
