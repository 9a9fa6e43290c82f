/**
 * Values that could not be read, moved out of the way. Keys, below the prefix:
 *   quarantine            ids by the time at which they were put there (sorted set)
 *   quarantine:ID         where the value was, what was wrong with it, and the value (hash)
 *   quarantine:ID:value   a whole key of another type than it should have, as it was
 * A value of a newer version is not moved: its entry only names it, for as long as it is there.
 * Retention: 30 days; the last 500 values.
 */

import { createHash } from "node:crypto";
import { z } from "zod";
import type { StoredKind } from "../../domain/stored-kind.ts";
import { storedKinds } from "../../domain/stored-kind.ts";
import type { Quarantined, QuarantinePort } from "../../ports/store.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { shellWord } from "../../text/shell-word.ts";
import { keysOfWrongType } from "./key-types.ts";
import { newerVersion } from "./stored-value.ts";

export const quarantineRetention = { en: "30 days, the last 500", ja: "30 日、直近の 500 件" };
const keptSeconds = 30 * 86_400;
const mostKept = 500;

/** Where a value is: a whole key, a field of a hash, the first or some item of a list, or an entry of a stream. */
export type Place = { key: string; how: z.infer<typeof how>; field?: string };
const how = z.enum(["key", "field", "head", "item", "entry"]);

export type Quarantine = QuarantinePort & {
  /** Moves the value, if it is still the one that was read. */
  move(place: Place, text: string | Buffer, kind: StoredKind, why: string): Promise<void>;
  /** Notes a value of a newer version, which stays where it is. */
  note(place: Place, version: number, kind: StoredKind): Promise<void>;
  /** Moves every key whose type is wrong. */
  moveWrongTypes(): Promise<void>;
};

const readScript = `
local function valueAt(how, key, field, value)
  if how == 'key' then return redis.call('GET', key) end
  if how == 'field' then return redis.call('HGET', key, field) end
  if how == 'head' then return redis.call('LINDEX', key, 0) end
  if how == 'item' then return redis.call('LPOS', key, value) and value end
  local entry = redis.call('XRANGE', key, field, field)[1]
  return entry and (entry[2][2] or '')
end
`;

// The place is emptied last: whatever stops this in between, the value is in one of the two.
const moveScript = `${readScript}
local how, field, value = ARGV[1], ARGV[2], ARGV[3]
if valueAt(how, KEYS[1], field, value) ~= value then return 0 end
redis.call('HSET', KEYS[2], 'value', value, 'about', ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[3], ARGV[6], ARGV[7])
if how == 'key' then redis.call('DEL', KEYS[1])
elseif how == 'field' then redis.call('HDEL', KEYS[1], field)
elseif how == 'head' then redis.call('LPOP', KEYS[1])
elseif how == 'item' then redis.call('LREM', KEYS[1], 1, value)
else redis.call('XDEL', KEYS[1], field) end
return 1`;

const moveKeyScript = `
if redis.call('TYPE', KEYS[1]).ok ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[2], 'about', ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[5])
redis.call('RENAME', KEYS[1], KEYS[4])
redis.call('EXPIRE', KEYS[4], ARGV[3])
return 1`;

const about = z.object({
  kind: z.enum(storedKinds),
  key: z.string(),
  how,
  field: z.string().optional(),
  why: z.string(),
  at: z.string(),
  newer: z.number().optional(),
});
type About = z.infer<typeof about>;

export function quarantine(
  redis: RedisConnection,
  prefix: string,
  cli: string,
  now = () => new Date(),
): Quarantine {
  const index = `${prefix}:quarantine`;
  const keyOf = (id: string) => `${index}:${id}`;
  /** Newer values that this process has noted: they are read again and again. */
  const noted = new Set<string>();
  const bound = async () => {
    const old = await redis.zrange(index, "0", String(-mostKept - 1));
    for (const id of old) await redis.unlink(keyOf(id), `${keyOf(id)}:value`);
    if (old.length > 0) await redis.zrem(index, ...old);
  };
  const aboutOf = ({ key, how, field }: Place, kind: StoredKind, why: string): About => ({
    ...{ kind, key, how, why: why.slice(0, 200), at: now().toISOString() },
    ...(field !== undefined && { field }),
  });

  return {
    async move(place, text, kind, why) {
      const id = idOf(place, text);
      const keys = [place.key, keyOf(id), index];
      const values = [place.how, place.field ?? "", text, JSON.stringify(aboutOf(place, kind, why))];
      await redis.eval(moveScript, keys.length, ...keys, ...values, keptSeconds, now().getTime(), id);
      await bound();
    },

    async note(place, version, kind) {
      const id = idOf(place, `newer ${version}`);
      if (noted.has(id)) return;
      const entry: About = { ...aboutOf(place, kind, `version ${version}`), newer: version };
      await redis
        .multi()
        .hset(keyOf(id), "about", JSON.stringify(entry))
        .expire(keyOf(id), keptSeconds)
        .zadd(index, now().getTime(), id)
        .exec();
      await bound();
      if (noted.size > 1000) noted.clear();
      noted.add(id);
    },

    async moveWrongTypes() {
      for await (const { key, type, kind } of keysOfWrongType(redis, prefix)) {
        const id = idOf({ key, how: "key" }, type);
        const keys = [key, keyOf(id), index, `${keyOf(id)}:value`];
        const entry = aboutOf({ key, how: "key" }, kind, `a ${type} in Redis`);
        const values = [type, JSON.stringify(entry), keptSeconds, now().getTime(), id];
        await redis.eval(moveKeyScript, keys.length, ...keys, ...values);
      }
      await bound();
    },

    async list() {
      const quarantined: Quarantined[] = [];
      for (const id of await redis.zrevrange(index, "0", "-1")) {
        const text = await redis.hget(keyOf(id), "about");
        const entry = text === null ? undefined : about.safeParse(JSON.parse(text)).data;
        if (entry && (await isThere(entry))) {
          const { how: _, ...said } = entry;
          quarantined.push({ id, ...said, remove: [cli, ...removalOf(id, entry).map(shellWord)].join(" ") });
        } else {
          noted.delete(id);
          await redis.unlink(keyOf(id), `${keyOf(id)}:value`);
          await redis.zrem(index, id);
        }
      }
      return quarantined;
    },
  };

  /** A newer value that was replaced or removed meanwhile is no longer worth a word. */
  async function isThere({ key, how, field, newer }: About): Promise<boolean> {
    if (newer === undefined) return true;
    // One of many packed values, or a packed one: there for as long as its key.
    if (how === "item") return (await redis.exists(key)) === 1;
    const script = `${readScript} return valueAt(ARGV[1], KEYS[1], ARGV[2])`;
    const text = await redis.eval(script, 1, key, how, field ?? "").catch(() => undefined);
    return typeof text === "string" && newerVersion(text, newer - 1) !== undefined;
  }

  function removalOf(id: string, { key, how, field = "", newer }: About): string[] {
    if (newer === undefined) return ["UNLINK", keyOf(id), `${keyOf(id)}:value`];
    if (how === "field") return ["HDEL", key, field];
    if (how === "head") return ["LPOP", key];
    return how === "entry" ? ["XDEL", key, field] : ["DEL", key];
  }
}

function idOf({ key, how, field = "" }: Place, text: string | Buffer): string {
  return createHash("sha256")
    .update(JSON.stringify([key, how, field]))
    .update(text)
    .digest("hex")
    .slice(0, 16);
}
