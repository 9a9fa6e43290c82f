/**
 * Who did what through the bot. Keys, below the prefix:
 *   audit            what was started, done or failed, in the order of arrival (stream, field `entry`: JSON); what was
 *                    started is replaced by its outcome
 *   audit:refusals   what was refused: one entry for each person, command and minute (stream, fields `entry`, `count`)
 *   audit:refused:…  the entry of the current minute, its id and count (hash, 2 min)
 *   audit:sent:…     an entry that was appended a moment ago, so that sending it twice appends it once (10 min)
 * Retention: `retention.audit` days, usually 400 (`trim`), and at most about 100,000 entries (150 MB) of what was done and
 * 20,000 (15 MB) of what was refused. The streams are apart so that refusals cannot displace what was done.
 */

import { randomUUID } from "node:crypto";
import type { AuditedAction } from "../domain/audit.ts";
import type { AuditEntry, AuditPort } from "../ports/store.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { formats } from "./values/formats.ts";
import { checked } from "./values/key-types.ts";
import type { Values } from "./values/read.ts";
import { oldest, usualRetention } from "./values/retention.ts";

type Stored = AuditEntry & { v: 1 };

const mostDone = 100_000;
const mostRefused = 20_000;
const longestName = 150;
const longest = { done: { line: 1000, detail: 500 }, refused: { line: 200, detail: 300 } };

const beginScript = `
local id = redis.call('GET', KEYS[2])
if id then return id end
id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'entry', ARGV[1])
redis.call('SET', KEYS[2], id, 'EX', 600)
return id`;

const appendScript = `
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', 600) then
  if ARGV[3] ~= '' then redis.call('XDEL', KEYS[1], ARGV[3]) end
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'entry', ARGV[1])
end
return 1`;

// An entry of a stream cannot change: it is replaced by one with the higher count.
const refuseScript = `
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', 600) then return 1 end
if ARGV[3] ~= '' then redis.call('XDEL', KEYS[4], ARGV[3]) end
local known = redis.call('HMGET', KEYS[3], 'id', 'entry')
local count = redis.call('HINCRBY', KEYS[3], 'count', 1)
if known[1] then redis.call('XDEL', KEYS[1], known[1]) end
local entry = known[2] or ARGV[1]
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'entry', entry, 'count', count)
redis.call('HSET', KEYS[3], 'id', id, 'entry', entry)
redis.call('EXPIRE', KEYS[3], 120)
return 1`;

const page = 500;

/** The audit log. @param days for which entries are kept */
export function auditPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days = usualRetention.audit,
): AuditPort {
  const done = `${prefix}:audit`;
  const refusals = `${done}:refusals`;
  return {
    async begin(entry) {
      const keys = [done, `${done}:sent:${randomUUID()}`];
      const text = JSON.stringify({ v: 1, ...shortened(entry) } satisfies Stored);
      return String(await redis.eval(checked(beginScript, keys, prefix), 2, ...keys, text, mostDone));
    },

    async withdraw(begun) {
      await redis.xdel(done, begun);
    },

    async append(entry, begun = "") {
      const sent = `${done}:sent:${randomUUID()}`;
      const text = JSON.stringify({ v: 1, ...shortened(entry) } satisfies Stored);
      if (entry.outcome !== "refused") {
        const script = checked(appendScript, [done, sent], prefix);
        await redis.eval(script, 2, done, sent, text, mostDone, begun);
        return;
      }
      const minute = `${done}:refused:${entry.person}:${entry.command}:${entry.at.slice(0, 16)}`;
      const keys = [refusals, sent, minute, done];
      await redis.eval(checked(refuseScript, keys, prefix), 4, ...keys, text, mostRefused, begun);
    },

    async read(since, limit = Number.POSITIVE_INFINITY) {
      const streams = [done, refusals].map((key) => readStream(redis, values, key, since, limit));
      const entries = await Promise.all(streams);
      // The sort is stable: each stream is in its order already.
      const newestFirst = entries.flat().sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
      return newestFirst.slice(0, limit);
    },

    async trim(now) {
      const first = String(Date.parse(oldest(now, days)));
      await Promise.all([done, refusals].map((key) => redis.xtrim(key, "MINID", first)));
    },
  };
}

async function readStream(
  redis: RedisConnection,
  values: Values,
  key: string,
  since: string,
  limit: number,
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  // Clocks of processes differ: an hour further back, then by the entry's own time.
  const from = String(Math.max(0, Date.parse(since) - 3_600_000));
  for (let to = "+"; entries.length < limit; ) {
    const rows = await redis.xrevrange(key, to, from, "COUNT", page);
    for (const [id, [, entry = "", , count]] of rows) {
      const read = await values.text(formats.auditEntry, entry, { key, how: "entry", field: id });
      if (read && read.at >= since) entries.push(counted(read, Number(count ?? 1)));
      to = `(${id}`;
    }
    if (rows.length < page) break;
  }
  return entries;
}

function counted(entry: AuditEntry, count: number): AuditEntry {
  return count > 1 ? { ...entry, count } : entry;
}

function shortened(entry: AuditEntry): AuditEntry {
  const most = entry.outcome === "refused" ? longest.refused : longest.done;
  return {
    ...entry,
    line: shorten(entry.line, most.line),
    ...(entry.audited && { audited: withShortNames(entry.audited) }),
    ...(entry.target !== undefined && { target: shorten(entry.target, most.detail) }),
    ...(entry.detail !== undefined && { detail: shorten(entry.detail, most.detail) }),
  };
}

function withShortNames({ name, place, ...rest }: AuditedAction): AuditedAction {
  return {
    ...rest,
    ...(name !== undefined && { name: shorten(name, longestName) }),
    ...(place !== undefined && { place: shorten(place, longestName) }),
  };
}

/** By code units, and never through the middle of a character. */
function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
