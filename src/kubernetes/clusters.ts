import type { UpstreamError } from "../errors.ts";
import type { ClusterAccess, ClusterAzure, Clusters } from "../simulation-ports.ts";
import { type AccessOptions, accessThrough } from "./access.ts";
import { commandTransport } from "./by-command.ts";
import { type Credentials, directTransport } from "./direct.ts";
import { readKubeconfig, type Way } from "./kubeconfig.ts";
import { type EnvironmentProxy, proxyFor } from "./proxy.ts";
import { askOne, type Transport } from "./transport.ts";

type Deps = AccessOptions & {
  azure: ClusterAzure;
  proxy: EnvironmentProxy | undefined;
  log: { info(about: object, message: string): void };
};
type Cluster = { id: string; name: string; private: boolean };

/** Milliseconds for which a way that worked is used without trying it again. */
const kept = 600_000;
/** Milliseconds before its end at which a token is renewed. */
const early = 300_000;
/** Network failures that may mean "not from here": DNS knows no such name, or nobody answers at all. */
const notFromHere = /^(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/;

/** The clusters port. Nothing is loaded, read or opened before the first `reach`. */
export function clustersPort(deps: Deps): Clusters {
  const known = new Map<string, { until: number; access: Promise<ClusterAccess> }>();
  const token = entraToken(deps);
  return {
    reach(cluster) {
      const id = cluster.id.toLowerCase();
      const now = Date.parse(deps.now());
      const before = known.get(id);
      if (before && before.until > now) return before.access;
      const forget = () => void (known.get(id) === mine && known.delete(id));
      const mine = { until: now + kept, access: open(cluster, deps, token, forget) };
      known.set(id, mine);
      mine.access.catch(forget);
      return mine.access;
    },
  };
}

async function open(
  cluster: Cluster,
  deps: Deps,
  token: ReturnType<typeof entraToken>,
  forget: () => void,
): Promise<ClusterAccess> {
  const way = readKubeconfig(await deps.azure.kubeconfig(cluster.id));
  const credentials = credentialsOf(way, token, forget);
  const direct = await directTransport(way, credentials, proxyFor(way.server, way.proxy, deps.proxy));
  const [version] = await direct.ask([{ kind: "get", path: "/version" }]);
  const failure = version?.error;
  if (!failure) return accessThrough(forgetting(direct, forget), deps);
  if (!mayGoRound(cluster, failure)) throw failure;
  deps.log.info(
    { cluster: cluster.id, code: failure.code },
    "the API server cannot be reached, Azure runs the commands",
  );
  const entra = way.user.kind === "entra";
  const round = commandTransport(deps.azure.runCommand, cluster.id, async () =>
    entra ? token.now() : undefined,
  );
  await askOne(round, { kind: "get", path: "/version" });
  return accessThrough(forgetting(round, forget), deps);
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

/** A way on which nothing answers is looked for anew at the next `reach`. */
function forgetting(transport: Transport, forget: () => void): Transport {
  return {
    ...transport,
    async ask(asks, options) {
      const answers = await transport.ask(asks, options);
      if (answers.some(({ error }) => error?.status === 0)) forget();
      return answers;
    },
  };
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
