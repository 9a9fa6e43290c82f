import { z } from "zod";
import { topic } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { topics } from "../domain/topics.ts";
import { formatItems } from "../locales/format.ts";
import { sentences } from "../locales/sentences.ts";
import { watchedSentence } from "../message/hunts/watched-hunt.ts";
import { topicSentence } from "../message/subscription.ts";

const say = sentences({
  en: {
    done: "This channel no longer receives {{topics}}",
    hunts_one: "{{count}} watched hunt",
    hunts_other: "{{count}} watched hunts",
    nothing: "This channel had no such subscription; nothing was changed",
    file: "Set in breakwater.yaml, and to be removed there: {{topics}}.",
  },
  ja: {
    done: "このチャンネルは {{topics}} を受信しなくなりました",
    hunts_other: "監視中のハント {{count}} 件",
    nothing: "このチャンネルに該当する購読はありません。何も変更していません",
    file: "breakwater.yaml で設定されているため、そちらで削除してください: {{topics}}。",
  },
});

export default command({
  texts: {
    en: { summary: "Ends one subscription of this channel, or all of them including watched hunts" },
    ja: { summary: "このチャンネルの購読を 1 つ、またはすべて (監視中のハントを含む) 解除します" },
  },
  examples: ["unsubscribe alerts", "unsubscribe"],
  arguments: z.object({ topic: topic.optional() }),
  positional: ["topic"],
  argumentTexts: { topic: { en: "The topic. Default: all.", ja: "解除するトピック。省略するとすべて。" } },
  access: "member",
  effect: {
    changes: {
      en: "This channel no longer receives these notifications",
      ja: "このチャンネルに通知が届かなくなります",
    },
    undo: { en: "subscribe TOPIC", ja: "subscribe TOPIC" },
    confirm: true,
  },
  audit: ({ topic }) => ({ verb: "unsubscribe", kind: "topic", name: topic ?? topics.join(", ") }),
  quick: true,
  async run({ topic }, { store }, { caller, language, audit }) {
    const words = say(language);
    const removed = await store.subscriptions.remove(caller.channel, topic);
    const watched = topic ? [] : await store.hunts.list(caller.channel);
    await store.hunts.remove(watched.map(({ id }) => id));
    const left = (await store.subscriptions.list()).filter(
      (one) => one.channel === caller.channel && one.origin === "file" && (!topic || one.topic === topic),
    );
    const names = (some: { topic: string }[]) =>
      formatItems(
        some.map((one) => one.topic),
        language,
      );
    const list = removed.map((one) => topicSentence(one, language));
    const ended = [names(removed), watched.length > 0 ? words("hunts", { count: watched.length }) : ""];
    const topics = formatItems(ended.filter(Boolean), language);
    if (!topics) audit("no-change");
    return {
      headline: topics ? words("done", { topics }) : words("nothing"),
      parts: [
        ...(list.length > 0 ? [{ list }] : []),
        ...(watched.length > 0 ? [{ list: watched.map((watch) => watchedSentence(watch, language)) }] : []),
        ...(left.length > 0 ? [{ note: words("file", { topics: names(left) }) }] : []),
      ],
    };
  },
});
