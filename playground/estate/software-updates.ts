import { digestOf, pushImage, runImage } from "./contents.ts";
import type { Estate } from "./estate.ts";
import { draw } from "./identifiers.ts";
import { commonPackages, knownPackage } from "./packages.ts";

const repositories = ["web", "checkout", "team/api-gateway", "batch"];
const day = 86_400_000;

/** Fills each registry with four images of different age and content; every second one runs in a cluster. */
export function fillRegistries(estate: Estate, now: Date): void {
  for (const registry of estate.registries)
    for (const [index, repository] of repositories.entries()) {
      const packages = commonPackages
        .filter((name) => draw(`${registry.name} ${repository} ${name}`, 10) < 5)
        .map((name) => knownPackage(name));
      const days = 1 + draw(`${registry.name}/${repository} age`, 40);
      const at = new Date(now.getTime() - days * day);
      const digest = digestOf(`${registry.name}/${repository}`);
      const image = pushImage(estate, { registry, repository, tags: ["1.8"], digest, at, packages });
      const subscription = registry.id.split("/")[2];
      const cluster = estate.clusters.find(({ id }) => id.split("/")[2] === subscription);
      if (cluster && index % 2 === 0)
        runImage(estate, image, { cluster, namespace: "shop", workload: repository.replaceAll("/", "-") });
    }
}
