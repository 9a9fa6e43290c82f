import type { Enablement } from "../../domain/enablement/enablement.ts";
import { isChanged } from "../../domain/enablement/enablement.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { decisionParts, failureText, peopleSentence } from "../decision.ts";
import type { Message, Sentence } from "../message.ts";
import { commandParts, leftParts, settingsTable, stepParts } from "./parts.ts";
import { partWord } from "./words.ts";

const say = sentences({
  en: {
    requested: "Enable requested: {{what}} on {{place}}",
    approved: "Enable approved: {{what}} on {{place}} · being changed in Azure",
    proving: "Turned on: {{what}} on {{place}} · waiting for evidence ({{proven}} of {{all}})",
    proven: "On and working: {{what}} on {{place}}",
    unproven: "Turned on: {{what}} on {{place}} · not everything could be checked",
    stuck: "Turned on in part: {{what}} on {{place}} · {{open}} of {{all}} need attention",
    failed: "Couldn't enable {{what}} on {{place}}",
    refused: "Refused: {{what}} on {{place}} won't be enabled",
    expired: "Request expired: {{what}} on {{place}} isn't enabled",
    settings: "all features",
    where: "Where",
    reason: "Reason",
    billable: "vCores that become billable",
    cores: "{{count}}",
    "cores-unknown_one": "{{cores}}, and {{count}} cluster whose size isn't known",
    "cores-unknown_other": "{{cores}}, and {{count}} clusters whose size isn't known",
    permissions: "Azure permissions used",
    managed: "{{by}} manages the plan and may overrule this change.",
    outdated:
      "Settings changed since this was requested, and nothing was done with them: {{names}}. Decide again.",
    "confirm-text":
      "The settings are changed in Azure as soon as you approve. Your name is recorded in the audit log.",
    undo: "To undo it:",
  },
  ja: {
    requested: "有効化の承認依頼: {{place}} の{{what}}",
    approved: "有効化を承認しました: {{place}} の{{what}} · Azure で変更中",
    proving: "有効にしました: {{place}} の{{what}} · 動作を確認中 ({{all}} 件中 {{proven}} 件)",
    proven: "有効になり、動作しています: {{place}} の{{what}}",
    unproven: "有効にしました: {{place}} の{{what}} · 一部は確認できませんでした",
    stuck: "一部だけ有効です: {{place}} の{{what}} · {{all}} 件中 {{open}} 件は対応が必要です",
    failed: "{{place}} の{{what}}を有効にできませんでした",
    refused: "却下されました: {{place}} の{{what}}は有効にしません",
    expired: "申請の期限切れ: {{place}} の{{what}}は有効にしていません",
    settings: "すべての機能",
    where: "対象",
    reason: "理由",
    billable: "課金対象になる vCore",
    cores: "{{count}}",
    "cores-unknown_other": "{{cores}} (ほかに規模が不明なクラスター {{count}} 個)",
    permissions: "使用する Azure の権限",
    managed: "プランは {{by}} が管理しているため、この変更は上書きされることがあります。",
    outdated: "申請後に設定が変更されたため、何も変更していません: {{names}}。もう一度判断してください。",
    "confirm-text": "承認すると、すぐに Azure の設定を変更します。承認者として監査ログに記録されます。",
    undo: "元に戻すコマンド:",
  },
});

