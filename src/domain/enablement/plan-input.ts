import type { ClusterCoverage, Coverage, Provisioning, SubscriptionCoverage } from "../coverage/coverage.ts";
import type { Gap } from "../coverage/gap.ts";
import type { Wanted } from "./wanted.ts";

/** The standard for AKS of a subscription: what is assigned, and what could be. */
export type ClusterStandard = { assigned?: string; offered?: { id: string; name: string } };

export type PlanInput = {
  /** What lies in the place, and its subscription. */
  coverage: Coverage;
  on: Gap["on"];
  wanted: Wanted;
  /** Where data of sensors goes, by its resource id. */
  workspace?: string;
  /** Why what lies in the place isn't known, where it isn't. */
  unread?: string;
  /** Undefined: it couldn't be read, `standardUnread` says why. */
  standard?: ClusterStandard;
  standardUnread?: string;
};

/** The one that was asked for, else the one that is configured, else the one that most clusters use; none that is gone. */
export function workspaceFor(
  { workspace, coverage }: PlanInput,
  whole: SubscriptionCoverage | undefined,
  clusters: readonly ClusterCoverage[] = coverage.clusters,
): string | undefined {
  const configured = whole?.provisioning.known
    ? whole.provisioning.value.find((one) => one.kind === "sensor" && one.workspace && !isGone(one))
        ?.workspace
    : undefined;
  const used = clusters.flatMap((one) =>
    one.workspace.known && one.workspace.value && !isGone(one) ? [one.workspace.value] : [],
  );
  const counts = Map.groupBy(used, (id) => id.toLowerCase());
  const most = [...counts.values()].sort((a, b) => b.length - a.length)[0]?.[0];
  return workspace ?? configured ?? most;
}

/** A workspace that was deleted takes no data. */
export function isGone({ workspaceExists: exists }: Pick<Provisioning, "workspaceExists">): boolean {
  return exists?.known === true && !exists.value;
}
