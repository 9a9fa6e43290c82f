import type { Preview } from "../../domain/alerts/preview.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { subscriptionSentence } from "../../message/subscription.ts";
import { type DigestPreview, digestsHeadline, digestsParts } from "./digests-part.ts";

const say = sentences({
  en: {
    // `count` is the number of messages; the bursts have a sentence part of their own.
    sent_one: "This would have sent {{count}} message in the last 7 days{{bursts}}",
    sent_other: "This would have sent {{count}} messages in the last 7 days{{bursts}}",
    nothing: "This would have sent nothing in the last 7 days",
    bursts_one: " ({{count}} is a roll-up of a burst)",
    bursts_other: " ({{count}} are roll-ups of bursts)",
    alerts_one: "{{count}} alert matches.",
    alerts_other: "{{count}} alerts match.",
    joined_one: "{{count}} of them would have been added to an existing message.",
    joined_other: "{{count}} of them would have been added to existing messages.",
    scheduled: "No preview for {{topic}}: there's no history to build it from.",
    unchanged: "Nothing has been changed.",
    go: "Subscribe with these filters",
  },
  ja: {
    sent_other: "この条件では、過去 7 日間に {{count}} 件が通知されていました{{bursts}}",
    nothing: "この条件では、過去 7 日間の通知はありませんでした",
    bursts_other: " (うち {{count}} 件は多発をまとめたもの)",
    alerts_other: "該当するアラートは {{count}} 件です。",
    joined_other: "うち {{count}} 件は既存のメッセージにまとめられます。",
    scheduled: "{{topic}} のプレビューはありません (元になる記録がないため)。",
    unchanged: "何も変更していません。",
    go: "この条件で購読",
  },
});

/** The answer of `subscribe --preview`; its button makes the subscription. */
export function previewMessage(
  subscription: ChannelSubscription,
  read: Read<Preview> | DigestPreview | undefined,
  language: Language,
): Message {
  const words = say(language);
  const { topic, severity, scopes, immediate, state, language: wanted } = subscription;
  const line = commandLine(["subscribe", topic], {
    severity,
    scope: scopes.map(scopeText),
    immediate,
    state,
    language: wanted,
  });
  const end: Message["parts"] = [{ actions: [{ label: words("go"), line }] }, { note: words("unchanged") }];
  if (!read) return { headline: words("scheduled", { topic }), parts: end };
  if ("days" in read) {
    const said = { sentence: subscriptionSentence({ ...subscription, by: undefined }, language) };
    const headline = digestsHeadline(read, language);
    return { headline, parts: [said, ...digestsParts(read, subscription, language), ...end] };
  }
  const { alerts, messages, bursts, joined } = read.value;
  const said = bursts > 0 ? words("bursts", { count: bursts }) : "";
  return {
    headline: `${messages > 0 ? words("sent", { count: messages, bursts: said }) : words("nothing")}${partly(read, language)}`,
    parts: [
      { sentence: subscriptionSentence({ ...subscription, by: undefined }, language) },
      ...(alerts > 0 ? [{ sentence: words("alerts", { count: alerts }) }] : []),
      ...(joined > 0 ? [{ sentence: words("joined", { count: joined }) }] : []),
      ...end,
      ...asOf(read, language),
    ],
  };
}
