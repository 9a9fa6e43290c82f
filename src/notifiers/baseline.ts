import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { severities } from "../domain/severity.ts";
import { formatItems } from "../locales/format.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { severityCounts } from "../message/words.ts";

const say = sentences({
  en: {
    headline_one: "Alert notifications started: {{count}} existing alert isn't posted",
    headline_other: "Alert notifications started: {{count}} existing alerts aren't posted",
    none: "Alert notifications started: there are no existing alerts",
    active: "{{count}} of them are active: {{severities}}",
    subscriptions: "Subscriptions: {{names}}",
    more: "{{names}} and {{count}} more",
    list: "List active alerts",
  },
  ja: {
    headline_other: "アラートの通知を開始しました。既存のアラート {{count}} 件は投稿しません",
    none: "アラートの通知を開始しました。既存のアラートはありません",
    active: "うちアクティブ {{count}} 件: {{severities}}",
    subscriptions: "サブスクリプション: {{names}}",
    more: "{{names}} ほか {{count}} 件",
    list: "アクティブなアラートを一覧",
  },
});

const event = z.object({
  /** Made of the subscriptions that were read for the first time. */
  id: z.string(),
  at: z.string(),
  subscriptions: z.array(z.string()),
  alerts: z.number(),
  active: z.partialRecord(z.enum(severities), z.number()),
});
export type BaselineTaken = z.infer<typeof event>;

export default notifier<BaselineTaken>({
  texts: {
    en: { summary: "Alerts that existed before monitoring started, in one message" },
    ja: { summary: "監視開始時点で存在していたアラートの要約" },
  },
  topic: "alerts",
  event,
  filters: [],
  key: ({ id }) => id,
  at: ({ at }) => at,
  render({ subscriptions, alerts, active }, { language }): Message {
    const words = say(language);
    const sum = severities.reduce((total, severity) => total + (active[severity] ?? 0), 0);
    const names = formatItems(subscriptions.slice(0, 5), language);
    const more = subscriptions.length - 5;
    return {
      headline: alerts === 0 ? words("none") : words("headline", { count: alerts }),
      tone: "neutral",
      parts: [
        ...(sum > 0
          ? [{ sentence: words("active", { count: sum, severities: severityCounts(active, language) }) }]
          : []),
        { note: words("subscriptions", { names: more > 0 ? words("more", { names, count: more }) : names }) },
        ...(sum > 0 ? [{ actions: [{ label: words("list"), line: "alerts --since 90d" }] }] : []),
      ],
    };
  },
});
