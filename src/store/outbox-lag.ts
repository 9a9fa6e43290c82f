import type { RedisConnection } from "./connection.ts";

/** How long the last message took from the time that its source gives to the channel, in seconds. */
export type Lag = { v: 1; at: string; notifier: string; seconds: number };

export type OutboxLag = {
  noteLag(lag: Omit<Lag, "v">): Promise<void>;
  /** Of the last message that has such a time; undefined before the first one. */
  lag(): Promise<Lag | undefined>;
};

/** One value for all processes, so that whichever is asked knows it; metrics are each process's own. */
export function outboxLag(redis: RedisConnection, prefix: string): OutboxLag {
  const key = `${prefix}:outbox:lag`;
  return {
    async noteLag(lag) {
      await redis.set(key, JSON.stringify({ v: 1, ...lag } satisfies Lag));
    },
    async lag() {
      const text = await redis.get(key);
      return text === null ? undefined : (JSON.parse(text) as Lag);
    },
  };
}
