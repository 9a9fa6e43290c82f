import type { OpenMessage } from "../domain/rollup.ts";
import type { RedisConnection } from "./connection.ts";
import type { FollowUp, Intent, PlacedMessage } from "./outbox-types.ts";

/** Everything that a pump needs to decide what a channel posts next. */
export type OutboxState = {
  intent?: Intent;
  /** Event ids in the order of recording. */
  waiting: string[];
  changed: { id: string; score: string }[];
  follow?: FollowUp;
  open: Map<string, OpenMessage>;
  language?: "en" | "ja";
  /** ISO time of the last call that showed something in the channel. */
  called?: string;
  paused?: { reason: string; since: string; until: string };
};

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
  before(channel: string, ids: readonly string[]): Promise<Map<string, unknown>>;
  /** Channels with work. */
  busy(): Promise<string[]>;
  depth(): Promise<ChannelDepth[]>;
};

export function outboxReading(redis: RedisConnection, prefix: string): OutboxReading {
  const key = (channel: string, part: string) => `${prefix}:outbox:${channel}:${part}`;
  const message = async (channel: string, id: string) =>
    parsed<PlacedMessage>(await redis.hget(key(channel, "messages"), id));
  return {
    message,

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
      const [intent, waiting, changed, follow, open, about] = (answers ?? []).map(([error, value]) => {
        if (error) throw error;
        return value;
      });
      const known = (about ?? {}) as Record<string, string>;
      return {
        intent: parsed<Intent>(intent),
        waiting: (waiting ?? []) as string[],
        changed: pairs((changed ?? []) as string[]),
        follow: parsed<FollowUp>(follow),
        open: new Map(
          Object.entries((open ?? {}) as Record<string, string>).map(([again, text]) => [
            again,
            JSON.parse(text) as OpenMessage,
          ]),
        ),
        language: known.language === "ja" || known.language === "en" ? known.language : undefined,
        called: known.called,
        paused: parsed(known.paused),
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
      return new Map(
        ids.flatMap((id, index) => (texts[index] ? [[id, JSON.parse(texts[index]!)] as const] : [])),
      );
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
          const paused = parsed<{ reason: string }>(about)?.reason;
          return { channel, waiting: waiting + changed + follow, oldest, paused, held };
        }),
      );
    },
  };
}

function parsed<T>(text: unknown): T | undefined {
  return typeof text === "string" && text !== "" ? (JSON.parse(text) as T) : undefined;
}

function pairs(flat: string[]): { id: string; score: string }[] {
  const found: { id: string; score: string }[] = [];
  for (let index = 0; index < flat.length; index += 2)
    found.push({ id: flat[index]!, score: flat[index + 1]! });
  return found;
}
