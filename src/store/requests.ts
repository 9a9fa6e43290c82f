/**
 * Requests that someone else approves. Keys, below the prefix:
 *   exemptions      id → suppression or exemption (hash, JSON { v, rev, exemption })
 *   enablements     id → what `enable` asked for (hash, JSON { v, rev, enablement })
 * Retention: `retention.audit` days after the last change of those that are over.
 */

import type { RequestsPort } from "../ports/requests.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { revisedHash } from "./revised-hash.ts";
import type { Values } from "./values/read.ts";
import { oldest } from "./values/retention.ts";
import type { ValueFormat } from "./values/stored-value.ts";

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
  const stored = revisedHash<Name, One>(redis, key, values, { name, format });
  const list = async () => {
    const started = ({ at, id }: One) => `${at.requested ?? ""} ${id}`;
    return (await stored.all()).sort((a, b) => started(a).localeCompare(started(b)));
  };
  return {
    get: async (id) => (await stored.read(id)).one,

    async add(one) {
      await stored.put("", one);
    },

    change: stored.change,

    list,

    async trim(now) {
      const limit = oldest(now, days);
      const last = ({ at }: One) => Object.values(at).sort().at(-1) ?? "";
      const over = (await list()).filter((one) => isSettled(one) && last(one) < limit);
      if (over.length > 0) await redis.hdel(key, ...over.map(({ id }) => id));
    },
  };
}
