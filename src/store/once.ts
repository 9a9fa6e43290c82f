/**
 * What may happen once only, and small values that wait for their use. Keys, below the prefix:
 *   once:first:ID   a token: this delivery, click or request was seen (string)
 *   once:kept:ID    a value kept for later, for example what a form will need (string, JSON)
 *   once:taken:…    what was taken a moment ago, in case the answer was lost on the way (60 s)
 * Retention: the seconds that each caller gives.
 */

import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { OncePort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { keptFormat } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { keepNewer } from "./values/stored-value.ts";

export const onceRetention = { en: "seconds to hours, set by each use", ja: "用途により数秒から数時間" };

// ioredis sends a command again when the connection broke before its answer came. A plain SET NX would then find its
// own first effect and say "not the first": hence the token.
const firstScript = `
local there = redis.call('GET', KEYS[1])
if there then return there == ARGV[1] and 1 or 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`;

const takeScript = `${keepNewer}
local value = redis.call('GET', KEYS[1])
if not value then return redis.call('GET', KEYS[2]) end
if newer(value) then return false end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], value, 'EX', 60)
return value`;

const keepScript = `${keepNewer} keepText(KEYS[1], ARGV[1], 'EX', ARGV[2]) return 1`;

type Kept = { v: 1; value: unknown };

export function oncePort(redis: RedisConnection, prefix: string, values: Values): OncePort {
  const key = (sort: string, id: string) => `${prefix}:once:${sort}:${id}`;
  const read = async <T>(schema: z.ZodType<T>, text: unknown, at: string) =>
    (await values.text(keptFormat(schema), text, at))?.value;
  return {
    async first(id, seconds) {
      return (await redis.eval(firstScript, 1, key("first", id), randomUUID(), whole(seconds))) === 1;
    },

    async forget(id) {
      await redis.del(key("first", id));
    },

    async keep(id, value, seconds) {
      const kept: Kept = { v: 1, value };
      await redis.eval(keepScript, 1, key("kept", id), JSON.stringify(kept), whole(seconds));
    },

    async take<T>(id: string, schema: z.ZodType<T>) {
      const taken = key("taken", randomUUID());
      return read(schema, await redis.eval(takeScript, 2, key("kept", id), taken), taken);
    },

    async peek<T>(id: string, schema: z.ZodType<T>) {
      const at = key("kept", id);
      return read(schema, await redis.get(at), at);
    },
  };
}

function whole(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
