/**
 * What the watch of recommendations knew at its last reading. Keys, below the prefix:
 *   recommendations   hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription
 * Retention: until no channel subscribes to the topic; a subscription that was not read for 120 days is forgotten.
 */
import { z } from "zod";
import { recommendationTypes } from "../../domain/recommendations/recommendation.ts";
import type {
  RecommendationsWatch,
  SeenSubscription,
} from "../../domain/recommendations/watch/watch-state.ts";
import { severities } from "../../domain/severity.ts";
import type { WatchedStatePort } from "../../ports/watches/watched-state.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { count, format, time, words } from "../values/format-parts.ts";
import type { Values } from "../values/read.ts";
import { fieldsOf, versioned, watchedState } from "./watched-state.ts";

export const recommendationsWatchRetention = {
  en: "until no channel subscribes; not read: 120 days",
  ja: "購読するチャンネルがなくなるまで。読み取れない場合は 120 日",
};

/** Everything but the subscriptions: one whose value is lost is a new baseline. */
type RecommendationsHead = Omit<RecommendationsWatch, "seen">;

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
): WatchedStatePort<RecommendationsWatch> {
  const key = `${prefix}:recommendations`;
  return watchedState<RecommendationsWatch, RecommendationsHead>(redis, prefix, key, values, {
    head: headFormat,
    open: async (head, fields) => ({ ...head, seen: await fields(subscriptionFormat, "sub:") }),
    textsOf: ({ seen, ...head }) => ({ head: versioned(head), ...fieldsOf("sub:", seen, versioned) }),
  });
}
