/**
 * What the compliance watch knew at its last reading. Keys, below the prefix:
 *   compliance   hash: `mark` (changes with each write), `head`, `sub:ID` for each subscription, `titles:STANDARD`,
 *                `days:FILTER` (figures of the last days; FILTER is empty for everything)
 * Retention: a subscription until it is deleted or was not read for 120 days; figures 35 days.
 */
import type { ComplianceState } from "../../domain/compliance/watch/state.ts";
import type { ComplianceWatchPort } from "../../ports/watches/compliance-watch.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { complianceFormats as formats } from "../values/compliance-formats.ts";
import type { Values } from "../values/read.ts";
import { fieldsOf, versioned, watchedState } from "./watched-state.ts";

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
  return {
    ...watchedState<ComplianceState, ComplianceHead>(redis, prefix, key, values, {
      head: formats.head,
      async open(head, fields) {
        const titles = await fields(formats.titles, "titles:");
        const days = await fields(formats.days, "days:");
        return {
          ...head,
          subscriptions: await fields(formats.subscription, "sub:"),
          titles: mapped(titles, (one) => one.titles),
          days: mapped(days, (one) => one.days),
        };
      },
      textsOf: ({ subscriptions, titles, days, ...head }) => ({
        head: versioned(head),
        ...fieldsOf("sub:", subscriptions, versioned),
        ...fieldsOf("titles:", titles, (one) => versioned({ titles: one })),
        ...fieldsOf("days:", days, (one) => versioned({ days: one })),
      }),
    }),

    async days() {
      const text = (await redis.hget(key, "days:")) ?? undefined;
      return (await values.field(formats.days, key, "days:", text))?.days ?? [];
    },
  };
}

type ComplianceHead = Omit<ComplianceState, "subscriptions" | "titles" | "days">;

function mapped<T, R>(all: Record<string, T>, of: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, of(value)]));
}
