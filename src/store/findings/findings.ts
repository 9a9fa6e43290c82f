/**
 * Findings: two snapshots, packed, and what digests leave behind. Keys, below the prefix:
 *   findings:state        the current and the previous snapshot: heads, and the names of their pieces (hash, JSON);
 *                         `held`: a scan that is not taken over; `published`: the last slot whose digests are recorded
 *   findings:piece:ID     a part of a snapshot or of the dictionary (string, a version byte and deflated bytes)
 *   findings:pieces       the names of all pieces, so that those of a write that did not end are found (set)
 *   findings:cves         what is known of the CVEs in use: readings, packed, the oldest first (list)
 *   findings:days         FILTER|SLOT → counts of one scan for the trend (hash, JSON)
 *   findings:fixed:SLOT   six bytes for each finding fixed in that scan, and line that it was fixed in (string)
 *   findings:fixings      slots of which `findings:fixed` is kept (sorted set)
 * A snapshot is written under names that nothing shows, and becomes the current one in one step. Retention: two
 * snapshots; counts and what was fixed `retention.counts` days, usually 35.
 */
import { fixedMemory } from "../../domain/findings/comparison/fixed-before.ts";
import type { DayCount } from "../../domain/findings/model/snapshot.ts";
import type { RedisConnection } from "../connection.ts";
import { oldest, usualRetention } from "../retention.ts";
import { cvesPort } from "./cves.ts";
import type { FindingsPort, HeldScan } from "./port.ts";
import { snapshots } from "./snapshots.ts";
import { findingsState } from "./state.ts";

const publishedScript = `
local last = redis.call('HGET', KEYS[1], 'published')
if last and last >= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'published', ARGV[1])
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[3], ARGV[2])
  redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
end
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1`;

/** Kept of what was fixed: the form in its first byte. */
const fixedForm = 1;

export function findingsPort(
  redis: RedisConnection,
  prefix: string,
  days = usualRetention.counts,
): FindingsPort {
  const key = (part: string) => `${prefix}:findings:${part}`;
  return {
    ...snapshots(findingsState(redis, prefix)),
    ...cvesPort(redis, key("cves")),

    async days(filter = "") {
      const all = Object.entries(await redis.hgetall(key("days")));
      const ours = all.filter(([field]) => field.slice(0, field.lastIndexOf("|")) === filter);
      return ours
        .map(([, text]) => {
          const { v: _, ...day } = JSON.parse(text) as DayCount & { v: 1 };
          return day;
        })
        .sort((a, b) => (a.slot < b.slot ? -1 : 1));
    },

    async fixedBefore(slot) {
      const slots = (await redis.zrange(key("fixings"), "0", "-1")).filter((one) => one < slot);
      const lists: Uint8Array[] = [];
      for (const one of slots) {
        const list = await redis.getBuffer(key(`fixed:${one}`));
        if (list && list[0] === fixedForm) lists.push(list.subarray(1));
      }
      return fixedMemory(lists);
    },

    async held() {
      const text = await redis.hget(key("state"), "held");
      if (!text) return undefined;
      const { v: _, ...held } = JSON.parse(text) as HeldScan & { v: 1 };
      return held;
    },

    async hold(scan) {
      await redis.hset(key("state"), "held", JSON.stringify({ v: 1, ...scan }));
    },

    async published() {
      return (await redis.hget(key("state"), "published")) ?? undefined;
    },

    async setPublished({ slot, days, fixed }) {
      const keys = [key("state"), key("days"), key(`fixed:${slot}`), key("fixings")];
      const fields = [...days].flatMap(([filter, day]) => [
        `${filter}|${slot}`,
        JSON.stringify({ v: 1, ...day }),
      ]);
      const bytes = fixed && fixed.length > 0 ? Buffer.concat([Buffer.from([fixedForm]), fixed]) : "";
      await redis.eval(
        publishedScript,
        keys.length,
        ...keys,
        slot,
        bytes,
        String(Date.parse(slot)),
        ...fields,
      );
    },

    async trim(now) {
      const first = oldest(now, days);
      const fields = await redis.hkeys(key("days"));
      const old = fields.filter((field) => field.slice(field.lastIndexOf("|") + 1) < first);
      if (old.length > 0) await redis.hdel(key("days"), ...old);
      for (const slot of await redis.zrangebyscore(key("fixings"), "-inf", String(Date.parse(first)))) {
        await redis.del(key(`fixed:${slot}`));
        await redis.zrem(key("fixings"), slot);
      }
    },
  };
}
