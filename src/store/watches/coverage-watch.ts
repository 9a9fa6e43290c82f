/**
 * What the coverage watch knew at its last reading. Keys, below the prefix:
 *   coverage        hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription, `open:ID` for each incident
 *   coverage:days   day → clusters by coverage, as the last reading of that day had them (hash, JSON)
 * Retention: a subscription and what is in it until it is deleted or was not read for 120 days; an incident until its end
 * is published, 120 days at most; figures of days as counts (35 days).
 */
import type { WatchState } from "../../domain/coverage/watch/watch-state.ts";
import type { CoverageWatchPort } from "../../ports/watches/coverage-watch.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats, type WatchHead } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { oldest } from "../values/retention.ts";
import { keepNewer } from "../values/stored-value.ts";
import { fieldsOf, versioned, watchedState } from "./watched-state.ts";

export const coverageWatchRetention = {
  en: "until deleted in Azure; not read: 120 days; figures of days as counts",
  ja: "Azure で削除されるまで。読み取れない場合は 120 日。日ごとの件数は件数の保持期間",
};

export function coverageWatchPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
  keptDays: number,
): CoverageWatchPort {
  const key = `${prefix}:coverage`;
  const figures = `${key}:days`;
  return {
    ...watchedState<WatchState, WatchHead>(redis, prefix, key, values, {
      head: formats.watchHead,
      async open({ known, ...head }, fields) {
        const incidents = await fields(formats.incident, "open:");
        const empty = Object.fromEntries(known.map((id) => [id, { things: {} }]));
        const subscriptions = { ...empty, ...(await fields(formats.watchedSubscription, "sub:")) };
        const pending = head.pending.filter((id) => Object.hasOwn(incidents, id));
        return { ...head, subscriptions, incidents, pending };
      },
      textsOf: ({ subscriptions, incidents, ...rest }) => ({
        head: versioned({ ...rest, known: Object.keys(subscriptions) } satisfies WatchHead),
        ...fieldsOf("sub:", subscriptions, versioned),
        ...fieldsOf("open:", incidents, versioned),
      }),
    }),

    async days() {
      const days = await values.fields(formats.dayCoverage, figures, await redis.hgetall(figures));
      return [...days].map(([day, rest]) => ({ day, ...rest })).sort((a, b) => (a.day < b.day ? -1 : 1));
    },

    async noteDay({ day, ...rest }) {
      const oldestDay = oldest(`${day}T00:00:00Z`, keptDays).slice(0, 10);
      await redis.eval(noteScript, 1, figures, day, JSON.stringify({ v: 1, ...rest }), oldestDay);
    },
  };
}

const noteScript = `${keepNewer}
keepHash(KEYS[1], ARGV[1], ARGV[2])
for _, day in ipairs(redis.call('HKEYS', KEYS[1])) do
  if day < ARGV[3] then redis.call('HDEL', KEYS[1], day) end
end
return 1`;
