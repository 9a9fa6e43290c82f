import { randomBytes } from "node:crypto";
import { z } from "zod";
import { duration, scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { UnmatchedScope } from "../../domain/scope/scope-match.ts";
import type { Mute } from "../../domain/subscription.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { unmatchedParts } from "../../message/scope.ts";
import { muteSentence, muteTarget } from "../../message/subscription.ts";
import { assertReachable } from "../../readings/reachable.ts";
import { checkMuteScopes, whyConfirm } from "./coverage.ts";
import { muteForm } from "./mute-form.ts";

const say = sentences({
  en: {
    done: "Muted in this channel for {{time}}: {{what}}",
    later:
      "The channel sees who muted what. Muted alerts are counted, and summarized here when the mute ends.",
    end: "Unmute",
  },
  ja: {
    done: "このチャンネルで {{time}}ミュートしました: {{what}}",
    later:
      "誰が何をミュートしたかはチャンネルに表示されます。ミュートしたアラートは件数を数え、終了時にここでまとめて通知します。",
    end: "ミュートを解除",
  },
});

export default command({
  texts: {
    en: {
      summary: "Mutes alerts in this channel for a limited time",
      detail:
        "The channel sees who muted what, with an Unmute button. Muted alerts are counted, and summarized in the channel when the mute ends. A mute that covers everything or High alerts asks for confirmation.",
    },
    ja: {
      summary: "このチャンネルへのアラートを一定時間ミュートします",
      detail:
        "誰が何をミュートしたかを、解除ボタンとともにチャンネルに表示します。ミュートしたアラートは件数を数え、終了時にチャンネルでまとめて通知します。すべて、または「高」のアラートが対象になる場合は、実行前に確認します。",
    },
  },
  examples: [
    "mute K8S.NODE_ImdsCall --for 4h",
    'mute "*Crypto*" --scope cluster:aks-demo --for 1d',
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
      en: "The type or title of the alert, or a glob. Default: everything.",
      ja: "アラートの種類または名前 (ワイルドカード可)。省略するとすべて。",
    },
    scope: { en: "Only alerts from there.", ja: "この範囲だけ。" },
    for: { en: "How long. If omitted, a form asks for it.", ja: "期間。省略すると入力画面を開きます。" },
  },
  access: "operator",
  effect: {
    changes: {
      en: "Alerts are muted in this channel for a limited time",
      ja: "このチャンネルへのアラートを一定時間止めます",
    },
    undo: { en: "unmute", ja: "unmute" },
    confirm: false,
  },
  audit: ({ alertType, scope: scopes }) => ({
    verb: "mute",
    kind: "alerts",
    ...(alertType && { name: alertType }),
    ...(scopes.length > 0 && { place: scopes.map(scopeText).join(", ") }),
  }),
  asks: (args) => args.for === undefined,
  async confirms(args, ports, caller) {
    await assertReachable(caller, ports.chat);
    return whyConfirm(args, ports);
  },
  async run(args, ports, { caller, language }) {
    const { alertType, scope: scopes, for: length } = args;
    const { store, publish, clock } = ports;
    if (length === undefined) return { form: muteForm(alertType, scopes, language) };
    // Again: since the question whether to confirm, minutes may have gone by.
    const unmatched = await checkMuteScopes(args, ports);
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
    // Announced first: every mute in force is visible in its channel.
    await publish("muted", [mute]);
    await store.mutes.put(mute);
    return mutedMessage(mute, length, unmatched, language);
  },
});

function mutedMessage(
  mute: Mute,
  length: number,
  unmatched: readonly UnmatchedScope[],
  language: Language,
): Message {
  const words = say(language);
  const time = formatDuration(length, language);
  return {
    headline: words("done", { time, what: muteTarget(mute, language) }),
    ...(unmatched.length > 0 && { tone: "warning" }),
    parts: [
      ...unmatchedParts(unmatched, language),
      { sentence: muteSentence(mute, 0, language) },
      { note: words("later") },
      { actions: [{ label: words("end"), line: commandLine(["unmute", mute.id]) }] },
    ],
  };
}
