import pTimeout from "p-timeout";
import type { Ports } from "../../definitions/ports.ts";
import { globMatches } from "../../domain/scope/scope.ts";
import type { ClusterRef } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess, NodeInfo } from "../../ports/clusters.ts";

/** What is needed to reach a cluster at all; the documented role has the rest. */
const reaching = ["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"];
const reachingPrivate = [
  "Microsoft.ContainerService/managedClusters/runCommand/action",
  "Microsoft.ContainerService/managedClusters/commandResults/read",
];
/** Clusters that are looked at, and milliseconds for each: a run-command is slow. */
const mostClusters = 10;
const timeoutMs = 60_000;

export type ClusterState = {
  cluster: ClusterRef;
  /** Azure actions that are missing there, and rights in the cluster that are refused. */
  missing: string[];
  /** The lines that grant what is missing. */
  grants?: Awaited<ReturnType<Ports["azure"]["simulationGrants"]>>;
  refused: { right: string; why: string }[];
  how?: "direct" | "run-command";
  /** Whether it may write outside of the simulation namespace; undefined where that was not looked at. */
  confined?: Awaited<ReturnType<ClusterAccess["confined"]>>;
  /** Linux nodes, on how many of them the sensor is ready, and how it was installed; undefined where not looked at. */
  sensor?: { ready: number; linux: number; installed: string[] };
  /** Why it could not be looked at, in the far side's words. */
  failed?: string;
};
/** Undefined where no simulations are configured. */
export type ClusterStates =
  | { patterns: string[]; states: ClusterState[]; more: number; unread: string[] }
  | undefined;

/** Every cluster on which simulations may run: whether it is reached, and whether all is allowed that a scenario asks for. */
export async function lookAtClusters(
  ports: Pick<Ports, "azure" | "clusters" | "settings" | "definitions">,
): Promise<ClusterStates> {
  const patterns = ports.settings.simulations.clusters;
  if (patterns.length === 0) return undefined;
  const { value, unread } = await ports.azure.targets();
  const { clusters } = value;
  const mine = clusters
    .filter(({ name }) => patterns.some((pattern) => globMatches(pattern, name)))
    .sort((one, other) => one.name.localeCompare(other.name));
  const states = await Promise.all(
    mine
      .slice(0, mostClusters)
      .map((cluster) =>
        pTimeout(look(ports, cluster), { milliseconds: timeoutMs, fallback: () => silent(cluster) }),
      ),
  );
  return {
    patterns,
    states,
    more: Math.max(0, mine.length - mostClusters),
    unread: unread.map(({ id, name }) => name || id),
  };
}

function silent(cluster: ClusterRef): ClusterState {
  return { cluster, missing: [], refused: [], failed: `no answer within ${timeoutMs / 1000} s` };
}

async function look(
  { azure, clusters, settings, definitions }: Pick<Ports, "azure" | "clusters" | "settings" | "definitions">,
  cluster: ClusterRef,
): Promise<ClusterState> {
  const state: ClusterState = { cluster, missing: [], refused: [] };
  try {
    const actions = cluster.private ? [...reaching, ...reachingPrivate] : reaching;
    state.missing = await azure.missingActions(cluster.id, actions);
    state.grants = await azure.simulationGrants(cluster.id);
    if (state.missing.length > 0) return state;
    const access = await clusters.reach(cluster);
    state.how = access.how;
    const rights = [...definitions.scenarios.values()].flatMap((scenario) => scenario.rights);
    state.refused = await access.refusedRights(together(rights), settings.simulations.namespace);
    state.confined = await access.confined();
    state.sensor = sensorOf(await access.nodes());
    return state;
  } catch (error) {
    return { ...state, failed: saidBy(error) };
  }
}

/** Undefined where the sensor's pods may not be listed. */
function sensorOf(nodes: readonly NodeInfo[]): ClusterState["sensor"] {
  const linux = nodes.filter(({ os }) => os !== "windows");
  if (linux.some(({ sensor }) => sensor === "unknown")) return undefined;
  const installed = new Set(linux.flatMap((node) => node.installed ?? []));
  const ready = linux.filter(({ sensor }) => sensor === "ready").length;
  return { ready, linux: linux.length, installed: [...installed].sort() };
}

type Right = { apiGroup: string; resource: string; verbs: readonly string[] };

/** The rights of all scenarios, each asked once. */
function together(rights: readonly Right[]): Right[] {
  const groups = Map.groupBy(rights, ({ apiGroup, resource }) => `${apiGroup}/${resource}`);
  return [...groups.values()].map((same) => ({
    ...same[0]!,
    verbs: [...new Set(same.flatMap(({ verbs }) => verbs))],
  }));
}

function saidBy(error: unknown): string {
  if (error instanceof UpstreamError) return `${error.system}: ${error.message}`;
  throw error;
}
