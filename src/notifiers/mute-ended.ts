import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { scopeKinds } from "../domain/scope/scope.ts";
import { sentences } from "../locales/sentences.ts";
import { muteTarget } from "../message/subscription.ts";

const say = sentences({
  en: {
    headline_one: "Mute ended: {{count}} notification was muted",
    headline_other: "Mute ended: {{count}} notifications were muted",
    headline_zero: "Mute ended: nothing was muted",
    about: "{{what}}, from {{from}} to {{until}}, set by {{who}}",
    "ended-by": "unmuted by {{who}}",
    list: "Show alerts of that time",
  },
  ja: {
    headline_other: "ミュートが終了しました (ミュートした通知: {{count}} 件)",
    headline_zero: "ミュートが終了しました (ミュートした通知はありません)",
    about: "{{what}}、{{from}} から {{until}} まで、設定者 {{who}}",
    "ended-by": "{{who}} が解除",
    list: "この期間のアラートを表示",
  },
});

const event = z.object({
  id: z.string(),
  channel: z.string(),
  sort: z.string().optional(),
  /** Missing in events of an older version. */
  scopes: z.array(z.object({ kind: z.enum(scopeKinds), pattern: z.string() })).optional(),
  from: z.string(),
  until: z.string(),
  by: z.string(),
  /** Who unmuted; its time was over where it is missing. */
  endedBy: z.string().optional(),
  counts: z.record(z.string(), z.number()),
});
export type MuteEnded = z.infer<typeof event>;

export default notifier<MuteEnded>({
  texts: {
    en: { summary: "What was muted, when a mute ends" },
    ja: { summary: "ミュートの終了時に、ミュートした通知の件数をまとめて知らせる" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id }) => id,
  at: ({ until }) => until,
  render({ sort, scopes = [], from, until, by, endedBy, counts }, { language }) {
    const words = say(language);
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    const hours = Math.max(1, Math.ceil((Date.parse(until) - Date.parse(from)) / 3_600_000));
    return {
      headline: words("headline", { count: sum }),
      tone: "neutral",
      parts: [
        ...(sum > 0 ? [{ list: Object.entries(counts).map(([what, count]) => `${count} × ${what}`) }] : []),
        {
          note: [
            ...words.rich("about", {
              what: muteTarget({ sort, scopes }, language),
              from: { time: from },
              until: { time: until },
              who: { person: by },
            }),
            ...(endedBy ? [" · ", ...words.rich("ended-by", { who: { person: endedBy } })] : []),
          ],
        },
        ...(sum > 0
          ? [{ actions: [{ label: words("list"), line: `alerts --since ${hours}h --state all` }] }]
          : []),
      ],
    };
  },
});
