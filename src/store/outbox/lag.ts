import type { Lag, OutboxLag } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { keepNewer } from "../values/stored-value.ts";

const noteScript = `${keepNewer} keepText(KEYS[1], ARGV[1]) return 1`;

/** One value for all processes, so that whichever is asked knows it; metrics are each process's own. */
export function outboxLag(redis: RedisConnection, prefix: string, values: Values): OutboxLag {
  const key = `${prefix}:outbox:lag`;
  return {
    async noteLag(lag) {
      await redis.eval(noteScript, 1, key, JSON.stringify({ v: 1, ...lag } satisfies Lag));
    },
    async lag() {
      return values.text(formats.lag, await redis.get(key), key);
    },
  };
}
