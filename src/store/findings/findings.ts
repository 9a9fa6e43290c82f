/**
 * Findings: two snapshots, packed, and what digests keep. Keys, below the prefix:
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
import type { FindingsPort } from "../../ports/findings.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import { checked } from "../values/key-types.ts";
import type { Values } from "../values/read.ts";
import { oldest, usualRetention } from "../values/retention.ts";
import { keepNewer } from "../values/stored-value.ts";
import { cvesPort } from "./cves.ts";
import { newerForm } from "./pieces.ts";
import { snapshots } from "./snapshots.ts";
import { findingsState } from "./state.ts";

const publishedScript = `${keepNewer}
local last = redis.call('HGET', KEYS[1], 'published')
if last and last >= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'published', ARGV[1])
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[3], ARGV[2])
  redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
end
for i = 4, #ARGV, 2 do keepHash(KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1`;

const holdScript = `${keepNewer} keepHash(KEYS[1], 'held', ARGV[1]) return 1`;

/** Kept of what was fixed: the form in its first byte. */
const fixedForm = 1;

export function findingsPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  days = usualRetention.counts,
): FindingsPort {
  const key = (part: string) => `${prefix}:findings:${part}`;
  const published = async () =>
    values.field(formats.published, key("state"), "published", await redis.hget(key("state"), "published"));
  return {
    ...snapshots(findingsState(redis, prefix, values)),
    ...cvesPort(redis, key("cves"), values),

    async days(filter = "") {
      const all = await values.fields(formats.day, key("days"), await redis.hgetall(key("days")));
      const ours = [...all].filter(([field]) => field.slice(0, field.lastIndexOf("|")) === filter);
      return ours.map(([, day]) => day).sort((a, b) => (a.slot < b.slot ? -1 : 1));
    },

    async fixedBefore(slot) {
      const slots = (await redis.zrange(key("fixings"), "0", "-1")).filter((one) => one < slot);
      const lists: Uint8Array[] = [];
      for (const one of slots) {
        const at = key(`fixed:${one}`);
        const list = await redis.getBuffer(at);
        const newer = list && newerForm(list);
        if (newer) await values.note({ key: at, how: "item" }, newer, "findings");
        else if (list?.[0] === fixedForm) lists.push(list.subarray(1));
        else if (list)
          await values.move({ key: at, how: "key" }, list, "findings", "not a list of what was fixed");
      }
      return fixedMemory(lists);
    },

    async held() {
      return values.field(formats.held, key("state"), "held", await redis.hget(key("state"), "held"));
    },

    async hold(scan) {
      await redis.eval(holdScript, 1, key("state"), JSON.stringify({ v: 1, ...scan }));
    },

    published,

    async setPublished({ slot, days, fixed }) {
      const keys = [key("state"), key("days"), key(`fixed:${slot}`), key("fixings")];
      const fields = [...days].flatMap(([filter, day]) => [
        `${filter}|${slot}`,
        JSON.stringify({ v: 1, ...day }),
      ]);
      const bytes = fixed && fixed.length > 0 ? Buffer.concat([Buffer.from([fixedForm]), fixed]) : "";
      await redis.eval(
        checked(publishedScript, keys, prefix),
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
