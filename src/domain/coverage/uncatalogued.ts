import { supportedUntil } from "../catalogue/components.ts";
import { findExtension } from "../catalogue/extensions.ts";
import type { ClusterCoverage, Coverage } from "./coverage.ts";
import type { Gap } from "./gap.ts";

/** Something that Azure or a cluster named and the catalogue does not have; it is shown by its own text. */
export type Uncatalogued = { kind: "extension" | "sensor-version"; name: string };

/** Each once. */
export function uncatalogued({ subscriptions, clusters, registries }: Coverage): Uncatalogued[] {
  const plans = [...subscriptions, ...clusters, ...registries].flatMap(({ plan }) => plan?.extensions ?? []);
  const extensions = plans.filter(({ name }) => !findExtension(name)).map(({ name }) => name);
  const versions = clusters.flatMap(chartVersions).filter((version) => supportedUntil(version) === undefined);
  return [
    ...[...new Set(extensions)].map((name) => ({ kind: "extension" as const, name })),
    ...[...new Set(versions)].map((name) => ({ kind: "sensor-version" as const, name })),
  ];
}

const warningDays = 120;

/** Sensors of the Helm chart whose support ends soon or has ended. AKS updates the add-on's itself. */
export function supportGaps(clusters: readonly ClusterCoverage[], at: string): Gap[] {
  const limit = new Date(Date.parse(at) + warningDays * 86_400_000).toISOString().slice(0, 10);
  return clusters.flatMap((cluster) =>
    [...new Set(chartVersions(cluster))].flatMap((version): Gap[] => {
      const until = supportedUntil(version);
      if (until === undefined || until > limit) return [];
      const on = { kind: "cluster" as const, id: cluster.id, name: cluster.name };
      const { subscription, pods } = cluster;
      return [
        { kind: "sensor-old", on, subscription, what: version, detail: until, evidence: pods?.evidence },
      ];
    }),
  );
}

function chartVersions({ pods }: ClusterCoverage): string[] {
  if (!pods?.known || !pods.value.installed.includes("helm") || !pods.value.components.known) return [];
  return pods.value.components.value.flatMap(({ pods: name, version }) =>
    name.startsWith("microsoft-defender-") && version ? [version] : [],
  );
}
