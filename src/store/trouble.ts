/**
 * Problems that were reported, so that each is reported once, and its end too. Keys, below the prefix:
 *   trouble   what → since when, the detail, and who is concerned (hash, JSON)
 * Retention: until it is over; that of a channel no longer than what waits for the channel.
 */

import { ofChannels } from "../domain/trouble.ts";
import type { TroublePort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { oldest, usualRetention } from "./values/retention.ts";

export const troubleRetention = { en: "until it is over", ja: "解決するまで" };

const openScript = `
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])`;

export function troublePort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days = usualRetention.alerts,
): TroublePort {
  const key = `${prefix}:trouble`;
  const list: TroublePort["list"] = async () => {
    const read = await values.fields(formats.trouble, key, await redis.hgetall(key));
    const all = [...read].map(([what, trouble]) => ({ what, ...trouble }));
    return all.sort((a, b) => a.since.localeCompare(b.since));
  };
  return {
    list,

    async open(what, about) {
      const stored = JSON.stringify({ v: 1, ...about });
      const put = () => redis.eval(openScript, 1, key, what, stored);
      const text = await put();
      const trouble = await values.field(formats.trouble, key, what, text);
      if (trouble || values.isNewer(formats.trouble, text)) return trouble;
      // What was there could not be read, and was moved: this one is the first.
      return values.field(formats.trouble, key, what, await put());
    },

    async find(what) {
      return values.field(formats.trouble, key, what, await redis.hget(key, what));
    },

    async close(what) {
      await redis.hdel(key, what);
    },

    async trim(now) {
      const first = oldest(now, days);
      const over = (await list()).filter(({ kind, since }) => ofChannels.includes(kind) && since < first);
      if (over.length > 0) await redis.hdel(key, ...over.map(({ what }) => what));
    },
  };
}
