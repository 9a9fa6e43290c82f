import type { Ports } from "../../definitions/ports.ts";
import type { ClusterCoverage } from "../../domain/coverage/coverage.ts";
import { type NodeSeen, shortId } from "../../domain/coverage/watch/sightings.ts";
import type { WatchedThing, WatchState } from "../../domain/coverage/watch/watch-state.ts";
import { UpstreamError } from "../../errors.ts";

const atOnce = 8;
/** What is left has its turn at the next reading. */
const budgetMs = 300_000;
/** A cluster that the bot may not reach is not asked with each reading. */
const askAgainHours = 6;

export type NodesRead = {
  nodes: Map<string, readonly NodeSeen[]>;
  /** Since when the oldest workload has been running, of clusters of which Defender shows nothing. */
  since: Map<string, string>;
  unreached: ClusterCoverage[];
};
/** How much Defender shows of what runs in a cluster, by its id in lower case. */
type Data = ReadonlyMap<string, number> | undefined;

/** The nodes of the clusters that the bot reaches, by cluster id. */
export async function readNodes(
  clusters: readonly ClusterCoverage[],
  state: WatchState | undefined,
  data: Data,
  ports: Pick<Ports, "clusters" | "clock">,
): Promise<NodesRead> {
  const began = Date.parse(ports.clock.now());
  const answer: NodesRead = { nodes: new Map(), since: new Map(), unreached: [] };
  const due = clusters.filter((cluster) => mayAsk(watchedOf(state, cluster), began));
  // Another one is the first each time, so that no cluster is left out for good.
  const first = due.length > 0 ? (state?.revision ?? 0) % due.length : 0;
  // Where nothing is shown of any cluster, it may be the reading that is at fault.
  const silent = data !== undefined && [...data.values()].every((count) => count === 0);
  const waiting = [...due.slice(first), ...due.slice(0, first)];
  while (waiting.length > 0 && Date.parse(ports.clock.now()) - began < budgetMs)
    await Promise.all(
      waiting
        .splice(0, atOnce)
        .map((cluster) => readOne(cluster, { answer, data: silent ? undefined : data }, ports)),
    );
  return answer;
}

/** Notes which clusters need not be asked for a while. */
export function noteReach(
  state: WatchState,
  { nodes, unreached }: NodesRead,
  clusters: readonly ClusterCoverage[],
) {
  for (const cluster of clusters) {
    const watched = watchedOf(state, cluster);
    if (watched && nodes.has(cluster.id)) delete watched.unreached;
    if (watched && unreached.includes(cluster)) watched.unreached = state.at;
  }
}

async function readOne(
  cluster: ClusterCoverage,
  { answer, data }: { answer: NodesRead; data: Data },
  { clusters }: Pick<Ports, "clusters">,
) {
  try {
    // To watch must not start pods in a cluster: where Azure would have to run kubectl, its nodes stay unknown.
    const access = await clusters.reach(cluster, undefined, { directOnly: true });
    answer.nodes.set(cluster.id, await access.nodes());
    if (data?.get(cluster.id.toLowerCase()) !== 0) return;
    const { workloadsSince } = await access.defenderPods();
    if (workloadsSince) answer.since.set(cluster.id, workloadsSince);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (!error.retryable && !answer.nodes.has(cluster.id)) answer.unreached.push(cluster);
  }
}

function mayAsk(watched: WatchedThing | undefined, now: number): boolean {
  return !watched?.unreached || now - Date.parse(watched.unreached) > askAgainHours * 3_600_000;
}

function watchedOf(
  state: WatchState | undefined,
  { id, subscription }: ClusterCoverage,
): WatchedThing | undefined {
  return state?.subscriptions[subscription.id]?.things[shortId(id)];
}
