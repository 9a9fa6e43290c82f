/**
 * Channels whose id Slack changed, for example when a private channel was converted. Keys, below the prefix:
 *   channel-ids   earlier id → the id that replaced it, and since when it's known (hash, JSON)
 * What is stored under an earlier id (subscriptions, mutes, runs) stays as it is, and is read as that of the latest one;
 * only the outbox is moved, see `outbox/joining.ts`.
 * Retention: none ends, because `breakwater.yaml` may name an earlier id at any time; one small field for each change.
 */
import type { ChannelId, ChannelIdsPort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { joinOutboxes } from "./outbox/joining.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { keepNewer } from "./values/stored-value.ts";

export const channelIdsRetention = {
  en: "kept: settings may name an earlier id",
  ja: "無期限 (設定に変更前の ID が残っている可能性があるため)",
};

/** Source: docs.slack.dev "Conversation object": `C` or `G` for channels; direct conversations (`D`) keep their ids. */
const channelId = /^[CG][A-Z0-9]{1,40}$/;

/** The earlier id counts as one with work, so that its outbox is seen to; the latest one as one that has messages. */
const learnScript = `${keepNewer}
keepHash(KEYS[1], ARGV[1], ARGV[2])
if not newer(redis.call('HGET', KEYS[1], ARGV[3])) then redis.call('HDEL', KEYS[1], ARGV[3]) end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('SADD', KEYS[3], ARGV[3])
return 1`;

export function channelIdsPort(redis: RedisConnection, prefix: string, values: Values): ChannelIdsPort {
  const key = `${prefix}:channel-ids`;
  const [busy, channels] = [`${prefix}:outbox:busy`, `${prefix}:outbox:channels`];
  const read = async (stored: Record<string, string>) =>
    latestOf(await values.fields(formats.channelId, key, stored));
  const latest = async () => read(await redis.hgetall(key));
  return {
    latest,

    async of(channel) {
      const answers = (await redis.pipeline().hgetall(key).smembers(busy).exec()) ?? [];
      const [stored, working] = answers.map(([error, value]) => {
        if (error) throw error;
        return value;
      });
      const latestId = await read(stored as Record<string, string>);
      const id = latestId(channel);
      return {
        channel: id,
        earlier: (working as string[]).filter((one) => one !== id && latestId(one) === id),
      };
    },

    async learn(earlier, to, at) {
      if (earlier === to || !channelId.test(earlier) || !channelId.test(to)) return false;
      const latestId = await latest();
      // An id that replaced another can be replaced by it again; news of an id that was replaced before are old.
      if (latestId(earlier) !== earlier && latestId(earlier) === latestId(to)) return false;
      const stored = JSON.stringify({ v: 1, to, at } satisfies ChannelId & { v: 1 });
      await redis.eval(learnScript, 3, key, busy, channels, earlier, stored, to);
      return true;
    },

    join: (earlier, to) => joinOutboxes(redis, prefix, earlier, to),
  };
}

/** Follows the changes; where they run in a circle, which no `learn` makes, it stops. */
function latestOf(changes: ReadonlyMap<string, ChannelId>): (channel: string) => string {
  return (channel) => {
    let id = channel;
    for (let steps = 0; steps < changes.size; steps++) id = changes.get(id)?.to ?? id;
    return id;
  };
}
