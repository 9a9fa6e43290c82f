import { readResourceId } from "../resource-id.ts";
import type { Assessment } from "./recommendation.ts";

/**
 * Assessments of one recommendation, each affected thing once. A data plane recommendation comes in two generations: one
 * assesses the cluster, the newer one each of its containers. Of a cluster that both assess, the containers count; the
 * cluster's own row counts as well only where it is unhealthy and the containers, all of them healthy, did not become so
 * later: of two statements that disagree, the newer one is right, and without times the unhealthy one.
 */
export function countedOnce(group: readonly Assessment[]): Assessment[] {
  if (group[0]?.type !== "data-plane") return [...group];
  const things = [...Map.groupBy(group, ({ resource }) => resource.id.toLowerCase()).values()].map(newest);
  return [...Map.groupBy(things, clusterOf)].flatMap(([cluster, some]) => {
    const whole = some.filter(isWholeCluster);
    const objects = some.filter((one) => !isWholeCluster(one));
    const said = objects.some(({ status }) => status === "healthy" || status === "unhealthy");
    if (cluster === "" || !said) return some;
    return [...objects, ...whole.filter((one) => contradicts(one, objects))];
  });
}

const clusterAtEnd = /\/(managedclusters|connectedclusters)\/[^/]*$/i;
const clusterType = /\/(managedclusters|connectedclusters)$/;

/** True for an assessment of a cluster, false for one of something in it. */
export function isWholeCluster({ resource }: Pick<Assessment, "resource">): boolean {
  // Taking an id apart is only worth it where its last type may be one of these.
  return clusterAtEnd.test(resource.id) && clusterType.test(readResourceId(resource.id)?.type ?? "");
}

/** What names the cluster that an assessment belongs to; "" where it names none. */
function clusterOf({ place: { subscription, resourceGroup = "", cluster } }: Assessment): string {
  return cluster === undefined ? "" : `${subscription.id}/${resourceGroup}/${cluster}`.toLowerCase();
}

/** Of several statements about one thing the newest; where that is not known, the unhealthy one. */
function newest(statements: readonly Assessment[]): Assessment {
  const [first, ...others] = statements.toSorted(byTimeOfChange);
  const unhealthy = others.find((one) => contradicts(one, [first!]));
  return unhealthy ?? first!;
}

/** True where the one is unhealthy, none of the others is, and none of them changed later. */
function contradicts(one: Assessment, others: readonly Assessment[]): boolean {
  if (one.status !== "unhealthy" || others.some(({ status }) => status === "unhealthy")) return false;
  const { since } = one;
  return since === undefined || !others.some((other) => other.since !== undefined && other.since > since);
}

function byTimeOfChange(a: Assessment, b: Assessment): number {
  return (b.since ?? "").localeCompare(a.since ?? "");
}
