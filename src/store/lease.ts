/**
 * Leases: one process at a time does a thing, for as long as it renews. Keys, below the prefix:
 *   lease:NAME   the token of the holder (string)
 * Retention: the seconds of the lease.
 */

import { randomUUID } from "node:crypto";
import type { LeasePort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";

export const leaseRetention = { en: "seconds, until released", ja: "解放されるまでの数秒" };

// The token makes each step safe to send twice, which ioredis does after a broken connection.
const acquireScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const renewScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

export function leasePort(redis: RedisConnection, prefix: string): LeasePort {
  return {
    async acquire(name, seconds) {
      const key = `${prefix}:lease:${name}`;
      const token = randomUUID();
      const milliseconds = Math.max(1, Math.ceil(seconds * 1000));
      if ((await redis.eval(acquireScript, 1, key, token, milliseconds)) !== 1) return undefined;
      return {
        token,
        renew: async () => (await redis.eval(renewScript, 1, key, token, milliseconds)) === 1,
        release: async () => {
          await redis.eval(releaseScript, 1, key, token);
        },
      };
    },
  };
}
