import { UpstreamError } from "../errors.ts";
import type { ClusterAccess, ClusterAzure, Clusters, CommandJournal } from "../ports/clusters.ts";
import { type AccessOptions, accessThrough } from "./access.ts";
import { readKubeconfig, type Way } from "./connection/kubeconfig.ts";
import { type EnvironmentProxy, proxyFor } from "./connection/proxy.ts";
import { isTrustFailure } from "./connection/refusal.ts";
import type { Transport } from "./connection/transport.ts";
import { type Credentials, directTransport } from "./direct.ts";
import { commandTransport } from "./run-command/access.ts";
import { isRunning, journalRunner, waitingRunner } from "./run-command/commands.ts";

type Options = Omit<AccessOptions, "ending">;
type Deps = AccessOptions & ClusterDeps;
type ClusterDeps = {
  azure: ClusterAzure;
  proxy: EnvironmentProxy | undefined;
  log: { info(about: object, message: string): void };
};
type Cluster = { id: string; name: string; private: boolean };

/** Milliseconds for which a way that worked is used without trying it again. */
const kept = 600_000;
/** Milliseconds before its end at which a token is renewed. */
const early = 300_000;
/** Network failures that may mean "not from here": no DNS record, or no answer at all. */
const notFromHere = /^(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/;

/** How a cluster is reached. `proved`: a command has run beside it. */
type Route = { direct: ClusterAccess } | { round: Commands; waiting: ClusterAccess; proved: boolean };
type Commands = Parameters<typeof waitingRunner>[0];

/** The clusters port. Nothing is loaded, read or opened before the first `reach`. */
export function clustersPort(options: Options & ClusterDeps): Clusters {
  const deps: Deps = { ...options, ending: new Map() };
  const known = new Map<string, { until: number; route: Promise<Route> }>();
  const token = entraToken(deps);
  return {
    async reach(cluster, journal, { directOnly = false } = {}) {
      const id = cluster.id.toLowerCase();
      const now = Date.parse(deps.now());
      const before = known.get(id);
      const forget = () => void (known.get(id) === mine && known.delete(id));
      const mine =
        before && before.until > now
          ? before
          : { until: now + kept, route: open(cluster, deps, token, () => forget()) };
      known.set(id, mine);
      try {
        const route = await mine.route;
        if (directOnly && !("direct" in route)) throw outOfReach(cluster);
        return await through(route, journal, deps, forget);
      } catch (error) {
        if (!isRunning(error) && !isOutOfReach(error)) forget();
        throw error;
      }
    },
  };
}

function outOfReach({ private: isPrivate }: Cluster): UpstreamError {
  const which = isPrivate ? "a private cluster" : "its network";
  return new UpstreamError(`the API server can't be reached from here (${which})`, {
    system: "kubernetes",
    code: "OutOfReach",
    retryable: false,
  });
}

function isOutOfReach(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === "OutOfReach";
}

async function open(
  cluster: Cluster,
  deps: Deps,
  token: ReturnType<typeof entraToken>,
  forget: () => void,
): Promise<Route> {
  const way = readKubeconfig(await deps.azure.kubeconfig(cluster.id));
  const credentials = credentialsOf(way, token, forget);
  const direct = await directTransport(way, credentials, proxyFor(way.server, way.proxy, deps.proxy));
  const [version] = await direct.ask([{ kind: "get", path: "/version" }]);
  const failure = version?.error;
  // `/version` is no permission of the role: who refuses it is an API server, and is there.
  if (!failure || failure.status === 403) return { direct: accessThrough(forgetting(direct, forget), deps) };
  if (!mayGoRound(cluster, failure)) throw failure;
  deps.log.info(
    { cluster: cluster.id, code: failure.code },
    "the API server cannot be reached, Azure runs the commands",
  );
  const entra = way.user.kind === "entra";
  const round = {
    azure: deps.azure,
    cluster: cluster.id,
    token: async () => (entra ? token.now() : undefined),
    now: deps.now,
  };
  const waiting = forgetting(commandTransport(waitingRunner(round)), forget);
  return { round, waiting: accessThrough(waiting, deps), proved: false };
}

/** The way itself, for one caller: with a journal nothing of it waits. */
async function through(
  route: Route,
  journal: CommandJournal | undefined,
  deps: Deps,
  forget: () => void,
): Promise<ClusterAccess> {
  if ("direct" in route) return route.direct;
  const run = journal ? journalRunner(route.round, journal) : waitingRunner(route.round);
  const transport = forgetting(commandTransport(run), forget);
  if (!route.proved) {
    const [version] = await transport.ask([{ kind: "get", path: "/version" }]);
    if (version?.error && version.error.status !== 403) throw version.error;
  }
  route.proved = true;
  return journal ? accessThrough(transport, deps) : route.waiting;
}

/** A private cluster for any failure of the network; another one only where it looks like a wall, not like a fall. */
function mayGoRound(cluster: Cluster, { system, status, code }: UpstreamError): boolean {
  return system === "kubernetes" && status === 0 && (cluster.private || notFromHere.test(code));
}

function credentialsOf(way: Way, token: ReturnType<typeof entraToken>, forget: () => void): Credentials {
  const { user } = way;
  return {
    token: async () => (user.kind === "entra" ? token.now() : user.token),
    refused() {
      token.drop();
      forget();
    },
  };
}

/**
 * A way on which nothing answers is looked for anew at the next `reach`. A server that was trusted before may have other
 * certificates now: where those of a new kubeconfig do not fit either, opening it fails for good.
 */
function forgetting(transport: Transport, forget: () => void): Transport {
  return {
    ...transport,
    async ask(asks, options) {
      const answers = await transport.ask(asks, options);
      if (answers.some(({ error }) => error?.status === 0)) forget();
      return answers.map((one) =>
        one.error && isTrustFailure(one.error) ? { error: passing(one.error) } : one,
      );
    },
  };
}

function passing(error: UpstreamError): UpstreamError {
  const { message, system, code } = error;
  return new UpstreamError(message, { system, code, retryable: true, cause: error });
}

/** The bot's token for API servers, shared by all clusters and renewed before it ends. */
function entraToken({ azure, now }: Deps) {
  let last: ReturnType<ClusterAzure["clusterToken"]> | undefined;
  return {
    async now(): Promise<string> {
      const before = await last?.catch(() => undefined);
      if (!before || Date.parse(before.expires) - Date.parse(now()) < early) last = azure.clusterToken();
      return (await (last as NonNullable<typeof last>)).token;
    },
    drop() {
      last = undefined;
    },
  };
}
