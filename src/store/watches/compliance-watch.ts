/**
 * What the compliance watch knew at its last reading. Keys, below the prefix:
 *   compliance   hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription, `titles:STANDARD`,
 *                `days:FILTER` (figures of the last days; FILTER is empty for everything)
 * Retention: a subscription until it is deleted or was not read for 120 days; figures 35 days.
 */
import type { ComplianceState } from "../../domain/compliance/watch/state.ts";
import type { ComplianceWatchPort } from "../../ports/watches/compliance-watch.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { markedHash, startingWith, withoutPrefix } from "../marked-hash.ts";
import { complianceFormats as formats } from "../values/compliance-formats.ts";
import type { Values } from "../values/read.ts";

export const complianceWatchRetention = {
  en: "until deleted in Azure; not read: 120 days; figures 35 days",
  ja: "Azure で削除されるまで。読み取れない場合は 120 日。件数は 35 日",
};

export function complianceWatchPort(
  redis: RedisConnection,
  prefix: string,
  values: Values,
): ComplianceWatchPort {
  const key = `${prefix}:compliance`;
  const hash = markedHash(redis, prefix, key);
  return {
    async load() {
      const loaded = await hash.load();
      const { texts } = loaded;
      const head = await values.field(formats.head, key, "head", texts.head);
      if (!head) return { ...loaded, ...(values.isNewer(formats.head, texts.head) && { newer: true }) };
      const subscriptions = await values.fields(formats.subscription, key, startingWith(texts, "sub:"));
      const titles = await values.fields(formats.titles, key, startingWith(texts, "titles:"));
      const days = await values.fields(formats.days, key, startingWith(texts, "days:"));
      const state: ComplianceState = {
        ...head,
        subscriptions: Object.fromEntries(withoutPrefix(subscriptions, "sub:")),
        titles: mapped(withoutPrefix(titles, "titles:"), (one) => one.titles),
        days: mapped(withoutPrefix(days, "days:"), (one) => one.days),
      };
      return { ...loaded, state };
    },

    async save(before, state) {
      if (before.newer) return undefined;
      const saved = await hash.save(before, textsOf(state));
      return saved && { ...saved, state };
    },

    async days() {
      const text = (await redis.hget(key, "days:")) ?? undefined;
      return (await values.field(formats.days, key, "days:", text))?.days ?? [];
    },
  };
}

function textsOf({ subscriptions, titles, days, ...head }: ComplianceState): Record<string, string> {
  const text = (value: object) => JSON.stringify({ v: 1, ...value });
  return {
    head: text(head),
    ...prefixed("sub:", subscriptions, text),
    ...prefixed("titles:", titles, (one) => text({ titles: one })),
    ...prefixed("days:", days, (one) => text({ days: one })),
  };
}

function prefixed<T>(prefix: string, all: Record<string, T>, text: (value: T) => string) {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}${name}`, text(value)]));
}

function mapped<T, R>(all: [string, T][], of: (value: T) => R): Record<string, R> {
  return Object.fromEntries(all.map(([name, value]) => [name, of(value)]));
}
