/** A hash of JSON values that several processes change: whatever changes one compares it with what was read. */
import { randomUUID } from "node:crypto";
import type { RedisConnection } from "../redis/connection.ts";
import type { Values } from "./values/read.ts";
import type { ValueFormat } from "./values/stored-value.ts";

type Revised = { id: string; revision: number };
type Stored<Name extends string, T> = { rev: string } & Record<Name, T>;

/** More conflicts in a row than people and jobs can make at the same moment. */
const mostTries = 50;

// ioredis sends a command again where its answer was lost: the revision tells its own first effect.
const putScript = `
local there = redis.call('HGET', KEYS[1], ARGV[1])
if there == ARGV[3] then return 1 end
if (there or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** @param name the field of a stored value that holds it, beside its version and revision */
export function revisedHash<Name extends string, T extends Revised>(
  redis: RedisConnection,
  key: string,
  values: Values,
  { name, format }: { name: Name; format: ValueFormat<Stored<Name, T>> },
) {
  const read = async (id: string): Promise<{ text: string | null; one: T | undefined }> => {
    const text = await redis.hget(key, id);
    const stored = await values.field(format, key, id, text);
    return { text, one: stored?.[name] };
  };
  const put = async (expected: string, value: T): Promise<boolean> => {
    const text = JSON.stringify({ v: 1, rev: randomUUID(), [name]: value });
    return (await redis.eval(putScript, 1, key, value.id, expected, text)) === 1;
  };
  return {
    read,
    put,
    async all(): Promise<T[]> {
      const entries = await values.fields(format, key, await redis.hgetall(key));
      return [...entries.values()].map((stored): T => stored[name]);
    },
    /** By a pure function, whose `undefined` leaves it as it is; undefined where there is none. */
    async change(
      id: string,
      change: (value: T) => T | undefined,
    ): Promise<{ one: T; changed: boolean } | undefined> {
      for (let tries = 0; tries < mostTries; tries++) {
        const { text, one } = await read(id);
        if (text === null || !one) return undefined;
        const next = change(one);
        if (next === undefined) return { one, changed: false };
        const revised = { ...next, revision: one.revision + 1 };
        if (await put(text, revised)) return { one: revised, changed: true };
      }
      throw new Error(`${name} ${id} was changed by others ${mostTries} times in a row.`);
    },
  };
}
