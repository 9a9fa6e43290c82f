/**
 * Who did what through the bot. Keys, below the prefix:
 *   audit          entries in the order of their arrival (stream, field `entry`: JSON), only ever appended
 *   audit:sent:…   an entry that was appended a moment ago, so that sending it twice appends it once (10 min)
 * Retention: `retention.audit` days, usually 400 (`trim`).
 */
import { randomUUID } from "node:crypto";
import type { RedisConnection } from "./connection.ts";
import { oldest, usualRetention } from "./retention.ts";

export type AuditEntry = {
  /** ISO. */
  at: string;
  person: string;
  channel: string;
  /** The way in: slash, mention, button, … */
  source: string;
  line: string;
  command: string;
  action: string;
  target?: string;
  outcome: "done" | "refused" | "failed";
  detail?: string;
};

export type AuditPort = {
  append(entry: AuditEntry): Promise<void>;
  /** Entries since a time (ISO), the newest first. */
  read(since: string, limit?: number): Promise<AuditEntry[]>;
  trim(now: string): Promise<void>;
};

type Stored = AuditEntry & { v: 1 };

const appendScript = `
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', 600) then redis.call('XADD', KEYS[1], '*', 'entry', ARGV[1]) end
return 1`;

const page = 500;

export function auditPort(redis: RedisConnection, prefix: string, days = usualRetention.audit): AuditPort {
  const key = `${prefix}:audit`;
  return {
    async append(entry) {
      const stored: Stored = { v: 1, ...entry };
      await redis.eval(appendScript, 2, key, `${key}:sent:${randomUUID()}`, JSON.stringify(stored));
    },

    async read(since, limit = Number.POSITIVE_INFINITY) {
      const found: AuditEntry[] = [];
      // Clocks of processes differ: an hour further back, then by the entry's own time.
      const from = String(Math.max(0, Date.parse(since) - 3_600_000));
      for (let to = "+"; found.length < limit; ) {
        const rows = await redis.xrevrange(key, to, from, "COUNT", page);
        for (const [id, fields] of rows) {
          const entry = entryOf(fields[1] ?? "");
          if (entry.at >= since) found.push(entry);
          to = `(${id}`;
        }
        if (rows.length < page) break;
      }
      return found.slice(0, limit);
    },

    async trim(now) {
      await redis.xtrim(key, "MINID", String(Date.parse(oldest(now, days))));
    },
  };
}

function entryOf(text: string): AuditEntry {
  const { v: _, ...entry } = JSON.parse(text) as Stored;
  return entry;
}
