import { randomBytes } from "node:crypto";
import { z } from "zod";
import { duration, scope, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { scopeText } from "../domain/scope.ts";
import type { Mute } from "../domain/subscription.ts";
import { formatDuration } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { commandLine } from "../message/line.ts";
import type { Form, Message } from "../message/message.ts";
import { muteSentence } from "../message/subscription.ts";

const say = sentences({
  en: {
    done: "Muted in this channel for {{time}}: {{what}}",
    all: "everything",
    later: "What is kept out is counted, and summed up here when the mute ends.",
    end: "End all mutes",
    title: "Mute",
    intro: "Such alerts stay out of this channel for a while.",
    for: "For how long?",
    submit: "Mute",
    cancel: "Cancel",
  },
  ja: {
    done: "このチャンネルで {{time}}ミュートしました: {{what}}",
    all: "すべて",
    later: "抑止した通知は数えておき、ミュートの終了時にここでまとめて知らせます。",
    end: "ミュートをすべて解除",
    title: "ミュート",
    intro: "該当するアラートを、しばらくこのチャンネルに投稿しません。",
    for: "期間",
    submit: "ミュートする",
    cancel: "キャンセル",
  },
});

export default command({
  texts: {
    en: {
      summary: "Keeps such alerts out of this channel for a while",
      detail: "What is kept out is counted, and summed up in the channel when the mute ends.",
    },
    ja: {
      summary: "該当するアラートを、しばらくこのチャンネルに投稿しません",
      detail: "抑止した通知は数えておき、終了時にチャンネルでまとめて知らせます。",
    },
  },
  examples: [
    "mute K8S.NODE_ImdsCall --for 4h",
    'mute "*Crypto*" --scope cluster:aks-dev --for 1d',
    "mute --for 30m",
  ],
  arguments: z.object({
    alertType: text("ALERT-TYPE", 200).optional(),
    scope: z.array(scope).default([]),
    for: duration.optional(),
  }),
  positional: ["alertType"],
  argumentTexts: {
    alertType: {
      en: "The type or title of the alert, or a glob; none is everything.",
      ja: "アラートの種類または名前 (ワイルドカード可)。省略するとすべて。",
    },
    scope: { en: "Only from there.", ja: "この範囲だけ。" },
    for: { en: "How long; asked for where it is missing.", ja: "期間。省略すると入力を求めます。" },
  },
  access: "operator",
  effect: {
    changes: {
      en: "Alerts stay out of this channel for a while",
      ja: "このチャンネルへのアラートをしばらく止めます",
    },
    undo: { en: "unmute", ja: "unmute" },
    confirm: false,
  },
  async run({ alertType, scope: scopes, for: length }, { store, clock }, { caller, language }) {
    if (length === undefined) return { form: lengthForm(alertType, scopes.map(scopeText), language) };
    const now = clock.now();
    const mute: Mute = {
      id: randomBytes(4).toString("hex"),
      channel: caller.channel,
      sort: alertType,
      scopes,
      from: now,
      until: new Date(Date.parse(now) + length).toISOString(),
      by: caller.person,
    };
    await store.mutes.put(mute);
    return mutedMessage(mute, length, language);
  },
});

function mutedMessage(mute: Mute, length: number, language: Language): Message {
  const words = say(language);
  const what = mute.sort ?? words("all");
  return {
    headline: words("done", { time: formatDuration(length, language), what }),
    parts: [
      { sentence: muteSentence(mute, 0, language) },
      { note: words("later") },
      { actions: [{ label: words("end"), line: "unmute" }] },
    ],
  };
}

function lengthForm(alertType: string | undefined, scope: string[], language: Language): Form {
  const words = say(language);
  const bare = ["mute", ...(alertType ? [alertType] : [])];
  const lengths = ["30m", "1h", "4h", "1d", "7d"];
  const hours: Record<string, number> = { "30m": 0.5, "1h": 1, "4h": 4, "1d": 24, "7d": 168 };
  return {
    title: words("title"),
    line: commandLine(bare, { scope }),
    intro: words("intro"),
    submit: words("submit"),
    cancel: words("cancel"),
    fields: [
      {
        name: "for",
        label: words("for"),
        kind: "choice",
        options: lengths.map((value) => ({
          label: formatDuration(hours[value]! * 3_600_000, language),
          value,
        })),
      },
    ],
  };
}
