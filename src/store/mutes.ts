/**
 * What is muted in channels for a while. Keys, below the prefix:
 *   mutes            id → mute (hash, JSON)
 *   mutes:ID:kept    event id → sort of event that was muted (hash)
 * Retention: a mute until it is settled or removed; its counts 35 days after the last one.
 */

import type { Mute } from "../domain/subscription.ts";
import type { MutesPort } from "../ports/mutes.ts";
import type { ChannelIdsPort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { keepNewer } from "./values/stored-value.ts";

export const mutesRetention = {
  en: "until summed up; counts 35 days",
  ja: "まとめを投稿するまで。件数は 35 日",
};
const countSeconds = 35 * 86_400;

type Stored = Mute & { v: 1 };

const putScript = `${keepNewer} keepHash(KEYS[1], ARGV[1], ARGV[2]) return 1`;

export function mutesPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  ids: Pick<ChannelIdsPort, "latest">,
): MutesPort {
  const key = `${prefix}:mutes`;
  const kept = (id: string) => `${key}:${id}:kept`;
  const all = async () => {
    const [stored, latest] = await Promise.all([redis.hgetall(key), ids.latest()]);
    const mutes = [...(await values.fields(formats.mute, key, stored)).values()];
    const ours = mutes.map((mute) => ({ ...mute, channel: latest(mute.channel) }));
    return ours.sort((a, b) => a.from.localeCompare(b.from) || a.id.localeCompare(b.id));
  };
  const list: MutesPort["list"] = async (now, channel) =>
    (await all()).filter(
      (mute) => mute.from <= now && now < mute.until && (!channel || mute.channel === channel),
    );
  const put: MutesPort["put"] = async (mute) => {
    const stored: Stored = { v: 1, ...mute };
    await redis.eval(putScript, 1, key, mute.id, JSON.stringify(stored));
  };
  return {
    list,
    put,

    async end(channel, { person, at }, id) {
      const ending = (await list(at, channel)).filter((mute) => !id || mute.id === id);
      const ended = ending.map((mute): Mute => ({ ...mute, until: at, endedBy: person }));
      for (const mute of ended) await put(mute);
      return ended;
    },

    async keepOut(id, events) {
      if (events.size === 0) return;
      await done(redis.multi().hset(kept(id), new Map(events)).expire(kept(id), countSeconds));
    },

    async counts(id) {
      const sorts = Map.groupBy(await redis.hvals(kept(id)), (sort) => sort);
      return Object.fromEntries([...sorts].map(([sort, { length }]) => [sort, length]));
    },

    async ended(now) {
      return (await all()).filter(({ until }) => until <= now);
    },

    async settle(id) {
      await done(redis.multi().hdel(key, id).del(kept(id)));
    },
  };
}

async function done(transaction: ReturnType<RedisConnection["multi"]>): Promise<void> {
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
}
