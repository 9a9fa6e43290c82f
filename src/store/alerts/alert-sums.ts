/**
 * Which Azure subscriptions a poll need not read again. Key, below the prefix:
 *   alerts:sums   subscription id → the sum over its alerts that was taken in whole, and how many concern containers
 *                 (hash, JSON array [1, sum, alerts]); while a poll reads them, its token in place of the sum
 * Retention: one value for each subscription.
 */
import type { AlertSumsPort } from "../../ports/store.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { keepNewer } from "../values/stored-value.ts";

const claimScript = `${keepNewer}
for i = 2, #ARGV do keepHash(KEYS[1], ARGV[i], ARGV[1]) end
return 1`;

const settleScript = `
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 1`;

export function alertSums(redis: RedisConnection, key: string, values: Values): AlertSumsPort {
  const claimed = (token: string) => JSON.stringify([1, `reading ${token}`, 0]);
  return {
    async sums() {
      return values.fields(formats.sum, key, await redis.hgetall(key));
    },
    async claim(subscriptions, token) {
      if (subscriptions.length > 0) await redis.eval(claimScript, 1, key, claimed(token), ...subscriptions);
    },
    async settle(token, taken) {
      const given = [...taken].flatMap(([id, { sum, alerts }]) => [id, JSON.stringify([1, sum, alerts])]);
      if (given.length > 0) await redis.eval(settleScript, 1, key, claimed(token), ...given);
    },
  };
}
