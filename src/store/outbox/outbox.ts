/**
 * The outbox and ledger of every channel. Keys, below the prefix:
 *   event:ID              the event of a notification as last published (JSON, `retention.alerts` days, or its notifier's `keptDays`)
 *   outbox:busy           channels with work (set); outbox:channels: all that ever had some
 *   outbox:CH:waiting     rows not posted yet: event id by order (sorted set)
 *   outbox:CH:placed      event id → message id: what a channel has, or is getting (hash), placed-at for its retention
 *   outbox:CH:messages    message id → what was posted: time stamp, members, language, replies (hash, JSON)
 *   outbox:CH:intent      the one call to Slack that is under way, written before it is made (JSON)
 *   outbox:CH:changed     event ids whose message must be updated (sorted set); `before`: the event as shown
 *   outbox:CH:follow      replies, thread parts and files still to be posted, replies to be edited (list, JSON)
 *   outbox:CH:open        again key → message that later rows may join (hash, JSON)
 *   outbox:CH:about       language, time of the last call, pause (hash)
 *   outbox:CH:held        notifications that Slack refuses in any form (hash)
 *   outbox:lag            how long the last message took (JSON, overwritten)
 * Retention: `retention.alerts` days after a message was posted, usually 120 (`trim`). A row is unique by event and channel.
 */

import type { OpenMessage } from "../../domain/alerts/rollup.ts";
import type { EventShape, FollowUp, Lag, OutboxLag, OutboxPort, PlacedMessage } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import { checked } from "../values/key-types.ts";
import type { Values } from "../values/read.ts";
import { oldest, usualRetention } from "../values/retention.ts";
import { keepNewer } from "../values/stored-value.ts";
import { eventReading } from "./events.ts";
import { outboxReading } from "./reading.ts";
import { outboxRecording } from "./recording.ts";
import {
  claimScript,
  completeScript,
  dropScript,
  joinScript,
  releaseScript,
  requeueScript,
  restScript,
  trimScript,
  updatedScript,
} from "./scripts.ts";

export function outboxPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  shapeOf: EventShape,
  days = usualRetention.alerts,
): OutboxPort {
  const key = (channel: string, part: string) => `${prefix}:outbox:${channel}:${part}`;
  const keys = (channel: string, ...parts: string[]) => parts.map((part) => key(channel, part));
  const busy = `${prefix}:outbox:busy`;
  const eventKey = (id: string) => `${prefix}:event:${id}`;
  const run = (script: string, on: string[], given: (string | number)[]) =>
    redis.eval(checked(script, on, prefix), on.length, ...on, ...given) as Promise<unknown>;
  const reading = outboxReading(redis, prefix, values);
  return {
    ...reading,
    ...outboxLag(redis, prefix, values),
    ...eventReading(redis, eventKey, values, shapeOf),

    record: outboxRecording(redis, prefix, days),

    async claim(channel, message, intent, now) {
      const on = keys(channel, "waiting", "placed", "placed-at", "messages", "intent");
      const given = [
        message.id,
        JSON.stringify(message),
        JSON.stringify(intent),
        Date.parse(now),
        ...message.members,
      ];
      return (await run(claimScript, on, given)) === 1;
    },

    async join(channel, row, message, again, now) {
      const on = keys(channel, "waiting", "placed", "placed-at", "messages", "changed", "follow", "open");
      const follow: FollowUp = { kind: "joined", message: message.id, id: row, at: now };
      const open: OpenMessage = { message: message.id, last: now };
      const given = [
        row,
        message.id,
        JSON.stringify(message),
        JSON.stringify(follow),
        Date.parse(now),
        again,
      ];
      return (await run(joinScript, on, [...given, JSON.stringify(open)])) === 1;
    },

    async gone(channel, message) {
      const marked: PlacedMessage = { ...message, gone: true };
      await redis.hset(key(channel, "messages"), message.id, JSON.stringify(marked));
    },

    async release(channel, row, message) {
      const on = keys(channel, "waiting", "placed", "placed-at", "changed", "before", "open");
      return (await run(releaseScript, on, [row, message])) === 1;
    },

    async intend(channel, intent) {
      await redis.set(key(channel, "intent"), JSON.stringify(intent));
    },

    async complete(channel, intent, { message, follows = [], open = [] }) {
      const on = keys(channel, "intent", "messages", "follow", "open");
      const given = [
        intent.id,
        message?.id ?? "",
        message ? JSON.stringify(message) : "",
        intent.what.kind === "follow" ? 1 : 0,
        follows.length,
        ...follows.map((follow) => JSON.stringify(follow)),
        ...open.flatMap(([again, record]) => [again, JSON.stringify(record)]),
      ];
      return (await run(completeScript, on, given)) === 1;
    },

    async updated(channel, rows, follows) {
      const on = keys(channel, "changed", "before", "follow");
      const given = [rows.length, ...rows.flatMap(({ id, score }) => [id, score])];
      await run(updatedScript, on, [...given, ...follows.map((follow) => JSON.stringify(follow))]);
    },

    async shown(channel, message) {
      await redis.hset(key(channel, "messages"), message.id, JSON.stringify(message));
    },

    async skipFollow(channel) {
      await redis.lpop(key(channel, "follow"));
    },

    async drop(channel, ids) {
      return Number(await run(dropScript, [key(channel, "waiting"), ...ids.map(eventKey)], [...ids]));
    },

    async requeue(channel, message) {
      const placed = Object.entries(await redis.hgetall(key(channel, "placed")));
      const rows = placed.flatMap(([id, its]) => (its === message ? [id] : []));
      await run(requeueScript, keys(channel, "waiting", "placed", "placed-at"), [message, ...rows]);
    },

    async called(channel, at) {
      await redis.hset(key(channel, "about"), "called", at);
    },

    async pause(channel, pause) {
      if (pause) await redis.hset(key(channel, "about"), "paused", JSON.stringify(pause));
      else await redis.hdel(key(channel, "about"), "paused");
    },

    async hold(channel, id, why) {
      await redis.hset(key(channel, "held"), id, why);
    },

    async rest(channel) {
      const on = [...keys(channel, "waiting", "changed", "follow", "intent"), busy];
      await run(restScript, on, [channel]);
    },

    channels: () => redis.smembers(`${prefix}:outbox:channels`),

    async trim(now) {
      const first = Date.parse(oldest(now, days));
      for (const channel of await redis.smembers(`${prefix}:outbox:channels`)) {
        await run(trimScript, keys(channel, "placed-at", "placed", "messages", "held"), [first]);
        const { open } = await reading.state(channel);
        const closed = [...open].filter(([, { last }]) => Date.parse(last) < Date.parse(now) - 86_400_000);
        if (closed.length > 0) await redis.hdel(key(channel, "open"), ...closed.map(([again]) => again));
      }
    },
  };
}

const noteScript = `${keepNewer} keepText(KEYS[1], ARGV[1]) return 1`;

/** One value for all processes, so that whichever is asked knows it; metrics are each process's own. */
function outboxLag(redis: RedisConnection, prefix: string, values: Values): OutboxLag {
  const key = `${prefix}:outbox:lag`;
  return {
    async noteLag(lag) {
      await redis.eval(noteScript, 1, key, JSON.stringify({ v: 1, ...lag } satisfies Lag));
    },
    async lag() {
      return values.text(formats.lag, await redis.get(key), key);
    },
  };
}
