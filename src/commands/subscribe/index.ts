import { z } from "zod";
import { choice, flag, language, scope, severity, topic } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { type Preview, previewAlerts } from "../../domain/alerts/preview.ts";
import { filterName } from "../../domain/findings/digest/digest-filter.ts";
import type { DayCount } from "../../domain/findings/model/snapshot.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import { hasOption, type Topic, type TopicOption, topicOptions, topics } from "../../domain/topics.ts";
import { UserError } from "../../errors.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part } from "../../message/message.ts";
import { unmatchedParts } from "../../message/scope.ts";
import { changeableIds, lookUpIds } from "../../readings/channel-ids.ts";
import { assertReachable } from "../../readings/reachable.ts";
import { checkScopes } from "../../readings/scope.ts";
import type { DigestPreview } from "./digests-part.ts";
import { previewMessage } from "./preview-message.ts";
import { inFile, subscribedMessage, topicForm, withoutOption } from "./subscribed-message.ts";

const examples: Record<TopicOption, string> = {
  severity: "subscribe alerts --severity high",
  state: "subscribe alerts --state all",
  immediate: "subscribe rescan --immediate critical",
};

export default command({
  texts: {
    en: {
      summary: "Subscribe this channel to a topic",
      detail: "Subscribing again to a topic replaces its filters. A test message in the channel confirms it.",
    },
    ja: {
      summary: "このチャンネルでトピックを購読",
      detail:
        "同じトピックをもう一度購読すると、絞り込みが置き換わります。確認のテスト メッセージをチャンネルに投稿します。",
    },
  },
  examples: [
    "subscribe alerts",
    'subscribe alerts --severity high --scope "sub:*" --scope "cluster:aks-*"',
    "subscribe alerts --severity medium --preview",
    "subscribe alerts --state all",
    "subscribe rescan --severity high --immediate critical",
  ],
  arguments: z.object({
    topic: topic.optional(),
    severity: severity.optional(),
    scope: z.array(scope).default([]),
    immediate: severity.optional(),
    state: choice("STATE", ["all"]).optional(),
    language: language.optional(),
    preview: flag,
  }),
  positional: ["topic"],
  argumentTexts: {
    topic: {
      en: "What to receive; a form asks for it if you leave it out.",
      ja: "受信するトピック。省略すると選択画面を開きます。",
    },
    severity: { en: "This severity or higher.", ja: "この重大度以上。" },
    scope: {
      en: "Only this scope; repeat it for more.",
      ja: "この範囲だけ。複数指定すると合わせた範囲になります。",
    },
    immediate: {
      en: "With rescan: also posts newly pushed images with fixable findings of this severity or higher right away.",
      ja: "rescan のみ: プッシュ直後のイメージに、この重大度以上の修正可能な検出結果があれば、すぐに知らせます。",
    },
    state: {
      en: "With alerts: “all” also posts alerts that a suppression rule had dismissed before they arrived.",
      ja: "alerts のみ: all を指定すると、抑制ルールにより無視の状態で届いたアラートも投稿します。",
    },
    language: { en: "The language of what is posted.", ja: "投稿する言語。" },
    preview: {
      en: "Only shows what would have been sent in the last 7 days.",
      ja: "購読せずに、この条件で過去 7 日間に通知されていた件数を表示します。",
    },
  },
  access: "member",
  effect: {
    changes: { en: "What this channel receives", ja: "このチャンネルが受信する内容" },
    undo: { en: "unsubscribe TOPIC", ja: "unsubscribe TOPIC" },
    confirm: false,
  },
  audit: ({ topic, scope }) => ({
    verb: "subscribe",
    kind: "topic",
    ...(topic && { name: topic }),
    ...(scope.length > 0 && { place: scope.map(scopeText).join(", ") }),
  }),
  asks: ({ topic }) => topic === undefined,
  async run(args, ports, { caller, language, audit }) {
    const { topic, severity, scope, immediate, state, language: wanted, preview: onlyPreview } = args;
    const published = publishedTopics(ports.definitions.notifiers);
    // Before a form is filled in; a preview changes nothing.
    if (!onlyPreview) await assertReachable(caller, ports.chat);
    if (!topic) return { form: topicForm(published, caller.channel, language) };
    const wrong = topicOptions.find((option) => args[option] !== undefined && !hasOption(topic, option));
    if (wrong) throw new UserError(withoutOption(topic, wrong), examples[wrong]);
    const again = (scopes: string[]) =>
      commandLine(["subscribe", topic], { ...args, topic: undefined, scope: scopes });
    const warnings = unmatchedParts(await checkScopes(ports, scope, again), language);
    const now = ports.clock.now();
    const subscription: ChannelSubscription = {
      channel: caller.channel,
      topic,
      severity,
      scopes: scope,
      ...(immediate && { immediate }),
      ...(state && { state }),
      language: wanted,
      origin: "command",
      by: caller.person,
      at: now,
    };
    if (onlyPreview) {
      audit("no-change");
      const seen =
        topic === "rescan" ? await previewDigests(subscription, ports) : await preview(subscription, ports);
      return withWarnings(previewMessage(subscription, seen, language), warnings);
    }
    // The channel may have a subscription under an earlier id: both together would send everything twice.
    await lookUpIds(await changeableIds(ports.store), ports);
    const here = (await ports.store.subscriptions.list()).filter(
      (one) => one.channel === caller.channel && one.topic === topic,
    );
    if (here.some(({ origin }) => origin === "file")) throw new UserError(inFile(topic), "subscriptions");
    await ports.store.subscriptions.put(subscription);
    await ports.publish("test-message", [
      {
        channel: caller.channel,
        topic,
        by: caller.person,
        at: now,
        language: wanted ?? ports.settings.language,
      },
    ]);
    const silent = !published.includes(topic);
    return withWarnings(subscribedMessage(subscription, here[0], { language, silent }), warnings);
  },
});

function publishedTopics(notifiers: Ports["definitions"]["notifiers"]): Topic[] {
  const published = new Set([...notifiers.values()].map(({ topic }) => topic));
  return topics.filter((topic) => published.has(topic));
}

function withWarnings(message: Message, warnings: Part[]): Message {
  if (warnings.length === 0) return message;
  return { ...message, tone: "warning", parts: [...warnings, ...message.parts] };
}

const days = 7;

/** What the digests of the last seven days counted: with these filters where a channel has them, else of everything. */
async function previewDigests(
  subscription: ChannelSubscription,
  { store, clock }: Ports,
): Promise<DigestPreview> {
  const from = new Date(Date.parse(clock.now()) - days * 86_400_000).toISOString();
  const recent = (all: readonly DayCount[]) => all.filter(({ slot }) => slot >= from);
  const name = filterName([subscription]);
  const own = recent(await store.findings.days(name));
  if (own.length > 0 || name === "") return { days: own, whole: false };
  return { days: recent(await store.findings.days()), whole: true };
}

/** What the last seven days would have sent to the channel; undefined for topics that are not made of alerts. */
async function preview(subscription: ChannelSubscription, ports: Ports): Promise<Read<Preview> | undefined> {
  if (subscription.topic !== "alerts") return undefined;
  const read = await ports.readings.alerts();
  const until = ports.clock.now();
  const from = new Date(Date.parse(until) - days * 86_400_000).toISOString();
  const bundle = ports.definitions.notifiers.get("alert")?.bundle;
  const rule = {
    over: bundle?.over ?? Number.POSITIVE_INFINITY,
    withinSeconds: bundle?.again?.withinSeconds ?? 0,
  };
  return { ...read, value: previewAlerts(read.value, subscription, rule, { from, until }) };
}
