/**
 * Whether Redis keeps what is written (docs/operations.md), for `doctor`. Keeps nothing of its own.
 */

import { Cluster } from "ioredis";
import type { DurabilityPort } from "../ports/sizes.ts";
import type { RedisConnection } from "../redis/connection.ts";

export function durabilityPort(redis: RedisConnection): DurabilityPort {
  return {
    /** Asked by INFO where that tells it: managed servers refuse CONFIG. Of a cluster's nodes the least durable one counts. */
    async durability() {
      const nodes = redis instanceof Cluster ? redis.nodes("master") : [redis];
      const read = await Promise.all(
        nodes.map(async (node) => {
          const info = `${await node.info("memory")}\n${await node.info("persistence")}`;
          const lines = info.split(/\r?\n/);
          const field = (name: string) =>
            lines
              .find((line) => line.startsWith(`${name}:`))
              ?.slice(name.length + 1)
              .trim() || undefined;
          const about = { policy: field("maxmemory_policy"), append: field("aof_enabled") };
          return { ...about, sync: await syncOf(node) };
        }),
      );
      const policies = read.flatMap(({ policy }) => policy ?? []);
      const appends = read.flatMap(({ append }) => append ?? []);
      const syncs = read.flatMap(({ sync }) => sync ?? []);
      return {
        eviction: policies.find((policy) => policy !== "noeviction") ?? policies[0],
        appendOnly: appends.length > 0 ? appends.every((append) => append === "1") : undefined,
        sync: syncs.find((sync) => sync !== "always") ?? syncs[0],
      };
    },
  };
}

/** INFO doesn't tell when the file is written to the disk; undefined where CONFIG is refused. */
async function syncOf(node: RedisConnection): Promise<string | undefined> {
  const read: unknown = await node.config("GET", "appendfsync").catch(() => undefined);
  return Array.isArray(read) && typeof read[1] === "string" ? read[1] : undefined;
}
