/**
 * Requests that someone else approves. Keys, below the prefix:
 *   exemptions      id → suppression or exemption (hash, JSON { v, rev, exemption })
 *   enablements     id → what `enable` asked for (hash, JSON { v, rev, enablement })
 * Retention: `retention.audit` days after the last change of those that are over.
 * Whatever changes one compares it with what was read, as in `runs.ts`.
 */

import { randomUUID } from "node:crypto";
import type { RequestsPort } from "../ports/requests.ts";
import type { RedisConnection } from "../redis/connection.ts";
import type { Values } from "./values/read.ts";
import { oldest } from "./values/retention.ts";
import type { ValueFormat } from "./values/stored-value.ts";

/** More conflicts in a row than people and jobs can make at the same moment. */
const mostTries = 50;

// ioredis sends a command again where its answer was lost: the revision tells its own first effect.
const putScript = `
local there = redis.call('HGET', KEYS[1], ARGV[1])
if there == ARGV[3] then return 1 end
if (there or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

type Kept = { id: string; revision: number; at: { [state: string]: string | undefined } };

export type RequestRules<Name extends string, One> = {
  /** Of the key, and of the field that holds one. */
  key: string;
  name: Name;
  format: ValueFormat<{ rev: string } & Record<Name, One>>;
  days: number;
  isSettled(one: One): boolean;
};

export function requestsPort<Name extends string, One extends Kept>(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  { key: keyName, name, format, days, isSettled }: RequestRules<Name, One>,
): RequestsPort<One> {
  const key = `${prefix}:${keyName}`;
  const read = async (id: string) => {
    const text = await redis.hget(key, id);
    return { text, one: (await values.field(format, key, id, text))?.[name] };
  };
  const put = async (expected: string, one: One): Promise<boolean> => {
    const stored = { v: 1, rev: randomUUID(), [name]: one };
    return (await redis.eval(putScript, 1, key, one.id, expected, JSON.stringify(stored))) === 1;
  };
  const list = async () => {
    const all = await values.fields(format, key, await redis.hgetall(key));
    const started = ({ at, id }: One) => `${at.requested ?? ""} ${id}`;
    return [...all.values()].map((one) => one[name]).sort((a, b) => started(a).localeCompare(started(b)));
  };
  return {
    get: async (id) => (await read(id)).one,

    async add(one) {
      await put("", one);
    },

    async change(id, change) {
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

    list,

    async trim(now) {
      const limit = oldest(now, days);
      const last = ({ at }: One) => Object.values(at).sort().at(-1) ?? "";
      const over = (await list()).filter((one) => isSettled(one) && last(one) < limit);
      if (over.length > 0) await redis.hdel(key, ...over.map(({ id }) => id));
    },
  };
}
