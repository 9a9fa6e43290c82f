import { z } from "zod";
import { command } from "../definitions/command.ts";
import type { HuntWatch } from "../domain/hunts/hunt-watch.ts";
import type { ChannelSubscription, Mute } from "../domain/subscription.ts";
import { formatItems } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { endWatchButton, watchedSentence } from "../message/hunts/watched-hunt.ts";
import { commandLine } from "../message/line.ts";
import type { Message, Part } from "../message/message.ts";
import { keptOut, muteSentence, topicSentence } from "../message/subscription.ts";

const say = sentences({
  en: {
    some: "This channel receives {{topics}}",
    none: "This channel receives nothing yet",
    how: "Run {{line}} to start. {{preview}} shows what would have been sent in the last 7 days.",
    hunts_one: "{{count}} watched hunt",
    hunts_other: "{{count}} watched hunts",
    watched: "Watched hunts",
    muted: "Muted at the moment",
    end: "Unsubscribe {{topic}}",
    unmute: "End all mutes",
  },
  ja: {
    some: "このチャンネルの受信内容: {{topics}}",
    none: "このチャンネルはまだ何も受信していません",
    how: "{{line}} で購読を始められます。{{preview}} で、過去 7 日間に通知されていた件数を先に確認できます。",
    hunts_other: "監視中のハント {{count}} 件",
    watched: "監視中のハント",
    muted: "現在のミュート",
    end: "{{topic}} の購読を解除",
    unmute: "ミュートをすべて解除",
  },
});

export default command({
  texts: {
    en: { summary: "What this channel receives, which hunts it watches, and what is muted" },
    ja: { summary: "このチャンネルの受信内容、監視中のハント、ミュート" },
  },
  examples: ["subscriptions"],
  arguments: z.object({}),
  access: "anyone",
  effect: "none",
  quick: true,
  async run(_, { store, clock }, { caller, language }) {
    const [all, quiet, watched] = await Promise.all([
      store.subscriptions.list(),
      store.mutes.list(clock.now(), caller.channel),
      store.hunts.list(caller.channel),
    ]);
    const here = all.filter(({ channel }) => channel === caller.channel);
    const kept = await Promise.all(quiet.map(async ({ id }) => keptOut(await store.mutes.counts(id))));
    return subscriptionsMessage(
      here,
      quiet.map((mute, index) => ({ mute, kept: kept[index] ?? 0 })),
      watched,
      language,
    );
  },
});

function subscriptionsMessage(
  here: readonly ChannelSubscription[],
  quiet: readonly { mute: Mute; kept: number }[],
  watched: readonly HuntWatch[],
  language: Language,
): Message {
  const words = say(language);
  const topics = [...new Set(here.map(({ topic }) => topic))];
  const how: Part = {
    sentence: words.rich("how", {
      line: { code: "/defender subscribe alerts --severity medium" },
      preview: { code: "--preview" },
    }),
  };
  const ours = here.filter(({ origin }) => origin === "command");
  const actions = [
    ...ours.map(({ topic }) => ({
      label: words("end", { topic }),
      line: commandLine(["unsubscribe", topic]),
    })),
    ...watched.map((watch) => endWatchButton(watch, language)),
    ...(quiet.length > 0 ? [{ label: words("unmute"), line: "unmute" }] : []),
  ];
  const names = [...topics, ...(watched.length > 0 ? [words("hunts", { count: watched.length })] : [])];
  return {
    headline: names.length > 0 ? words("some", { topics: formatItems(names, language) }) : words("none"),
    parts: [
      ...(here.length > 0 ? [{ list: here.map((one) => topicSentence(one, language)) }] : [how]),
      ...(watched.length > 0
        ? [
            { sentence: { strong: words("watched") } },
            { list: watched.map((watch) => watchedSentence(watch, language)) },
          ]
        : []),
      ...(quiet.length > 0 ? [{ sentence: { strong: words("muted") } }] : []),
      ...(quiet.length > 0
        ? [{ list: quiet.map(({ mute, kept }) => muteSentence(mute, kept, language)) }]
        : []),
      ...(actions.length > 0 ? [{ actions }] : []),
    ],
  };
}
