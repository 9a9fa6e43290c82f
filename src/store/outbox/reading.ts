import type { OutboxReading, PlacedMessage } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";

export function outboxReading(redis: RedisConnection, prefix: string, values: Values): OutboxReading {
  const key = (channel: string, part: string) => `${prefix}:outbox:${channel}:${part}`;
  const message = async (channel: string, id: string) =>
    values.field(
      formats.message,
      key(channel, "messages"),
      id,
      await redis.hget(key(channel, "messages"), id),
    );
  const pausedOf = (channel: string, text: unknown) =>
    values.field(formats.paused, key(channel, "about"), "paused", text);
  return {
    message,

    async unposted(channel) {
      const all = await redis.hgetall(key(channel, "messages"));
      const messages = await values.fields(formats.message, key(channel, "messages"), all);
      const held = new Set(await redis.hkeys(key(channel, "held")));
      return [...messages.values()].find(({ id, ts, gone }) => !ts && !gone && !held.has(id));
    },

    async state(channel) {
      const answers = await redis
        .pipeline()
        .get(key(channel, "intent"))
        .zrange(key(channel, "waiting"), "0", "-1")
        .zrange(key(channel, "changed"), "0", "199", "WITHSCORES")
        .lindex(key(channel, "follow"), 0)
        .hgetall(key(channel, "open"))
        .hgetall(key(channel, "about"))
        .exec();
      const wrongIntent = answers?.[0]?.[0]?.message.includes("WRONGTYPE") === true;
      if (wrongIntent) await values.moveWrongTypes();
      const [text, waiting, changed, follow, open, about] = (answers ?? []).map(([error, value], index) => {
        if (error && !(wrongIntent && index === 0)) throw error;
        return value;
      });
      const known = (about ?? {}) as Record<string, string>;
      const intent = await values.text(formats.intent, text, key(channel, "intent"));
      const newer = values.isNewer(formats.intent, text);
      const head = { key: key(channel, "follow"), how: "head" } as const;
      return {
        intent,
        ...(newer && { newer: true as const }),
        ...((wrongIntent || (typeof text === "string" && !intent && !newer)) && {
          lostIntent: true as const,
        }),
        waiting: (waiting ?? []) as string[],
        changed: pairs((changed ?? []) as string[]),
        follow: await values.text(formats.follow, follow, head),
        open: await values.fields(formats.open, key(channel, "open"), (open ?? {}) as Record<string, string>),
        language: known.language === "ja" || known.language === "en" ? known.language : undefined,
        called: known.called,
        paused: await pausedOf(channel, known.paused),
      };
    },

    async placed(channel, ids) {
      if (ids.length === 0) return new Map();
      const places = await redis.hmget(key(channel, "placed"), ...ids);
      const messages = new Map<string, PlacedMessage>();
      for (const id of new Set(places)) {
        const placed = id ? await message(channel, id) : undefined;
        if (placed) messages.set(placed.id, placed);
      }
      return new Map(
        ids.flatMap((id, index) => {
          const its = messages.get(places[index] ?? "");
          return its ? [[id, its] as const] : [];
        }),
      );
    },

    async before(channel, ids) {
      if (ids.length === 0) return new Map();
      const texts = await redis.hmget(key(channel, "before"), ...ids);
      const known = ids.flatMap((id, index) => (texts[index] ? [[id, texts[index]] as const] : []));
      return values.fields(formats.before, key(channel, "before"), Object.fromEntries(known));
    },

    busy: () => redis.smembers(`${prefix}:outbox:busy`),

    async depth() {
      const channels = await redis.smembers(`${prefix}:outbox:busy`);
      return Promise.all(
        channels.sort().map(async (channel) => {
          const [waiting, first, changed, follow, about, held] = await Promise.all([
            redis.zcard(key(channel, "waiting")),
            redis.zrange(key(channel, "waiting"), "0", "0", "WITHSCORES"),
            redis.zcard(key(channel, "changed")),
            redis.llen(key(channel, "follow")),
            redis.hget(key(channel, "about"), "paused"),
            redis.hlen(key(channel, "held")),
          ]);
          const oldest = first[1] ? new Date(Number(first[1]) / 1000).toISOString() : undefined;
          const paused = (await pausedOf(channel, about))?.reason;
          return { channel, waiting: waiting + changed + follow, oldest, paused, held };
        }),
      );
    },
  };
}

function pairs(flat: string[]): { id: string; score: string }[] {
  const pairs: { id: string; score: string }[] = [];
  for (let index = 0; index < flat.length; index += 2)
    pairs.push({ id: flat[index]!, score: flat[index + 1]! });
  return pairs;
}
