/**
 * Suppressions and exemptions that were asked for through the bot. Keys, below the prefix:
 *   exemptions      id → exemption (hash, JSON { v, rev, exemption })
 * Retention: `retention.audit` days after the last change of those that are over.
 * Whatever changes one compares it with what was read, as in `runs.ts`.
 */

import { randomUUID } from "node:crypto";
import { type Exemption, isSettled } from "../domain/exemptions.ts";
import type { ExemptionsPort } from "../ports/exemptions.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";
import { oldest } from "./values/retention.ts";

type Stored = { v: 1; rev: string; exemption: Exemption };
/** More conflicts in a row than people and jobs can make at the same moment. */
const mostTries = 50;

// ioredis sends a command again where its answer was lost: the revision tells its own first effect.
const putScript = `
local there = redis.call('HGET', KEYS[1], ARGV[1])
if there == ARGV[3] then return 1 end
if (there or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

export function exemptionsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days: number,
): ExemptionsPort {
  const key = `${prefix}:exemptions`;
  const read = async (id: string) => {
    const text = await redis.hget(key, id);
    return { text, one: (await values.field(formats.exemption, key, id, text))?.exemption };
  };
  const put = async (expected: string, exemption: Exemption): Promise<boolean> => {
    const stored: Stored = { v: 1, rev: randomUUID(), exemption };
    return (await redis.eval(putScript, 1, key, exemption.id, expected, JSON.stringify(stored))) === 1;
  };
  const list = async () => {
    const all = await values.fields(formats.exemption, key, await redis.hgetall(key));
    const started = ({ at, id }: Exemption) => `${at.requested ?? ""} ${id}`;
    return [...all.values()]
      .map(({ exemption }) => exemption)
      .sort((a, b) => started(a).localeCompare(started(b)));
  };
  return {
    get: async (id) => (await read(id)).one,

    async add(exemption) {
      await put("", exemption);
    },

    async change(id, change) {
      for (let tries = 0; tries < mostTries; tries++) {
        const { text, one } = await read(id);
        if (text === null || !one) return undefined;
        const next = change(one);
        if (next === undefined) return { exemption: one, changed: false };
        const revised = { ...next, revision: one.revision + 1 };
        if (await put(text, revised)) return { exemption: revised, changed: true };
      }
      throw new Error(`Exemption ${id} was changed by others ${mostTries} times in a row.`);
    },

    list,

    async trim(now) {
      const limit = oldest(now, days);
      const last = ({ at }: Exemption) => Object.values(at).sort().at(-1) ?? "";
      const over = (await list()).filter((one) => isSettled(one) && last(one) < limit);
      if (over.length > 0) await redis.hdel(key, ...over.map(({ id }) => id));
    },
  };
}
