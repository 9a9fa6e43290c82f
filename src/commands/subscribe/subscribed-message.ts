import { severities } from "../../domain/severity.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import { hasOption, type Topic, type TopicOption, topics } from "../../domain/topics.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Form, Message, Part } from "../../message/message.ts";
import { subscriptionSentence } from "../../message/subscription.ts";
import { severityWord } from "../../message/words.ts";
import { isDirectMessage } from "../../text/direct-message.ts";

const say = sentences({
  en: {
    done: "This channel now receives {{topic}}",
    "done-direct": "You now receive {{topic}} in your direct messages with Breakwater",
    before: "Before: ",
    test: "A test message follows.",
    silent:
      "This version posts nothing for {{topic}} yet. The subscription takes effect with a version that does.",
    end: "Unsubscribe",
    all: "Show subscriptions",
    file: "This channel's subscription to {{topic}} is set in breakwater.yaml. Change it there.",
    option: "--{{option}} works only with {{topics}}, not with {{topic}}.",
    title: "Subscribe",
    intro: "Choose what this channel receives.",
    "intro-direct":
      "Choose what you receive here, in your direct messages with Breakwater. To subscribe a channel, type /defender subscribe in it.",
    topic: "Topic",
    severity: "Minimum severity",
    submit: "Subscribe",
    cancel: "Cancel",
  },
  ja: {
    done: "このチャンネルは今後 {{topic}} を受信します",
    "done-direct": "今後、{{topic}} を Breakwater とのダイレクト メッセージで受信します",
    before: "変更前: ",
    test: "続いて、確認のテスト メッセージを投稿します。",
    silent: "このバージョンには {{topic}} の通知がまだありません。対応したバージョンから届きます。",
    end: "購読を解除",
    all: "購読を表示",
    file: "このチャンネルの {{topic}} は breakwater.yaml で設定されています。そちらを変更してください。",
    option: "--{{option}} は {{topic}} ではなく {{topics}} と一緒に指定してください。",
    title: "購読",
    intro: "このチャンネルで受信する内容を選びます。",
    "intro-direct":
      "Breakwater とのダイレクト メッセージで受信する内容を選びます。チャンネルで受信するには、そのチャンネルで /defender subscribe と入力してください。",
    topic: "トピック",
    severity: "最小の重大度",
    submit: "購読する",
    cancel: "キャンセル",
  },
});

/** Says what the channel receives now, and what before where that was replaced; `silent`: no notifier has this topic. */
export function subscribedMessage(
  now: ChannelSubscription,
  before: ChannelSubscription | undefined,
  { language, silent }: { language: Language; silent: boolean },
): Message {
  const words = say(language);
  const changed: Part[] = before
    ? [{ note: [words("before"), ...subscriptionSentence(before, language)] }]
    : [];
  return {
    headline: words(isDirectMessage(now.channel) ? "done-direct" : "done", { topic: now.topic }),
    tone: "good",
    parts: [
      { sentence: subscriptionSentence(now, language) },
      ...changed,
      ...(silent ? [{ note: words("silent", { topic: now.topic }) }] : []),
      { note: words("test") },
      {
        actions: [
          { label: words("all"), line: "subscriptions" },
          { label: words("end"), line: commandLine(["unsubscribe", now.topic]) },
        ],
      },
    ],
  };
}

/** The refusal where the configuration file has the last word. */
export function inFile(topic: Topic): { en: string; ja: string } {
  return { en: say("en")("file", { topic }), ja: say("ja")("file", { topic }) };
}

/** The refusal of an option that the topic doesn't have. */
export function withoutOption(topic: Topic, option: TopicOption): { en: string; ja: string } {
  const having = topics.filter((one) => hasOption(one, option));
  const said = (language: Language) =>
    say(language)("option", { option, topic, topics: formatItems(having, language) });
  return { en: said("en"), ja: said("ja") };
}

/** @param published topics that something publishes */
export function topicForm(published: readonly Topic[], channel: string, language: Language): Form {
  const words = say(language);
  return {
    title: words("title"),
    line: "subscribe",
    intro: words(isDirectMessage(channel) ? "intro-direct" : "intro"),
    submit: words("submit"),
    cancel: words("cancel"),
    fields: [
      {
        name: "topic",
        label: words("topic"),
        kind: "choice",
        options: published.map((topic) => ({ label: topic, value: topic })),
      },
      {
        name: "severity",
        label: words("severity"),
        kind: "choice",
        optional: true,
        options: severities
          .filter((severity) => severity !== "unknown")
          .map((severity) => ({ label: severityWord(severity, language), value: severity })),
      },
    ],
  };
}
