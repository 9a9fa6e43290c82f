import type { Read, Unread } from "../src/domain/reading/reading.ts";
import type { Assessment, Assessments, Unassessed } from "../src/domain/recommendations/recommendation.ts";
import type { RecommendationsRead } from "../src/domain/recommendations/watch/compare.ts";
import { timeAt } from "./coverage-readings.ts";

export const privileged = "Privileged containers should be avoided";
export const aks = (subscription: string, name: string) =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;

/** One assessment of a cluster, or of a container in it. */
export function assessed(
  title: string,
  cluster: string,
  about: Partial<Assessment> & { subscription?: string; pod?: string } = {},
): Assessment {
  const { subscription = "s1", pod, ...rest } = about;
  const id = `${aks(subscription, cluster)}${pod ? `/securityentitydata/namespace-shop-pod-${pod}` : ""}`;
  return {
    key: title.toLowerCase().replaceAll(" ", "-"),
    title,
    type: "control-plane",
    severity: "medium",
    status: "unhealthy",
    cause: "",
    resource: {
      id,
      name: pod ?? cluster,
      kind: pod ? "k8s-container" : "microsoft.containerservice/managedclusters",
    },
    place: {
      subscription: { id: subscription, name: `Subscription ${subscription}` },
      resourceGroup: "rg",
      cluster,
    },
    description: "",
    remediation: "",
    ...rest,
  };
}

/** A reading of the estate, so many hours after the first one. */
export function readingAt(
  hours: number,
  assessments: readonly Assessment[],
  {
    unread = [],
    unassessed = [],
    ids = ["s1"],
  }: { unread?: Unread[]; unassessed?: Unassessed[]; ids?: string[] } = {},
): RecommendationsRead & Read<Assessments> {
  const missing = new Set(unread.map(({ id }) => id));
  return {
    value: { assessments: [...assessments], unassessed },
    asOf: timeAt(hours * 60),
    subscriptions: ids.length,
    unread,
    estate: ids.filter((id) => !missing.has(id)).map((id) => ({ id, name: `Subscription ${id}` })),
  };
}
