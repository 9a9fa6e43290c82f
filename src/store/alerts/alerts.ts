/**
 * What the alert feed remembers of Azure. Keys, below the prefix:
 *   alerts:seen      alert id → fingerprints, the day it was last seen, the time of `api`, 1 where that is only what a
 *                    button asked for (hash, JSON array [1, row, api, day, at, unconfirmed])
 *   alerts:baseline  ids of the Azure subscriptions that had their first reading (set)
 *   alerts:actor:ID  who changed this alert through the bot (string, JSON)
 *   alerts:reading   how the last poll went (string, JSON)
 *   alerts:sums      which subscriptions need no reading
 *   alerts:cursor    where reconciliation goes on (string)
 * Retention: seen and actors `retention.alerts` days (`trim`, expiry); the rest is one value each.
 */

import type { Seen } from "../../domain/alerts/poll.ts";
import type { AlertSumsPort, AlertsPort } from "../../ports/store.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { oldest, seconds, usualRetention } from "../values/retention.ts";
import { keepNewer } from "../values/stored-value.ts";
import { doubtScript, markScript, pressScript } from "./alerts-scripts.ts";

const atOnce = 500;

const setScript = `${keepNewer}
if ARGV[2] == '' then keepText(KEYS[1], ARGV[1]) else keepText(KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 1`;

function valuesOf({ row, api, day, at, unconfirmed }: Seen): (string | number)[] {
  return [row, api, day, at, unconfirmed ? 1 : 0];
}

export function alertsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days = usualRetention.alerts,
): AlertsPort {
  const key = (part: string) => `${prefix}:alerts:${part}`;
  const seenOf = (hash: Record<string, string>) => values.fields(formats.seen, key("seen"), hash);
  const readingOf = (text: unknown) => values.text(formats.reading, text, key("reading"));
  return {
    ...alertSums(redis, key("sums"), values),

    async mark(entries, compared, firstRead = []) {
      if (entries.size === 0 && firstRead.length === 0) return;
      const fields = [...entries].map(([id, seen]) => [id, ...valuesOf(seen), compared.get(id)?.at ?? ""]);
      const transaction = redis.multi();
      for (const some of inParts(fields)) transaction.eval(markScript, 1, key("seen"), ...some.flat());
      for (const some of inParts(firstRead)) transaction.sadd(key("baseline"), ...some);
      for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
    },

    async press(id, api, at, subscription) {
      await redis.eval(pressScript, 2, key("seen"), key("sums"), id, api, at, subscription);
    },

    async doubt(ids, subscriptions) {
      for (const some of inParts(ids)) await redis.eval(doubtScript, 1, key("seen"), ...some);
      if (subscriptions.length > 0) await redis.hdel(key("sums"), ...subscriptions);
    },

    async forgetBaseline(ids) {
      await redis.srem(key("baseline"), ...ids);
    },

    async actor(id) {
      const at = key(`actor:${id}`);
      return values.text(formats.actor, await redis.get(at), at);
    },

    async setActor(id, actor) {
      const at = key(`actor:${id}`);
      if (actor) await redis.eval(setScript, 1, at, JSON.stringify({ v: 1, ...actor }), seconds(days));
      else await redis.del(at);
    },

    async reading() {
      return readingOf(await redis.get(key("reading")));
    },

    async setReading(reading) {
      await redis.eval(setScript, 1, key("reading"), JSON.stringify({ v: 1, ...reading }), "");
    },

    async cursor() {
      const text = await redis.get(key("cursor"));
      return Number((await values.text(formats.cursor, text, key("cursor"))) ?? 0);
    },

    async setCursor(place) {
      await redis.set(key("cursor"), place);
    },

    async state(ids) {
      const pipeline = redis.pipeline().smembers(key("baseline")).get(key("reading"));
      const parts = ids && [...inParts(ids)];
      if (!parts) pipeline.hgetall(key("seen"));
      for (const some of parts ?? []) pipeline.hmget(key("seen"), ...some);
      const [baseline, reading, ...seen] = ((await pipeline.exec()) ?? []).map(([error, value]) => {
        if (error) throw error;
        return value;
      });
      const fields = parts?.flatMap((some, part) =>
        some.flatMap((id, index) => {
          const text = (seen[part] as (string | null)[])[index];
          return text ? [[id, text] as const] : [];
        }),
      );
      return {
        seen: await seenOf(fields ? Object.fromEntries(fields) : (seen[0] as Record<string, string>)),
        baseline: new Set(baseline as string[]),
        reading: await readingOf(reading),
      };
    },

    async trim(now) {
      const first = oldest(now, days).slice(0, 10);
      const seen = await seenOf(await redis.hgetall(key("seen")));
      const old = [...seen].filter(([, { day, at }]) => (day || at) < first).map(([id]) => id);
      for (const some of inParts(old)) await redis.hdel(key("seen"), ...some);
    },
  };
}

function* inParts<T>(items: readonly T[]): Generator<T[]> {
  for (let from = 0; from < items.length; from += atOnce) yield items.slice(from, from + atOnce);
}

const claimScript = `${keepNewer}
for i = 2, #ARGV do keepHash(KEYS[1], ARGV[i], ARGV[1]) end
return 1`;

const settleScript = `
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 1`;

function alertSums(redis: RedisConnection, key: string, values: Values): AlertSumsPort {
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
