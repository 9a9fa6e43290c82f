import pTimeout from "p-timeout";
import type { ClusterCoverage, Coverage } from "../domain/coverage/coverage.ts";
import type { PodEvidence } from "../domain/coverage/pod-evidence.ts";
import type { Evidence, Known } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import type { Azure } from "../ports/azure.ts";
import type { Clusters, DefenderPods, NodeInfo } from "../ports/clusters.ts";
import type { Clock } from "../ports/process.ts";
import { rememberedFor } from "../text/remembered.ts";

/** A cluster that answers no faster is not waited for: the only one, one of several. */
const [aloneMs, besideMs] = [20_000, 5_000];
/** Reaching more takes too long for an answer: of these, settings alone are said. */
const mostReached = 10;

type Reached = { clusters: Clusters; clock: Clock; azure: Pick<Azure, "clusterData"> };

/** What was seen of clusters, by their ids. */
type Seen = ReadonlyMap<string, ClusterCoverage>;

const seenWith = rememberedFor<Promise<Seen>>();

/**
 * The coverage with what runs in its clusters, and how much Defender shows of that, where they are few. A private cluster
 * is reached only where there is a network path: no command is run beside it for an answer. One cluster is looked at for
 * each answer; several of them once for the reading that they are part of.
 * @param longestMs that one of several is waited for
 */
export async function withPods(
  coverage: Coverage,
  reading: object,
  ports: Reached,
  longestMs = besideMs,
): Promise<Coverage> {
  const awake = coverage.clusters.filter((cluster) => !resting(cluster));
  if (awake.length === 0 || awake.length > mostReached) return coverage;
  const ids = awake.map(({ id }) => id).join();
  const seen =
    awake.length === 1
      ? await lookInto(awake, aloneMs, ports)
      : await seenWith(reading, ids, () => lookInto(awake, longestMs, ports));
  return { ...coverage, clusters: coverage.clusters.map((one) => seen.get(one.id) ?? one) };
}

async function lookInto(
  clusters: readonly ClusterCoverage[],
  longestMs: number,
  ports: Reached,
): Promise<Seen> {
  let asked: ReturnType<Azure["clusterData"]> | undefined;
  const azure = { clusterData: () => (asked ??= ports.azure.clusterData()) };
  const looks = clusters.map((cluster) => seenIn(cluster, longestMs, { ...ports, azure }));
  return new Map((await Promise.all(looks)).map((seen) => [seen.id, seen]));
}

async function seenIn(cluster: ClusterCoverage, longestMs: number, ports: Reached): Promise<ClusterCoverage> {
  const pods = await podsOf(cluster, ports, longestMs);
  const assessed = pods.known ? await assessedIn(cluster, ports) : undefined;
  const seen = { ...cluster, pods, ...(assessed && { assessed }) };
  // Azure doesn't know of a sensor by Helm; the cluster does.
  const byHelm = pods.known && pods.value.installed.includes("helm");
  if (byHelm) seen.sensorProfile = { known: true, value: "on", evidence: pods.evidence };
  return seen;
}

/** How much Defender shows of a cluster's containers; undefined where it shows nothing of the cluster at all. */
async function assessedIn(
  { id }: ClusterCoverage,
  { azure, clock }: Reached,
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
  { clusters, clock }: Pick<Reached, "clusters" | "clock">,
  longestMs = aloneMs,
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

type Listed = { nodes: NodeInfo[]; pods: DefenderPods };

async function look(cluster: Parameters<Clusters["reach"]>[0], clusters: Clusters): Promise<Listed> {
  const access = await clusters.reach(cluster, undefined, { directOnly: true });
  const [nodes, pods] = [await access.nodes(), await access.defenderPods()];
  return { nodes, pods };
}

function evidenceOf({ nodes, pods }: Listed, evidence: (said: string) => Evidence): PodEvidence {
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
