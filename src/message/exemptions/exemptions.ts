import { exactScope } from "../../domain/exemptions/exemption-target.ts";
import type { Exemption } from "../../domain/exemptions/exemptions.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { decisionParts, failureText, peopleSentence } from "../decision.ts";
import { commandLine } from "../line.ts";
import type { Action, Message, Part, Sentence } from "../message.ts";

const say = sentences({
  en: {
    "alert-requested": "Suppression requested: {{title}} on {{place}}",
    "alert-approved": "Suppression approved: {{title}} on {{place}} · being set up in Azure",
    "alert-active": "Suppressed: {{title}} on {{place}}",
    "alert-refused": "Refused: {{title}} on {{place}} won't be suppressed",
    "alert-expired": "Request expired: {{title}} on {{place}} isn't suppressed",
    "alert-failed": "Couldn't suppress {{title}} on {{place}}",
    "alert-ended": "Suppression ended: {{title}} on {{place}}",
    "alert-removed": "Suppression removed outside Slack: {{title}} on {{place}}",
    "recommendation-requested": "Exemption requested: {{title}} on {{place}}",
    "recommendation-approved": "Exemption approved: {{title}} on {{place}} · being set up in Azure",
    "recommendation-active": "Exempt: {{title}} on {{place}}",
    "recommendation-refused": "Refused: {{title}} on {{place}} won't be exempt",
    "recommendation-expired": "Request expired: {{title}} on {{place}} isn't exempt",
    "recommendation-failed": "Couldn't exempt {{title}} on {{place}}",
    "recommendation-ended": "Exemption ended: {{title}} on {{place}}",
    "recommendation-removed": "Exemption removed outside Slack: {{title}} on {{place}}",
    where: "Where",
    reason: "Reason",
    before: "Before",
    after: "After",
    "nothing-alert": "no rule: these alerts are reported",
    "nothing-recommendation": "no exemption: counted as unhealthy",
    ends: "ends {{time}}",
    never: "in force without an end",
    "after-alert": "new alerts of this type are dismissed by Azure until {{time}}",
    "after-recommendation": "not counted as unhealthy until {{time}}",
    hides: "Matches now",
    alerts_one: "{{count}} alert",
    alerts_other: "{{count}} alerts",
    resources_one: "{{count}} unhealthy resource",
    resources_other: "{{count}} unhealthy resources",
    unknown: "unknown: Azure couldn't be read completely",
    "never-seen":
      "No alert of this type in this place yet. Azure applies a rule only to types that were reported in the subscription before.",
    open: "Open alerts keep their state; only new ones are dismissed.",
    until: "Until",
    replaced: "A later request took its place.",
    "confirm-text": "It's set up in Azure as soon as you approve. Your name is recorded in the audit log.",
    again: "Request it again",
    permission: "To grant the missing permission: {{command}}",
  },
  ja: {
    "alert-requested": "抑制の承認依頼: {{place}} の {{title}}",
    "alert-approved": "抑制を承認しました: {{place}} の {{title}} · Azure に設定中",
    "alert-active": "抑制中: {{place}} の {{title}}",
    "alert-refused": "却下されました: {{place}} の {{title}} は抑制しません",
    "alert-expired": "申請の期限切れ: {{place}} の {{title}} は抑制していません",
    "alert-failed": "{{place}} の {{title}} を抑制できませんでした",
    "alert-ended": "抑制が終了しました: {{place}} の {{title}}",
    "alert-removed": "抑制が Slack 以外で削除されました: {{place}} の {{title}}",
    "recommendation-requested": "除外の承認依頼: {{place}} の {{title}}",
    "recommendation-approved": "除外を承認しました: {{place}} の {{title}} · Azure に設定中",
    "recommendation-active": "除外中: {{place}} の {{title}}",
    "recommendation-refused": "却下されました: {{place}} の {{title}} は除外しません",
    "recommendation-expired": "申請の期限切れ: {{place}} の {{title}} は除外していません",
    "recommendation-failed": "{{place}} の {{title}} を除外できませんでした",
    "recommendation-ended": "除外が終了しました: {{place}} の {{title}}",
    "recommendation-removed": "除外が Slack 以外で削除されました: {{place}} の {{title}}",
    where: "対象",
    reason: "理由",
    before: "変更前",
    after: "変更後",
    "nothing-alert": "ルールなし (アラートは通常どおり報告されます)",
    "nothing-recommendation": "除外なし (異常として数えられます)",
    ends: "{{time}} に終了",
    never: "期限なしで有効",
    "after-alert": "{{time}} まで、この種類の新しいアラートを Azure が自動的に無視します",
    "after-recommendation": "{{time}} まで、異常として数えられません",
    hides: "現在の該当",
    alerts_other: "アラート {{count}} 件",
    resources_other: "異常なリソース {{count}} 個",
    unknown: "不明 (Azure を完全には読み取れませんでした)",
    "never-seen":
      "この種類のアラートは、この対象ではまだ報告されていません。Azure のルールは、サブスクリプションで一度でも報告された種類にだけ適用されます。",
    open: "既存のアラートの状態は変わりません。新しいアラートだけが無視されます。",
    until: "期限",
    replaced: "後の申請に置き換えられました。",
    "confirm-text": "承認すると、すぐに Azure に設定します。承認者として監査ログに記録されます。",
    again: "もう一度申請",
    permission: "不足している権限の付与: {{command}}",
  },
});

