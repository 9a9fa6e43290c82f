import { Cluster, type ClusterOptions, Redis, type RedisOptions } from "ioredis";
import { ConfigError, UpstreamError } from "../errors.ts";
import type { Log } from "../ports.ts";
import { readRedisUrl, redisUrlForms } from "./redis-url.ts";

export type RedisConnection = Redis | Cluster;

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
  // Without a listener an unreachable Redis would end the process; one line for each outage is enough.
  let down = false;
  connection.on("error", (error: Error) => {
    if (down) return;
    down = true;
    log.warn({ code: codeOf(error) }, "Redis cannot be reached; reconnecting");
  });
  connection.on("ready", () => {
    if (down) log.info({}, "Redis is reached again");
    down = false;
  });
  return connection;
}

function made(target: RedisTarget, use: "commands" | "queue"): RedisConnection {
  const base: RedisOptions = {
    lazyConnect: true,
    maxRetriesPerRequest: use === "queue" ? null : 12,
    retryStrategy: backOff,
    // A master that became a replica answers READONLY: connect anew, and send the command again.
    reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 2 : false),
    connectTimeout: 10_000,
    keepAlive: 30_000,
  };
  if (target.socket) return new Redis({ ...base, path: target.socket });
  const place = readRedisUrl(target.url ?? "");
  if (typeof place === "string") {
    throw new ConfigError([{ where: "REDIS_URL", problem: place, allowed: redisUrlForms }]);
  }
  const { username, password, db, name, hosts, sentinel } = place;
  const tls = place.tls ? {} : undefined;
  const options: RedisOptions = { ...base, username, password, db, tls };
  if (place.kind === "cluster") {
    const cluster: ClusterOptions = {
      lazyConnect: true,
      clusterRetryStrategy: backOff,
      redisOptions: options,
      // Certificates carry names: node addresses are then announced as names and must not be resolved first.
      ...(tls && { dnsLookup: (address, done) => done(null, address) }),
    };
    return new Cluster(hosts, cluster);
  }
  if (place.kind === "sentinel") {
    return new Redis({
      ...options,
      sentinels: hosts,
      name,
      sentinelUsername: sentinel?.username,
      sentinelPassword: sentinel?.password,
      sentinelRetryStrategy: backOff,
      ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
    });
  }
  return new Redis({ ...options, ...hosts[0] });
}

/** Milliseconds before the nth attempt to reconnect. */
function backOff(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt - 1, 6), 2000);
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

const passing = /^(LOADING|READONLY|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|BUSY|MOVED|ASK|NOREPLICAS|OOM)\b/;

/** Any error of ioredis as an `UpstreamError` of the system `redis`; other errors stay what they are. */
function redisError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UpstreamError) return error;
  const code = codeOf(error);
  const word = error.name === "ReplyError" ? (error.message.split(" ")[0] ?? "") : code;
  const ours = ["ReplyError", "MaxRetriesPerRequestError", "ClusterAllFailedError", "AbortError"].includes(
    error.name,
  );
  const lost = error.message === "Connection is closed." || /^E[A-Z]+$/.test(code);
  if (!ours && !lost) return error;
  const retryable = error.name !== "ReplyError" || passing.test(error.message);
  return new UpstreamError("Redis did not do what it was asked", {
    system: "redis",
    code: word,
    retryable,
    cause: error,
  });
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
