/**
 * What channels receive. Keys, below the prefix:
 *   subscriptions   CHANNEL|TOPIC → the subscription made by a command (hash, JSON)
 * Those of `breakwater.yaml` are not stored. Retention: until unsubscribed.
 */
import type { ChannelSubscription } from "../domain/subscription.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { keepNewer } from "./values/stored-value.ts";

export const subscriptionsRetention = { en: "until unsubscribed", ja: "購読を解除するまで" };

export type SubscriptionsPort = {
  /** Those of the configuration file first, then those made by command. */
  list(): Promise<ChannelSubscription[]>;
  /** Replaces the one of the same channel and topic that a command made. */
  put(subscription: ChannelSubscription): Promise<void>;
  /** Removes those that commands made, of one topic or all; answers what was removed. */
  remove(channel: string, topic?: ChannelSubscription["topic"]): Promise<ChannelSubscription[]>;
};

type Stored = ChannelSubscription & { v: 1 };

const putScript = `${keepNewer} keepHash(KEYS[1], ARGV[1], ARGV[2]) return 1`;

export function subscriptionsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  file: readonly ChannelSubscription[],
): SubscriptionsPort {
  const key = `${prefix}:subscriptions`;
  const field = ({ channel, topic }: Pick<ChannelSubscription, "channel" | "topic">) => `${channel}|${topic}`;
  const made = async () => {
    const all = await values.fields(formats.subscription, key, await redis.hgetall(key));
    return [...all.values()].sort(
      (a, b) => (a.at ?? "").localeCompare(b.at ?? "") || field(a).localeCompare(field(b)),
    );
  };
  return {
    async list() {
      return [...file, ...(await made())];
    },

    async put(subscription) {
      const stored: Stored = { v: 1, ...subscription, origin: "command" };
      await redis.eval(putScript, 1, key, field(subscription), JSON.stringify(stored));
    },

    async remove(channel, topic) {
      const gone = (await made()).filter((one) => one.channel === channel && (!topic || one.topic === topic));
      if (gone.length > 0) await redis.hdel(key, ...gone.map(field));
      return gone;
    },
  };
}
