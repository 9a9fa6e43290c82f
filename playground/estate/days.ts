import {
  addNodePool,
  deleteImage,
  type Image,
  pushImage,
  runImage,
  updateContainer,
  upgradeNodePool,
} from "./contents.ts";
import type { Estate, Resource, Subscription } from "./estate.ts";
import { knownPackage } from "./packages.ts";
import { addVulnerability, changeCve, close, publishFix, withdraw } from "./scanning.ts";

/** How many findings each class of a digest must have: what was not changed is left out. */
export type Expected = Record<string, number>;
export type Day = {
  title: string;
  /** Happens at once: no scan sees half of it. */
  happens(estate: Estate, now: Date): void;
  expects: Expected;
};

const day = 86_400_000;
const packages = (...names: string[]) => names.map((name) => knownPackage(name));

/**
 * Puts images and a node pool into the demo's estate whose findings are known by number, for the days to work on. The
 * packages of the images that are drawn are others than those that the days are about, where it matters.
 */
export function prepareDays(estate: Estate, now: Date): void {
  const at = new Date(now.getTime() - 9 * day);
  const push = (registry: string, repository: string, tag: string, ...names: string[]) =>
    pushImage(estate, {
      registry: registryOf(estate, registry),
      repository,
      tags: [tag],
      at,
      packages: packages(...names),
    });
  const frontend = push("contosoprod", "shop/frontend", "1.8", "openssl", "zlib", "curl", "perl");
  const payments = push("contosoprod", "shop/payments", "3.1", "gnutls", "lodash");
  push("contosoprod", "shop/search", "7", "glibc");
  push("contosojuchu", "juchu/batch", "2", "nghttp2");
  push("contosolab", "lab/tools", "1", "log4j-core");
  const web = clusterOf(estate, "aks-prod-web");
  runImage(estate, frontend, { cluster: web, namespace: "shop", workload: "frontend" });
  runImage(estate, payments, {
    cluster: clusterOf(estate, "aks-prod-payments"),
    namespace: "payments",
    workload: "payments",
  });
  addNodePool(estate, { cluster: web, name: "apps", at, packages: packages("openssl", "glibc") });
  // Somebody decided that the shop can live with it: counted beside the open findings from the first day.
  close(estate, payments, "lodash", "exempted");
}

/** The days after the first scan; each class of a digest occurs in one of them, with a number that is known. */
export const demoDays: readonly Day[] = [
  {
    title: "frontend:1.8 is rebuilt, the nodes get a new image, and a backdoor becomes known",
    happens(estate, now) {
      const payments = imageOf(estate, "shop/payments");
      const wish = { ...knownPackage("xz-utils"), cves: [] };
      const cve = estate.contents.cves.get("CVE-2024-3094")!;
      addVulnerability(estate, payments, wish, cve, now);
      rebuild(estate, now, "curl", "perl", "gnutls");
      const pool = estate.contents.pools.find(({ name }) => name === "apps")!;
      upgradeNodePool(estate, pool, packages("glibc"), now);
      pushImage(estate, {
        registry: registryOf(estate, "contosojuchu"),
        repository: "juchu/web",
        tags: ["1"],
        at: now,
        packages: packages("zlib", "curl"),
      });
    },
    // The backdoor and, in the rebuilt image, gnutls; openssl (2) and zlib left the image, openssl (2) the nodes.
    expects: { new: 2, fixed: 5, "new-image": 3 },
  },
  {
    title: "The scanner changes its mind, a fix comes out, and an image is deleted",
    happens(estate) {
      withdraw(estate, imageOf(estate, "shop/search"), "CVE-2024-2961");
      changeCve(estate, "CVE-2024-0567", { severity: "High", base: 7.5 });
      publishFix(estate, "perl", "5.36.0", "5.38.2");
      deleteImage(estate, imageOf(estate, "lab/tools"));
    },
    // gnutls is in two images; perl in one.
    expects: { withdrawn: 1, raised: 2, news: 1, gone: 2 },
  },
  {
    title: "frontend:1.8 is rebuilt from an old branch",
    happens(estate, now) {
      rebuild(estate, now, "curl", "perl", "gnutls", "openssl");
    },
    expects: { regressed: 2 },
  },
  {
    title: "An older model answers too, and tells that an image was not scanned for three days",
    happens(estate, now) {
      estate.contents.grouped.add("registry");
      for (const image of estate.contents.images) image.scanned = now.toISOString();
      const batch = imageOf(estate, "juchu/batch");
      batch.scanned = new Date(now.getTime() - 3 * day).toISOString();
      estate.revision++;
    },
    // Every finding of a registry is now reported twice, and counts once: nothing is new.
    expects: { "scan-missing": 1 },
  },
  {
    title: "The bot loses its role in one subscription",
    happens(estate) {
      const { subscriptionId } = lost(estate);
      const [role] = estate.permissions[subscriptionId]!;
      estate.permissions[subscriptionId] = [
        { ...role!, actions: ["Microsoft.Resources/subscriptions/read"] },
      ];
      estate.revision++;
    },
    // What was there before stays, and is neither new nor fixed: 11 images and their 27 findings.
    expects: { "not-read": 27 },
  },
];

/** The subscription that is lost in the end. */
export function lost(estate: Estate): Subscription {
  const subscription = estate.subscriptions.find(({ displayName }) => displayName.startsWith("本番環境"));
  if (!subscription) throw new Error("the estate has no subscription to lose");
  return subscription;
}

/** The tag moves to a new build, the workload to the tag, and the old build is purged. */
function rebuild(estate: Estate, at: Date, ...names: string[]): void {
  const old = imageOf(estate, "shop/frontend");
  const fixed = estate.contents.images.flatMap((image) => image.packages);
  const built = pushImage(estate, {
    registry: old.registry,
    repository: old.repository,
    tags: ["1.8"],
    at,
    // What came out since is known of the same version in the new build too.
    packages: packages(...names).map((one) => ({
      ...one,
      fixed:
        fixed.find(({ name, version }) => name === one.name && version === one.version)?.fixed ?? one.fixed,
    })),
  });
  for (const container of estate.contents.containers)
    if (container.image === old) updateContainer(estate, container, built);
  deleteImage(estate, old);
}

function imageOf(estate: Estate, repository: string): Image {
  const image = estate.contents.images.find((one) => one.repository === repository);
  if (!image) throw new Error(`the estate has no image ${repository}`);
  return image;
}

function registryOf(estate: Estate, name: string): Resource {
  const registry = estate.registries.find((one) => one.name === name);
  if (!registry) throw new Error(`the estate has no registry ${name}`);
  return registry;
}

function clusterOf(estate: Estate, name: string): Resource {
  const cluster = estate.clusters.find((one) => one.name === name);
  if (!cluster) throw new Error(`the estate has no cluster ${name}`);
  return cluster;
}
