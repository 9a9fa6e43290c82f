import type { OpenMessage } from "../../domain/alerts/rollup.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import type { FollowUp, Intent, PlacedMessage } from "./types.ts";

/** Everything that a pump needs to decide what a channel posts next. */
export type OutboxState = {
  intent?: Intent;
  /** There was an intent that could not be read: which call is under way has to be found out anew. */
  lostIntent?: true;
  /** A newer version of the bot is posting here: only it may go on. */
  newer?: true;
  /** Event ids in the order of recording. */
  waiting: string[];
  changed: { id: string; score: string }[];
  follow?: FollowUp;
  open: Map<string, OpenMessage>;
  language?: "en" | "ja";
  /** ISO time of the last call that showed something in the channel. */
  called?: string;
  paused?: Pause;
};

export type Pause = { reason: string; since: string; until: string };

export type ChannelDepth = {
  channel: string;
  waiting: number;
  oldest?: string;
  paused?: string;
  held: number;
};

export type OutboxReading = {
  state(channel: string): Promise<OutboxState>;
  /** Event ids → the message that has them, and what was shown before where it changed. */
  placed(channel: string, ids: readonly string[]): Promise<Map<string, PlacedMessage>>;
  message(channel: string, id: string): Promise<PlacedMessage | undefined>;
  /** A message that is still to be posted: rows were taken into it, and Slack has not refused it. */
  unposted(channel: string): Promise<PlacedMessage | undefined>;
  before(channel: string, ids: readonly string[]): Promise<Map<string, unknown>>;
  /** Channels with work. */
  busy(): Promise<string[]>;
  depth(): Promise<ChannelDepth[]>;
};

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
        const found = id ? await message(channel, id) : undefined;
        if (found) messages.set(found.id, found);
      }
      return new Map(
        ids.flatMap((id, index) => {
          const found = messages.get(places[index] ?? "");
          return found ? [[id, found] as const] : [];
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
  const found: { id: string; score: string }[] = [];
  for (let index = 0; index < flat.length; index += 2)
    found.push({ id: flat[index]!, score: flat[index + 1]! });
  return found;
}
