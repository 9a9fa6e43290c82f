import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";
import { ConfigError } from "../errors.ts";
import type { Log } from "../ports/process.ts";
import { codeOf, redisError, replyWord } from "./redis-error.ts";
import { type RedisPlace, readRedisUrl, redisUrlForms } from "./redis-url.ts";

export type RedisConnection = Redis | Cluster;

/** About 15 s of retries. */
const commandRetries = 12;
const slowestMs = 2000;

/** `socket` is that of the private Redis; else `url` says where Redis is. */
export type RedisTarget = { url?: string; socket?: string };

/**
 * Connects to Redis and stays connected: it reconnects for ever, every two seconds at the slowest. Nothing is
 * connected before the first command.
 * @param use "commands": a command waits about 15 s for Redis to come back, then rejects. "queue": it waits for ever,
 *   as BullMQ's workers want it (docs.bullmq.io, Connections: `maxRetriesPerRequest: null`).
 * @throws ConfigError where the URL has none of the forms
 */
export function connect(
  target: RedisTarget,
  log: Log,
  use: "commands" | "queue" = "commands",
): RedisConnection {
  const connection = made(target, use);
  // BullMQ's copies end with it: one that is closed while Redis is away would go on to reconnect for ever.
  if (connection instanceof Redis)
    connection.options.retryStrategy = (attempt) => (connection.status === "end" ? null : backOff(attempt));
  // Without a listener an unreachable Redis would end the process; one line for each outage and reason is enough.
  const logged = new Set<string>();
  const failed = (error: Error) => {
    const code = codeOf(causeOf(error));
    if (logged.has(code)) return;
    logged.add(code);
    log.warn({ code, reason: causeOf(error).message.slice(0, 300) }, "can't reach Redis; reconnecting");
  };
  // A sentinel and a node of a cluster say what is wrong with them in events of their own.
  for (const event of ["error", "sentinelError", "node error"]) connection.on(event, failed);
  connection.on("ready", () => {
    if (logged.size > 0) log.info({}, "Redis can be reached again");
    logged.clear();
  });
  return connection;
}

/** Where every node of a cluster failed, the failure of the last one says why. */
function causeOf(error: Error): Error {
  return (error as { lastNodeError?: Error }).lastNodeError ?? error;
}

function made(target: RedisTarget, use: "commands" | "queue"): RedisConnection {
  const base: RedisOptions = {
    lazyConnect: true,
    maxRetriesPerRequest: use === "queue" ? null : commandRetries,
    retryStrategy: backOff,
    // A master that became a replica answers READONLY: connect anew, and send the command again.
    reconnectOnError: (error) => (replyWord(error) === "READONLY" ? 2 : false),
    connectTimeout: 10_000,
    keepAlive: 30_000,
  };
  if (target.socket) return new Redis({ ...base, path: target.socket });
  const place = readRedisUrl(target.url ?? "");
  if (typeof place === "string") {
    throw new ConfigError([{ where: "REDIS_URL", problem: place, allowed: redisUrlForms }]);
  }
  const { username, password, db, name, hosts, sentinel } = place;
  const tls = place.tls ? trusting(hosts.map(({ host }) => host)) : undefined;
  const options: RedisOptions = { ...base, username, password, db, tls };
  if (place.kind === "cluster") {
    const cluster: ClusterOptions = {
      lazyConnect: true,
      clusterRetryStrategy: backOff,
      redisOptions: options,
      // Certificates carry names: node addresses are then announced as names and must not be resolved first.
      ...(tls && { dnsLookup: (address, done) => done(null, address) }),
    };
    return explained(
      use === "queue" ? new Cluster(hosts, cluster) : rejectingCluster(hosts, cluster),
      new Redis({ ...options, ...hosts[0], retryStrategy: () => null }),
    );
  }
  if (place.kind === "sentinel") {
    return new Redis({
      ...options,
      sentinels: hosts,
      name,
      sentinelUsername: sentinel?.username,
      sentinelPassword: sentinel?.password,
      sentinelRetryStrategy: backOff,
      // While no sentinel answers, ioredis counts no retries: nothing else would end the wait.
      ...(use === "commands" && { commandTimeout: 15_000 }),
      ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
    });
  }
  return new Redis({ ...options, ...hosts[0] });
}

/** Milliseconds before the nth attempt to reconnect. */
function backOff(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt - 1, 6), slowestMs);
}

/**
 * A cluster that rejects commands after a while, as one server does, and yet stays connected: ioredis would let them wait
 * for ever, or else give up for ever.
 */
function rejectingCluster(hosts: RedisPlace["hosts"], options: ClusterOptions): Cluster {
  let pause: NodeJS.Timeout | undefined;
  const cluster = new Cluster(hosts, {
    ...options,
    clusterRetryStrategy(attempt) {
      if (attempt <= commandRetries) return backOff(attempt);
      pause = setTimeout(() => void cluster.connect().catch(() => undefined), slowestMs).unref();
      return null;
    },
  });
  return cluster.on("disconnecting", () => clearTimeout(pause));
}

/** ioredis drops why the first connection to a cluster failed: one more is made for each outage to learn it. */
function explained(cluster: Cluster, probe: Redis): Cluster {
  let asked = false;
  probe.on("error", (error) => cluster.emit("node error", error));
  cluster.on("ready", () => {
    asked = false;
  });
  return cluster.on("error", () => {
    if (asked) return;
    asked = true;
    probe
      .connect()
      .catch(() => undefined)
      .finally(() => probe.disconnect());
  });
}

/**
 * TLS to nodes that are announced by address while their certificate names the host of the URL, as managed clusters do:
 * the certificate must be valid for the address, or for a host that the operator named.
 */
function trusting(hosts: readonly string[]): ConnectionOptions {
  const names = hosts.filter((host) => isIP(host) === 0);
  return {
    checkServerIdentity(host, certificate) {
      const wrong = checkServerIdentity(host, certificate);
      if (!wrong || isIP(host) === 0) return wrong;
      return names.some((name) => !checkServerIdentity(name, certificate)) ? undefined : wrong;
    },
  };
}

/** The same port, whose calls reject with `UpstreamError` where Redis fails. */
export function guarded<Port extends object>(port: Port): Port {
  const entries = Object.entries(port).map(([name, call]) => [
    name,
    typeof call !== "function"
      ? call
      : async (...args: unknown[]) => {
          try {
            return await call(...args);
          } catch (error) {
            throw redisError(error);
          }
        },
  ]);
  return Object.fromEntries(entries) as Port;
}

/** Ends a connection politely, or at once where Redis does not answer. */
export async function disconnect(connection: RedisConnection): Promise<void> {
  if (connection.status === "ready") await connection.quit().catch(() => undefined);
  connection.disconnect();
}
