import { z } from "zod";
import { changeAlert, showAlert } from "../alerts/change.ts";
import { readAlert } from "../alerts/read.ts";
import { choice, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { type Alert, type AlertAction, type AlertActor, stateAfter } from "../domain/alerts/alert.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { actorSentence } from "../message/alert.ts";
import { commandLine } from "../message/line.ts";
import type { Form, Inline, Message, Part } from "../message/message.ts";
import { stateWord } from "../message/words.ts";

const say = sentences({
  en: {
    done: "{{title}}: now {{state}}.",
    already: "{{title}} is {{state}} already; nothing was changed.",
    outside: "It was not changed through Breakwater: Azure does not say by whom.",
    posted_one: "Its message was updated.",
    posted_other: "Its {{count}} messages were updated.",
    "form-title": "Dismiss the alert",
    "form-intro": "Azure keeps no reason: Breakwater keeps yours, with the message and in the audit log.",
    reason: "Why is it dismissed?",
    submit: "Dismiss",
    cancel: "Cancel",
  },
  ja: {
    done: "{{title}}: {{state}} に変更しました。",
    already: "{{title}} はすでに {{state}} です。何も変更していません。",
    outside: "Breakwater を介さずに変更されたため、誰が変更したかは Azure からは分かりません。",
    posted_one: "該当するメッセージを更新しました。",
    posted_other: "該当するメッセージ {{count}} 件を更新しました。",
    "form-title": "アラートを無視",
    "form-intro": "理由は Azure には残りません。Breakwater がメッセージと監査ログに残します。",
    reason: "無視する理由",
    submit: "無視する",
    cancel: "キャンセル",
  },
});

export default command({
  texts: {
    en: { summary: "Changes the state of an alert in Azure; the buttons of an alert use it" },
    ja: { summary: "Azure のアラートの状態を変更します (アラートのボタンが使います)" },
  },
  examples: [
    "triage <alert> take",
    'triage <alert> dismiss --reason "A planned test"',
    "triage <alert> reopen",
  ],
  arguments: z.object({
    resource: text("RESOURCE", 1500),
    action: choice("ACTION", ["take", "resolve", "dismiss", "reopen"]),
    reason: text("REASON", 300).optional(),
  }),
  positional: ["resource", "action"],
  argumentTexts: {
    resource: { en: "The Azure resource id of the alert.", ja: "アラートの Azure リソース ID。" },
    action: { en: "What is done with it.", ja: "操作。" },
    reason: { en: "Why; asked for where an alert is dismissed.", ja: "理由。無視する場合は入力を求めます。" },
  },
  access: "operator",
  effect: {
    changes: { en: "Changes the state of an alert in Azure", ja: "Azure のアラートの状態を変更します" },
    undo: {
      en: "triage RESOURCE reopen, or the button Reopen",
      ja: "triage RESOURCE reopen、または再アクティブ化ボタン",
    },
    confirm: false,
  },
  hidden: true,
  async run({ resource, action, reason }, ports, { caller, language }) {
    if (action === "dismiss" && reason === undefined) return { form: reasonForm(resource, language) };
    const began = ports.clock.now();
    const alert = await readAlert(ports, resource);
    if (alert.state === stateAfter[action]) {
      const { actor } = await showAlert(alert, began, ports);
      return alreadyMessage(alert, actor, language);
    }
    const asked = { action, person: caller.person, reason };
    const { changed, actor, updated } = await changeAlert(alert, asked, ports);
    return doneMessage(changed, actor, updated, language);
  },
});

function reasonForm(resource: string, language: Language): Form {
  const words = say(language);
  return {
    title: words("form-title"),
    line: commandLine(["triage", resource, "dismiss" satisfies AlertAction]),
    intro: words("form-intro"),
    submit: words("submit"),
    cancel: words("cancel"),
    fields: [{ name: "reason", label: words("reason"), kind: "text", multiline: true, maxLength: 300 }],
  };
}

/** Says who was faster, where that was through the bot and the state is still the one that they set. */
function alreadyMessage(alert: Alert, actor: AlertActor | undefined, language: Language): Message {
  const words = say(language);
  const part: Part = actor ? { sentence: actorSentence(actor, language) } : { note: words("outside") };
  return {
    headline: words("already", { title: alert.title, state: stateWord(alert.state, language) }),
    parts: [part],
  };
}

function doneMessage(alert: Alert, actor: AlertActor, updated: number, language: Language): Message {
  const words = say(language);
  const sentence: Inline[] = actorSentence(actor, language);
  const note: Part[] = updated > 0 ? [{ note: words("posted", { count: updated }) }] : [];
  return {
    headline: words("done", { title: alert.title, state: stateWord(alert.state, language) }),
    tone: "good",
    parts: [{ sentence }, ...note],
  };
}
