/**
 * What channels receive. Keys, below the prefix:
 *   subscriptions   CHANNEL|TOPIC → the subscription made by a command (hash, JSON)
 * Those of `breakwater.yaml` are not stored. Retention: until unsubscribed.
 */

import type { ChannelSubscription } from "../domain/subscription.ts";
import type { ChannelIdsPort, SubscriptionsPort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { keepNewer } from "./values/stored-value.ts";

export const subscriptionsRetention = { en: "until unsubscribed", ja: "購読を解除するまで" };

type Stored = ChannelSubscription & { v: 1 };

const putScript = `${keepNewer} keepHash(KEYS[1], ARGV[1], ARGV[2]) return 1`;

export function subscriptionsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  file: readonly ChannelSubscription[],
  ids: Pick<ChannelIdsPort, "latest">,
): SubscriptionsPort {
  const key = `${prefix}:subscriptions`;
  const field = ({ channel, topic }: Pick<ChannelSubscription, "channel" | "topic">) => `${channel}|${topic}`;
  /** By the latest ids; `fields`: where they are stored, more than one where a channel had several ids. */
  const made = async (latest: (channel: string) => string) => {
    const all = await values.fields(formats.subscription, key, await redis.hgetall(key));
    const ours = [...all].map(([stored, one]) => ({ stored, one: { ...one, channel: latest(one.channel) } }));
    return [...Map.groupBy(ours, ({ one }) => field(one)).values()]
      .map((same) => ({
        ...same.sort((a, b) => order(b.one, a.one))[0]!,
        fields: same.map(({ stored }) => stored),
      }))
      .sort((a, b) => order(a.one, b.one));
  };
  const order = (a: ChannelSubscription, b: ChannelSubscription) =>
    (a.at ?? "").localeCompare(b.at ?? "") || field(a).localeCompare(field(b));
  return {
    async list() {
      const latest = await ids.latest();
      const named = file.map((one) => ({ ...one, channel: latest(one.channel) }));
      return [...named, ...(await made(latest)).map(({ one }) => one)];
    },

    async put(subscription) {
      const stored: Stored = { v: 1, ...subscription, origin: "command" };
      await redis.eval(putScript, 1, key, field(subscription), JSON.stringify(stored));
    },

    async remove(channel, topic) {
      const all = await made(await ids.latest());
      const gone = all.filter(({ one }) => one.channel === channel && (!topic || one.topic === topic));
      if (gone.length > 0) await redis.hdel(key, ...gone.flatMap(({ fields }) => fields));
      return gone.map(({ one }) => one);
    },
  };
}
