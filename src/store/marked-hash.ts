/** A hash that is written as a whole by comparing its mark: of several processes exactly one goes on from what it read. */
import { randomUUID } from "node:crypto";
import type { RedisConnection } from "../redis/connection.ts";
import { checked } from "./values/key-types.ts";

/** What a hash held: its mark, and the other fields as they are stored. */
export type Marked = { mark: string; texts: Record<string, string> };

// Sent twice because an answer was lost, it finds its own mark.
const saveScript = `
local mark = redis.call('HGET', KEYS[1], 'mark') or ''
if mark == ARGV[2] then return 1 end
if mark ~= ARGV[1] then return 0 end
local fields = tonumber(ARGV[3])
for i = 4, 3 + 2 * fields, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = 4 + 2 * fields, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('HSET', KEYS[1], 'mark', ARGV[2])
return 1`;

export function markedHash(redis: RedisConnection, prefix: string, key: string) {
  const script = checked(saveScript, [key], prefix);
  return {
    async load(): Promise<Marked> {
      const { mark = "", ...texts } = await redis.hgetall(key);
      return { mark, texts };
    },
    /** All of it at once; undefined where another process wrote meanwhile, else what `load` would answer now. */
    async save(before: Marked, texts: Record<string, string>): Promise<Marked | undefined> {
      const changed = Object.entries(texts).filter(([field, text]) => before.texts[field] !== text);
      const gone = Object.keys(before.texts).filter((field) => !(field in texts));
      const mark = randomUUID();
      const values = [before.mark, mark, String(changed.length), ...changed.flat(), ...gone];
      return (await redis.eval(script, 1, key, ...values)) === 1 ? { mark, texts } : undefined;
    },
  };
}

/** The fields that begin with a prefix, as they are called in the hash. */
export function startingWith(texts: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([field]) => field.startsWith(prefix)));
}

/** What was read of such fields, each with what follows the prefix. */
export function withoutPrefix<T>(values: ReadonlyMap<string, T>, prefix: string): [string, T][] {
  return [...values].map(([field, value]) => [field.slice(prefix.length), value]);
}
