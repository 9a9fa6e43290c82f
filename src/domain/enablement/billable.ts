import type { ClusterCoverage } from "../coverage/coverage.ts";
import type { Billable } from "./enablement.ts";

/**
 * vCores of worker nodes that a plan begins to bill [Defender for Cloud pricing, Defender for Containers]. Clusters that
 * are stopped have none now.
 */
export function billableCores(clusters: readonly ClusterCoverage[]): Billable {
  const running = clusters.filter(({ power }) => !power.known || power.value === "running");
  const known = running.flatMap(({ cores }) => (cores?.known ? [cores.value] : []));
  return { cores: known.reduce((sum, one) => sum + one, 0), unknown: running.length - known.length };
}
