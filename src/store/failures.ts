/**
 * Jobs that failed again and again. Keys, below the prefix:
 *   trouble:failures   key of the job → how often it failed in a row (hash)
 * Retention: until it works, or 7 days after the last failure of any.
 */
import type { FailuresPort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";

const keptSeconds = 7 * 86_400;

// A count that cannot be read begins anew.
const failedScript = `
local count = (tonumber(redis.call('HGET', KEYS[1], ARGV[1])) or 0) + 1
redis.call('HSET', KEYS[1], ARGV[1], count)
redis.call('EXPIRE', KEYS[1], ARGV[2])
return count`;

export function failuresPort(redis: RedisConnection, prefix: string): FailuresPort {
  const key = `${prefix}:trouble:failures`;
  return {
    failed: async (job) => Number(await redis.eval(failedScript, 1, key, job, keptSeconds)),
    count: async (job) => Number(await redis.hget(key, job)) || 0,
    async clear(job) {
      await redis.hdel(key, job);
    },
  };
}
