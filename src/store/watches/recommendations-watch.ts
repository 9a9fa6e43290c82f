/**
 * What the watch of recommendations knew at its last reading. Keys, below the prefix:
 *   recommendations   hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription
 * Retention: until no channel subscribes to the topic; a subscription that was not read for 120 days is forgotten.
 */
import { z } from "zod";
import { recommendationTypes } from "../../domain/recommendations/recommendation.ts";
import type { SeenSubscription } from "../../domain/recommendations/watch/watch-state.ts";
import { severities } from "../../domain/severity.ts";
import type {
  RecommendationsHead,
  RecommendationsWatchPort,
} from "../../ports/watches/recommendations-watch.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { markedHash } from "../marked-hash.ts";
import { count, format, time, words } from "../values/format-parts.ts";
import type { Values } from "../values/read.ts";

export const recommendationsWatchRetention = {
  en: "until no channel subscribes; not read: 120 days",
  ja: "購読するチャンネルがなくなるまで。読み取れない場合は 120 日",
};

const severity = z.enum(severities);
const headFormat = format<RecommendationsHead>("recommendations", {
  revision: count,
  slot: time,
  asOf: time,
  since: time.optional(),
  pending: z.boolean(),
  subscriptions: count,
  unread: z.array(z.looseObject({ id: z.string(), name: z.string(), why: z.string() })),
  unassessed: z.array(z.looseObject({ id: z.string(), name: z.string(), state: z.string() })),
  next: count,
  recommendations: z.record(
    z.string(),
    z.looseObject({
      key: z.string(),
      title: z.string(),
      type: z.enum(recommendationTypes),
      signs: words,
      before: z.string().optional(),
    }),
  ),
});
const subscriptionFormat = format<SeenSubscription>("recommendations", {
  name: z.string(),
  asOf: time,
  since: time.optional(),
  unassessed: z.literal(true).optional(),
  places: z.array(z.looseObject({})),
  rows: z.record(
    z.string(),
    z.looseObject({
      severity,
      was: severity.optional(),
      places: z.array(z.looseObject({ place: count, open: words, missing: words.optional() })),
    }),
  ),
});

export function recommendationsWatchPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
): RecommendationsWatchPort {
  const key = `${prefix}:recommendations`;
  const hash = markedHash(redis, prefix, key);
  return {
    async load() {
      const { mark, texts } = await hash.load();
      const { head: first, ...others } = texts;
      const head = await values.field(headFormat, key, "head", first);
      if (!head) return { mark, texts, ...(values.isNewer(headFormat, first) && { newer: true }) };
      const read = await values.fields(subscriptionFormat, key, others);
      const seen = Object.fromEntries([...read].map(([field, one]) => [field.slice("sub:".length), one]));
      return { mark, texts, state: { ...head, seen } };
    },

    async save(before, state) {
      if (before.newer) return undefined;
      const saved = await hash.save(before, state ? textsOf(state) : {});
      return saved && { ...saved, ...(state && { state }) };
    },
  };
}

function textsOf({ seen, ...head }: NonNullable<Parameters<RecommendationsWatchPort["save"]>[1]>) {
  const subscriptions = Object.entries(seen).map(([id, one]) => [
    `sub:${id}`,
    JSON.stringify({ v: 1, ...one }),
  ]);
  return Object.fromEntries([["head", JSON.stringify({ v: 1, ...head })], ...subscriptions]) as Record<
    string,
    string
  >;
}
