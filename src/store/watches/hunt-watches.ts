/**
 * The hunts that channels watch, and the rows that each had last. Keys, below the prefix:
 *   hunts      id → watch (hash, JSON { v, rev, watch })
 * Retention: until someone ends it.
 */
import { z } from "zod";
import { type HuntWatch, huntTroubles } from "../../domain/hunts/hunt-watch.ts";
import { scopeKinds } from "../../domain/scope/scope.ts";
import { severities } from "../../domain/severity.ts";
import type { ChannelIdsPort } from "../../ports/store.ts";
import type { HuntWatchesPort } from "../../ports/watches/hunt-watches.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { revisedHash } from "../revised-hash.ts";
import { count, format, time, words } from "../values/format-parts.ts";
import type { Values } from "../values/read.ts";

export const huntWatchesRetention = { en: "until the watch is ended", ja: "監視を終了するまで" };

const spoken = z.looseObject({ en: z.string(), ja: z.string() });
const watchFormat = format<{ rev: string; watch: HuntWatch }>("hunts", {
  rev: z.string(),
  watch: z.looseObject({
    id: z.string().min(1),
    revision: count,
    channel: z.string().min(1),
    hunt: z.string().min(1),
    scope: z.looseObject({ kind: z.enum(scopeKinds), pattern: z.string().min(1) }).optional(),
    cve: z.string().optional(),
    by: z.string(),
    at: time,
    about: z.looseObject({ severity: z.enum(severities), title: spoken, action: spoken }),
    read: time,
    rows: z.record(z.string(), z.looseObject({ name: z.string(), subscription: z.string() })),
    never: words,
    failures: count.optional(),
    trouble: z.enum(huntTroubles).optional(),
    pending: z.looseObject({ kind: z.string(), at: time, count }).optional(),
  }),
});

export function huntWatchesPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  ids: Pick<ChannelIdsPort, "latest">,
): HuntWatchesPort {
  const key = `${prefix}:hunts`;
  const stored = revisedHash<"watch", HuntWatch>(redis, key, values, { name: "watch", format: watchFormat });
  const named = async (watches: readonly HuntWatch[]) => {
    const latest = await ids.latest();
    return watches.map((watch) => ({ ...watch, channel: latest(watch.channel) }));
  };
  return {
    async list(channel) {
      const all = await named(await stored.all());
      return all
        .filter((watch) => channel === undefined || watch.channel === channel)
        .sort((a, b) => `${a.at} ${a.id}`.localeCompare(`${b.at} ${b.id}`));
    },

    async put(watch) {
      const { text } = await stored.read(watch.id);
      // Of two people who ask for the same at the same moment, one is enough.
      await stored.put(text ?? "", watch);
    },

    async change(id, change) {
      const changed = await stored.change(id, change);
      const [watch] = changed ? await named([changed.one]) : [];
      return changed && watch && { watch, changed: changed.changed };
    },

    async remove(gone) {
      if (gone.length > 0) await redis.hdel(key, ...gone);
    },
  };
}
