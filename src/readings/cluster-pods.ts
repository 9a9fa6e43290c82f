import pTimeout from "p-timeout";
import type { ClusterCoverage, Coverage } from "../domain/coverage/coverage.ts";
import type { PodEvidence } from "../domain/coverage/pod-evidence.ts";
import type { Evidence, Known } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import type { Azure } from "../ports/azure.ts";
import type { Clusters, DefenderPods, NodeInfo } from "../ports/clusters.ts";
import type { Clock } from "../ports/process.ts";

/** A cluster that answers no faster is not waited for. */
const longestMs = 20_000;

/**
 * The coverage with what runs in its cluster, and how much Defender shows of that, where it has just one: reaching many
 * takes too long for an answer. A private cluster is reached only where there is a network path: no command is run
 * beside it for an answer.
 */
export async function withPods(
  coverage: Coverage,
  ports: { clusters: Clusters; clock: Clock; azure: Pick<Azure, "clusterData"> },
): Promise<Coverage> {
  const [cluster, ...more] = coverage.clusters;
  if (!cluster || more.length > 0 || resting(cluster)) return coverage;
  const pods = await podsOf(cluster, ports);
  const assessed = pods.known ? await assessedIn(cluster, ports) : undefined;
  const seen = { ...cluster, pods, ...(assessed && { assessed }) };
  // Azure doesn't know of a sensor by Helm; the cluster does.
  const byHelm = pods.known && pods.value.installed.includes("helm");
  if (byHelm) seen.sensorProfile = { known: true, value: "on", evidence: pods.evidence };
  return { ...coverage, clusters: [seen] };
}

/** How much Defender shows of a cluster's containers; undefined where it shows nothing of the cluster at all. */
async function assessedIn(
  { id }: ClusterCoverage,
  { azure, clock }: { azure: Pick<Azure, "clusterData">; clock: Clock },
): Promise<Known<number> | undefined> {
  const evidence = (said: string): Evidence => ({
    source: "Microsoft.Security/assessments",
    said,
    at: clock.now(),
  });
  try {
    const value = (await azure.clusterData()).get(id.toLowerCase());
    return value === undefined
      ? undefined
      : { known: true, value, evidence: evidence(`assessments about its containers: ${value}`) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const why = error.message.slice(0, 300);
    return { known: false, why, evidence: evidence(why) };
  }
}

function resting({ power, passing }: ClusterCoverage): boolean {
  return passing !== undefined || (power.known && power.value === "stopped");
}

/** What runs of Defender and Azure Policy in one cluster, or why that is unknown. */
export async function podsOf(
  cluster: Parameters<Clusters["reach"]>[0],
  { clusters, clock }: { clusters: Clusters; clock: Clock },
): Promise<Known<PodEvidence>> {
  const evidence = (said: string): Evidence => ({ source: "Kubernetes API", said, at: clock.now() });
  const unknown = (why: string): Known<PodEvidence> => ({ known: false, why, evidence: evidence(why) });
  try {
    const seen = await pTimeout(look(cluster, clusters), { milliseconds: longestMs, message: false });
    if (seen === undefined) return unknown(`no answer within ${longestMs / 1000} s`);
    return { known: true, value: evidenceOf(seen, evidence), evidence: evidence("pods listed") };
  } catch (error) {
    if (error instanceof UpstreamError) return unknown(error.message.slice(0, 300));
    throw error;
  }
}

type Seen = { nodes: NodeInfo[]; pods: DefenderPods };

async function look(cluster: Parameters<Clusters["reach"]>[0], clusters: Clusters): Promise<Seen> {
  const access = await clusters.reach(cluster, undefined, { directOnly: true });
  const [nodes, pods] = [await access.nodes(), await access.defenderPods()];
  return { nodes, pods };
}

function evidenceOf({ nodes, pods }: Seen, evidence: (said: string) => Evidence): PodEvidence {
  const known = <T>(value: T | { unread: string }): Known<T> =>
    typeof value === "object" && value !== null && "unread" in value
      ? { known: false, why: value.unread, evidence: evidence(value.unread) }
      : { known: true, value: value as T, evidence: evidence("listed") };
  return {
    nodes: nodes.map(({ name, sensor, leftOut }) => ({ name, sensor, ...(leftOut && { leftOut }) })),
    components: known(pods.components),
    installed: [...new Set(nodes.flatMap(({ installed }) => installed ?? []))].sort(),
    constraintTemplates: known(pods.constraintTemplates),
    ...(pods.workloadsSince && { workloadsSince: pods.workloadsSince }),
  };
}