/** The same where the value of a parameter is changed: that turns nothing on. */
const sayValue = sentences({
  en: {
    requested: "Change requested: {{what}} in {{place}}",
    approved: "Change approved: {{what}} in {{place}} · being changed in Azure",
    proving: "Changed: {{what}} in {{place}} · waiting for evidence",
    proven: "Changed: {{what}} in {{place}}",
    unproven: "Changed: {{what}} in {{place}} · couldn't be checked",
    stuck: "Needs attention: {{what}} in {{place}}",
    failed: "Couldn't change {{what}} in {{place}}",
    refused: "Refused: {{what}} in {{place}} won't be changed",
    expired: "Request expired: {{what}} in {{place}} isn't changed",
  },
  ja: {
    requested: "変更の承認依頼: {{place}} の{{what}}",
    approved: "変更を承認しました: {{place}} の{{what}} · Azure で変更中",
    proving: "変更しました: {{place}} の{{what}} · 確認中",
    proven: "変更しました: {{place}} の{{what}}",
    unproven: "変更しました: {{place}} の{{what}} · 確認できませんでした",
    stuck: "対応が必要です: {{place}} の{{what}}",
    failed: "{{place}} の{{what}}を変更できませんでした",
    refused: "却下されました: {{place}} の{{what}}は変更しません",
    expired: "申請の期限切れ: {{place}} の{{what}}は変更していません",
  },
});

/** The one line of a request, for headlines of answers too. */
export function enablementHeadline(one: Enablement, language: Language): string {
  const words = say(language);
  const changed = one.steps.filter(isChanged);
  const proven = changed.filter(({ proof }) => proof?.state === "proven").length;
  const what = one.feature ? partWord(one.feature, language) : words("settings");
  if (one.steps.length > 0 && one.steps.every(({ kind }) => kind === "parameter"))
    return sayValue(language)(one.state, { what, place: one.on.name });
  return words(one.state, {
    what,
    place: one.on.name,
    proven,
    all: one.state === "stuck" ? one.steps.length : changed.length,
    open:
      one.steps.length - one.steps.filter((step) => step.proof?.state === "proven" && !step.failed).length,
  });
}

/** The message of a request in its channel: the changes with its buttons, later their progress and outcome. */
export function enablementMessage(one: Enablement, language: Language): Message {
  const words = say(language);
  const asking = one.state === "requested";
  // What someone else turned on isn't this request's to undo.
  const over = one.steps.filter(({ state }) => state === "changed");
  const tones = { proven: "good", failed: "bad", stuck: "bad", refused: "neutral" } as const;
  const tone = one.state in tones ? tones[one.state as keyof typeof tones] : "warning";
  return {
    headline: enablementHeadline(one, language),
    tone,
    parts: [
      { sentence: peopleSentence(one, language) },
      { facts: facts(one, language) },
      ...(asking && one.outdated?.length
        ? [{ note: words("outdated", { names: one.outdated.join(", ") }) }]
        : []),
      settingsTable(one.steps, language),
      ...stepParts(one, language),
      ...(one.failure ? [{ quote: failureText(one.failure, language) }] : []),
      ...(one.managedBy ? [{ note: words("managed", { by: one.managedBy }) }] : []),
      ...(asking ? leftParts(one.left, language) : []),
      ...(asking ? decisionParts(one, words("confirm-text"), language) : []),
      ...(over.length > 0 ? [{ note: words("undo") }, ...commandParts(over, "undo", language)] : []),
    ],
  };
}

/** A reply below the message where something ended, or has to be decided again. */
export function enablementReply(
  before: Enablement,
  after: Enablement,
  language: Language,
): Message | undefined {
  if (before.state === after.state || ["approved", "proving"].includes(after.state)) return undefined;
  return { headline: enablementHeadline(after, language), parts: [] };
}

function facts(one: Enablement, language: Language): [string, Sentence][] {
  const words = say(language);
  const { on, subscription, reason, billable, permissions } = one;
  const where = on.kind === "subscription" ? subscription.name : `${on.name} · ${subscription.name}`;
  const cores = words("cores", { count: billable.cores });
  const bills = billable.cores > 0 || billable.unknown > 0;
  return [
    [words("where"), where],
    ...(reason ? [[words("reason"), reason] as [string, Sentence]] : []),
    ...(bills
      ? [
          [
            words("billable"),
            billable.unknown > 0 ? words("cores-unknown", { cores, count: billable.unknown }) : cores,
          ] as [string, Sentence],
        ]
      : []),
    ...(one.state === "requested" && permissions.length > 0
      ? [[words("permissions"), permissions.join(", ")] as [string, Sentence]]
      : []),
  ];
}
