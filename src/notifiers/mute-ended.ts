import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { sentences } from "../locales/sentences.ts";

const say = sentences({
  en: {
    headline_one: "A mute ended: it kept {{count}} notification out of this channel",
    headline_other: "A mute ended: it kept {{count}} notifications out of this channel",
    headline_zero: "A mute ended: it kept nothing out of this channel",
    about: "{{what}}, from {{from}} to {{until}}, set by {{who}}",
    everything: "everything",
    list: "Show alerts of that time",
  },
  ja: {
    headline_one: "ミュートが終了しました。このチャンネルへの通知 {{count}} 件を抑止しました",
    headline_other: "ミュートが終了しました。このチャンネルへの通知 {{count}} 件を抑止しました",
    headline_zero: "ミュートが終了しました。抑止した通知はありません",
    about: "{{what}}、{{from}} から {{until}} まで、設定者 {{who}}",
    everything: "すべて",
    list: "この期間のアラートを表示",
  },
});

const event = z.object({
  id: z.string(),
  channel: z.string(),
  sort: z.string().optional(),
  from: z.string(),
  until: z.string(),
  by: z.string(),
  counts: z.record(z.string(), z.number()),
});
export type MuteEnded = z.infer<typeof event>;

export default notifier<MuteEnded>({
  texts: {
    en: { summary: "What a mute kept out, when it ends" },
    ja: { summary: "ミュート終了時に、抑止した通知の件数をまとめて知らせる" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id }) => id,
  at: ({ until }) => until,
  render({ sort, from, until, by, counts }, { language }) {
    const words = say(language);
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    const hours = Math.max(1, Math.ceil((Date.parse(until) - Date.parse(from)) / 3_600_000));
    return {
      headline: words("headline", { count: sum }),
      tone: "neutral",
      parts: [
        ...(sum > 0
          ? [
              {
                list: Object.entries(counts).map(
                  ([what, count]) => `${count} × ${what || words("everything")}`,
                ),
              },
            ]
          : []),
        {
          note: words.rich("about", {
            what: sort ?? words("everything"),
            from: { time: from },
            until: { time: until },
            who: { person: by },
          }),
        },
        ...(sum > 0
          ? [{ actions: [{ label: words("list"), line: `alerts --since ${hours}h --state all` }] }]
          : []),
      ],
    };
  },
});
