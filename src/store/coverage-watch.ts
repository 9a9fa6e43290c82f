/**
 * What the coverage watch knew at its last reading. Keys, below the prefix:
 *   coverage   hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription, `open:ID` for each incident
 * Retention: a subscription and what is in it until it is deleted or was not read for 120 days; an incident until its end
 * is published, 120 days at most.
 */
import type { Incident, WatchedSubscription, WatchState } from "../domain/coverage/watch/watch-state.ts";
import type { CoverageWatchPort, WatchHead } from "../ports/coverage-watch.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { markedHash, startingWith, withoutPrefix } from "./marked-hash.ts";
import { formats } from "./values/formats.ts";
import type { Values } from "./values/read.ts";

export const coverageWatchRetention = {
  en: "until deleted in Azure; not read: 120 days",
  ja: "Azure で削除されるまで。読み取れない場合は 120 日",
};

export function coverageWatchPort(redis: RedisConnection, prefix: string, values: Values): CoverageWatchPort {
  const key = `${prefix}:coverage`;
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
  };
}

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
