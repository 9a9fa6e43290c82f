import { z } from "zod";
import { changeAlert, showAlert } from "../alerts/change.ts";
import { readAlert } from "../alerts/read.ts";
import { choice, flag, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { type Alert, type AlertActor, stateAfter } from "../domain/alerts/alert.ts";
import type { AuditedAction, AuditVerb } from "../domain/audit.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { actorSentence } from "../message/alerts/alert.ts";
import { commandLine } from "../message/line.ts";
import type { Form, Inline, Message, Part } from "../message/message.ts";
import { stateWord } from "../message/words.ts";

const say = sentences({
  en: {
    done: "{{title}} is now {{state}}.",
    already: "{{title}} is already {{state}}. Nothing was changed.",
    outside: "Changed outside Slack (portal or another tool).",
    posted_one: "Its message was updated.",
    posted_other: "Its {{count}} messages were updated.",
    "title-dismiss": "Dismiss the alert",
    "title-resolve": "Resolve the alert",
    intro: "Azure stores no reason. Breakwater shows yours on the message and keeps it in the audit log.",
    "reason-dismiss": "Why is it dismissed?",
    "reason-resolve": "How was it resolved?",
    dismiss: "Dismiss",
    resolve: "Resolve",
    cancel: "Cancel",
  },
  ja: {
    done: "{{title}}: 「{{state}}」に変更しました。",
    already: "{{title}} はすでに {{state}} です。何も変更していません。",
    outside: "Slack 以外 (ポータルなど) で変更されました。",
    posted_other: "該当するメッセージ {{count}} 件を更新しました。",
    "title-dismiss": "アラートを無視",
    "title-resolve": "アラートを解決",
    intro: "理由は Azure には残りません。Breakwater がメッセージに表示し、監査ログに残します。",
    "reason-dismiss": "無視する理由",
    "reason-resolve": "解決の内容",
    dismiss: "無視する",
    resolve: "解決する",
    cancel: "キャンセル",
  },
});

const verbs = { take: "acknowledge", resolve: "resolve", dismiss: "dismiss", reopen: "reopen" } as const;

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
    sure: flag,
  }),
  positional: ["resource", "action"],
  argumentTexts: {
    resource: { en: "The Azure resource id of the alert.", ja: "アラートの Azure リソース ID。" },
    action: { en: "What is done with it.", ja: "操作。" },
    reason: { en: "Why. Required to dismiss an alert.", ja: "理由。無視する場合は必須です。" },
    sure: { en: "Resolves without asking for a reason.", ja: "理由を確認せずに解決します。" },
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
  audit: ({ action }) => ({ verb: verbs[action], kind: "alert" }),
  hidden: true,
  asks: (args) => closingUnasked(args) !== undefined,
  async run({ resource, action, reason, sure }, ports, { caller, language, audit }) {
    const closes = closingUnasked({ action, reason, sure });
    if (closes) return { form: reasonForm(resource, closes, language) };
    const began = ports.clock.now();
    const alert = await readAlert(ports, resource);
    if (alert.state === stateAfter[action]) {
      audit(auditedAlert("no-change", alert));
      const { actor } = await showAlert(alert, began, ports);
      return alreadyMessage(alert, actor, language);
    }
    audit(auditedAlert(verbs[action], alert));
    const asked = { action, person: caller.person, reason };
    const { changed, actor, updated } = await changeAlert(alert, asked, ports);
    return doneMessage(changed, actor, updated, language);
  },
});

function auditedAlert(verb: AuditVerb, { title, place }: Alert): AuditedAction {
  const { cluster, registry, resourceGroup, subscription } = place;
  const where = cluster ?? registry ?? resourceGroup ?? subscription.name;
  return { verb, kind: "alert", name: title, place: where };
}

/** What would close the alert without a word on why. */
function closingUnasked(args: { action: string; reason?: string; sure: boolean }) {
  const { action, reason, sure } = args;
  if (reason !== undefined) return undefined;
  return action === "dismiss" || (action === "resolve" && !sure) ? action : undefined;
}

/** What closes an alert is confirmed by a form, which also takes the reason. */
function reasonForm(resource: string, action: "dismiss" | "resolve", language: Language): Form {
  const words = say(language);
  const optional = action === "resolve";
  return {
    title: words(`title-${action}`),
    line: commandLine(["triage", resource, action], { sure: optional }),
    intro: words("intro"),
    submit: words(action),
    cancel: words("cancel"),
    fields: [
      {
        ...{ name: "reason", label: words(`reason-${action}`), kind: "text" as const, optional },
        ...{ multiline: true, maxLength: 300 },
      },
    ],
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
