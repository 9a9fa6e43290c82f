import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { topics } from "../domain/topics.ts";
import { sentences } from "../locales/sentences.ts";

const say = sentences({
  en: {
    headline: "Test message: this channel now receives {{topic}}",
    by: "Subscribed by {{who}}, {{when}}. If you can read this, Breakwater can post to this channel.",
    show: "Show subscriptions",
    end: "Unsubscribe",
  },
  ja: {
    headline: "テスト メッセージ: このチャンネルは今後 {{topic}} を受信します",
    by: "{{who}} が {{when}} に購読しました。このメッセージが見えていれば、Breakwater からこのチャンネルへの経路は正常です。",
    show: "購読を表示",
    end: "購読を解除",
  },
});

const event = z.object({
  channel: z.string(),
  topic: z.enum(topics),
  by: z.string(),
  at: z.string(),
  language: z.enum(["en", "ja"]).optional(),
});
export type SubscriptionMade = z.infer<typeof event>;

export default notifier<SubscriptionMade>({
  texts: {
    en: { summary: "A subscription confirms itself with a test message" },
    ja: { summary: "購読の確認用テスト メッセージ" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ channel, topic, at }) => `${channel}|${topic}|${at}`,
  at: ({ at }) => at,
  render({ topic, by, at, language: asked }, { language }) {
    const words = say(asked ?? language);
    return {
      headline: words("headline", { topic }),
      tone: "good",
      parts: [
        { sentence: words.rich("by", { who: { person: by }, when: { time: at } }) },
        {
          actions: [
            { label: words("show"), line: "subscriptions" },
            { label: words("end"), line: `unsubscribe ${topic}` },
          ],
        },
      ],
    };
  },
});
