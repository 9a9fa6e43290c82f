/**
 * What the coverage watch knew at its last reading. Keys, below the prefix:
 *   coverage        hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription, `open:ID` for each incident
 *   coverage:days   day → clusters by coverage, as the last reading of that day had them (hash, JSON)
 * Retention: a subscription and what is in it until it is deleted or was not read for 120 days; an incident until its end
 * is published, 120 days at most; figures of days as counts (35 days).
 */
import type { Incident, WatchedSubscription, WatchState } from "../../domain/coverage/watch/watch-state.ts";
import type { CoverageWatchPort, WatchHead } from "../../ports/watches/coverage-watch.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { markedHash, startingWith, withoutPrefix } from "../marked-hash.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { oldest } from "../values/retention.ts";
import { keepNewer } from "../values/stored-value.ts";

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
  const hash = markedHash(redis, prefix, key);
  return {
    async load() {
      const { mark, texts } = await hash.load();
      const head = await values.field(formats.watchHead, key, "head", texts.head);
      if (!head)
        return { mark, texts, ...(values.isNewer(formats.watchHead, texts.head) && { newer: true }) };
      const subscriptions = await values.fields(
        formats.watchedSubscription,
        key,
        startingWith(texts, "sub:"),
      );
      const incidents = await values.fields(formats.incident, key, startingWith(texts, "open:"));
      const { known, ...rest } = head;
      const state: WatchState = {
        ...rest,
        subscriptions: Object.fromEntries<WatchedSubscription>([
          ...known.map((id) => [id, { things: {} }] as const),
          ...withoutPrefix(subscriptions, "sub:"),
        ]),
        incidents: Object.fromEntries<Incident>(withoutPrefix(incidents, "open:")),
        pending: head.pending.filter((id) => incidents.has(`open:${id}`)),
      };
      return { mark, texts, state };
    },

    async save(before, state) {
      if (before.newer) return undefined;
      const saved = await hash.save(before, textsOf(state));
      return saved && { ...saved, state };
    },

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

function textsOf({ subscriptions, incidents, ...rest }: WatchState): Record<string, string> {
  const text = (value: object) => JSON.stringify({ v: 1, ...value });
  const head: WatchHead = { ...rest, known: Object.keys(subscriptions) };
  return {
    head: text(head),
    ...mapped("sub:", subscriptions, text),
    ...mapped("open:", incidents, text),
  };
}

function mapped<T extends object>(prefix: string, values: Record<string, T>, text: (value: T) => string) {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [`${prefix}${id}`, text(value)]));
}
