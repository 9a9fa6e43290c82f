import type { Read } from "../reading/reading.ts";
import type { Targets } from "../simulations/simulation.ts";
import type { Assessment } from "./recommendation.ts";

const clusterOrRegistry =
  /^.*\/providers\/microsoft\.(?:containerservice\/managedclusters|containerregistry\/registries)\/[^/]+/i;

/**
 * Clusters and registries that are assessed, themselves or something in them, and that Azure doesn't have any more:
 * Defender keeps assessments of what was deleted for a while. A subscription that couldn't be read is not judged.
 * @returns their names, each once
 */
export function goneResources(
  assessments: readonly Assessment[],
  { value: { clusters, registries }, unread }: Pick<Read<Targets>, "value" | "unread">,
): string[] {
  const there = new Set([...clusters, ...registries].map(({ id }) => id.toLowerCase()));
  const unseen = new Set(unread.map(({ id }) => id.toLowerCase()));
  const gone = assessments.flatMap(({ resource, place }): [string, string][] => {
    const [id] = clusterOrRegistry.exec(resource.id) ?? [];
    if (!id || there.has(id.toLowerCase()) || unseen.has(place.subscription.id.toLowerCase())) return [];
    return [[id.toLowerCase(), id.slice(id.lastIndexOf("/") + 1)]];
  });
  return [...new Map(gone).values()];
}
