import { shellWord } from "../text/shell-word.ts";
import type { RedisTarget } from "./connection.ts";
import { readRedisUrl } from "./redis-url.ts";

/**
 * How an operator runs a command on this Redis, without its password: `redis-cli` reads that from `REDIS_URL` or
 * `REDISCLI_AUTH`.
 */
export function redisCli({ url, socket }: RedisTarget): string {
  if (socket) return `redis-cli -s ${shellWord(socket)}`;
  const place = readRedisUrl(url ?? "");
  if (typeof place === "string") return "redis-cli";
  const [{ host, port } = { host: "127.0.0.1", port: 6379 }] = place.hosts;
  const tls = place.tls ? " --tls" : "";
  if (place.kind === "cluster") return `redis-cli -c -h ${host} -p ${port}${tls}`;
  if (place.kind === "sentinel") {
    const master = `redis-cli -h ${host} -p ${port}${tls} SENTINEL GET-MASTER-ADDR-BY-NAME ${place.name}`;
    return `redis-cli -h "$(${master} | sed -n 1p)" -p "$(${master} | sed -n 2p)"${tls}`;
  }
  return 'redis-cli -u "$REDIS_URL"';
}