/** Where it holds, in a few words. */
export function exemptionPlace({ scope, subscription }: Pick<Exemption, "scope" | "subscription">): string {
  return scope.kind === "sub" ? subscription.name : scope.pattern;
}

/** The one line of an exemption, for headlines of answers too. */
export function exemptionHeadline(one: Exemption, language: Language): string {
  return say(language)(`${one.kind}-${one.state}`, { title: one.title, place: exemptionPlace(one) });
}

/** The message of an exemption in its channel: the request with its buttons, later what became of it. */
export function exemptionMessage(one: Exemption, language: Language): Message {
  const words = say(language);
  const asking = one.state === "requested";
  return {
    headline: exemptionHeadline(one, language),
    tone: one.state === "active" ? "good" : one.state === "failed" ? "bad" : "warning",
    parts: [
      { sentence: peopleSentence(one, language) },
      { facts: facts(one, language) },
      ...(asking && one.kind === "alert" ? noteParts(one, language) : []),
      ...(one.replacedBy ? [{ note: words("replaced") }] : []),
      ...failureParts(one, language),
      ...(asking ? decisionParts(one, words("confirm-text"), language) : []),
    ],
  };
}

/** A reply below the message where its state changed after the decision. */
export function exemptionReply(before: Exemption, after: Exemption, language: Language): Message | undefined {
  if (before.state === after.state || after.state === "approved" || after.replacedBy) return undefined;
  const again = after.state === "removed" || after.state === "ended";
  const action: Action = { label: say(language)("again"), line: againLine(after) };
  return { headline: exemptionHeadline(after, language), parts: again ? [{ actions: [action] }] : [] };
}

/** The line that asks for the same again, for as long again. */
export function againLine(one: Exemption): string {
  const length = Date.parse(one.expires) - Date.parse(one.at.requested ?? one.expires);
  const hours = Math.max(1, Math.round(length / 3_600_000));
  const words = [one.kind === "alert" ? "suppress" : "exempt", one.what, scopeText(exactScope(one))];
  return commandLine(words, { for: hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`, reason: one.reason });
}

function facts(one: Exemption, language: Language): [string, Sentence][] {
  const words = say(language);
  const { kind, before, expires, matches, reason, subscription, scope } = one;
  const where = scope.kind === "sub" ? subscription.name : `${scopeText(scope)} · ${subscription.name}`;
  const shown: [string, Sentence][] = [
    [words("where"), where],
    [words("reason"), reason],
  ];
  if (one.state !== "requested") return [...shown, [words("until"), { time: expires, style: "full" }]];
  const earlier =
    before === undefined
      ? words(`nothing-${kind}`)
      : before === "never"
        ? words("never")
        : words.rich("ends", { time: { time: before } });
  const count = words(kind === "alert" ? "alerts" : "resources", { count: matches ?? 0 });
  return [
    ...shown,
    [words("before"), earlier],
    [words("after"), words.rich(`after-${kind}`, { time: { time: expires, style: "full" } })],
    [words("hides"), matches === undefined ? words("unknown") : count],
  ];
}

function noteParts({ matches }: Exemption, language: Language): Part[] {
  return [{ note: say(language)(matches === 0 ? "never-seen" : "open") }];
}

function failureParts({ failure }: Exemption, language: Language): Part[] {
  if (!failure) return [];
  const { command } = failure;
  const grant = command && say(language).rich("permission", { command: { code: command } });
  return [{ quote: failureText(failure, language) }, ...(grant ? [{ sentence: grant }] : [])];
}
