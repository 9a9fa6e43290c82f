import type { Alert, AlertAction, AlertActor } from "../../domain/alerts/alert.ts";
import type { Located } from "../../domain/scope/scope.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Action, Button, Inline, MenuOption, Message } from "../message.ts";
import { severityCell, severityWord, stateWord } from "../words.ts";
import { tacticsText } from "./tactics.ts";

const say = sentences({
  en: {
    severity: "Severity",
    state: "State",
    where: "Where",
    workload: "Workload",
    entity: "Entity",
    happened: "Detected",
    generated: "Reported by Defender",
    posted: "Posted",
    tactics: "Tactics",
    details: "Details",
    take: "Acknowledge",
    resolve: "Resolve…",
    dismiss: "Dismiss…",
    reopen: "Reopen",
    mute: "Mute for 4 hours",
    portal: "Open in portal",
    more: "More actions",
    "by-take": "Acknowledged by {{who}}, {{when}}",
    "by-resolve": "Resolved by {{who}}, {{when}}",
    "by-dismiss": "Dismissed by {{who}}, {{when}}",
    "by-reopen": "Reopened by {{who}}, {{when}}",
    reason: "Reason: {{reason}}",
  },
  ja: {
    severity: "重大度",
    state: "状態",
    where: "場所",
    workload: "ワークロード",
    entity: "エンティティ",
    happened: "検出",
    generated: "Defender が報告",
    posted: "投稿",
    tactics: "戦術",
    details: "詳細",
    take: "対応を開始",
    resolve: "解決…",
    dismiss: "無視…",
    reopen: "再アクティブ化",
    mute: "4 時間ミュート",
    portal: "ポータルで開く",
    more: "その他の操作",
    "by-take": "{{who}} が対応を開始 ({{when}})",
    "by-resolve": "{{who}} が解決 ({{when}})",
    "by-dismiss": "{{who}} が無視 ({{when}})",
    "by-reopen": "{{who}} が再アクティブ化 ({{when}})",
    reason: "理由: {{reason}}",
  },
});

/** The severity's own sign while something has to be done; ✅ for what is closed. */
export function alertTone(alert: Pick<Alert, "severity" | "state">): Message["tone"] {
  return isClosed(alert) ? "good" : alert.severity;
}

export function isClosed({ state }: Pick<Alert, "state">): boolean {
  return state === "resolved" || state === "dismissed";
}

/** `aks-demo · contoso-prod`: the nearest thing first, then its subscription. */
export function placeText({ cluster, registry, resourceGroup, subscription }: Located): string {
  return [cluster ?? registry ?? resourceGroup, subscription.name].filter(Boolean).join(" · ");
}

/** `High · Access to cloud metadata service detected · aks-demo`: the nearest thing; the rest is in the body. */
export function alertHeadline(alert: Alert, language: Language): string {
  const { cluster, registry, resourceGroup, subscription } = alert.place;
  return [
    ...(alert.state === "active" ? [] : [stateWord(alert.state, language)]),
    severityWord(alert.severity, language),
    alert.title,
    cluster ?? registry ?? resourceGroup ?? subscription.name,
  ].join(" · ");
}

/** What a reader has to know before deciding: where, since when, how far. `posted`: left out where not yet posted. */
export function alertFacts(alert: Alert, language: Language, posted?: string): [string, Inline | Inline[]][] {
  const words = say(language);
  const facts: [string, Inline | Inline[] | undefined][] = [
    [words("severity"), severityCell(alert.severity, language)],
    [words("state"), stateWord(alert.state, language)],
    [words("where"), placeText(alert.place)],
    [words("workload"), [alert.namespace, alert.workload].filter(Boolean).join(" / ") || undefined],
    [words("entity"), entityBeside(alert)],
    [words("tactics"), tacticsText(alert.tactics, language) || undefined],
    [words("happened"), alert.start ? span(alert.start, alert.end) : undefined],
    [words("generated"), alert.generated ? { time: alert.generated } : undefined],
    [words("posted"), posted ? { time: posted } : undefined],
  ];
  return facts.filter((fact): fact is [string, Inline | Inline[]] => fact[1] !== undefined);
}

/** The entity that Azure names, unless the cluster, the registry or the workload has named it already. */
export function entityBeside({ compromisedEntity: entity, place, workload }: Alert): string | undefined {
  const named = [place.cluster ?? place.registry, workload].map((name) => name?.toLowerCase());
  return entity && !named.includes(entity.toLowerCase()) ? entity : undefined;
}

function span(start: string, end: string | undefined): Inline[] {
  return end && end !== start ? [{ time: start }, " – ", { time: end }] : [{ time: start }];
}

/** Who changed it through the bot, when and why. */
export function actorSentence(actor: AlertActor, language: Language): Inline[] {
  const words = say(language);
  const said = words.rich(`by-${actor.action}`, {
    who: { person: actor.person },
    when: { time: actor.at },
  });
  return actor.reason ? [...said, " · ", words("reason", { reason: actor.reason })] : said;
}

/**
 * The buttons of an alert: what its state allows, each with a command line. Acknowledge is the only primary one; what
 * closes or hides the alert is in the menu.
 */
export function alertActions(
  alert: Alert,
  language: Language,
  which: { details: boolean; mute: boolean },
): Action[] {
  const words = say(language);
  const triage = (action: AlertAction) => ({
    label: words(action),
    line: commandLine(["triage", alert.resource, action]),
  });
  const scope = alert.place.cluster ? `cluster:${alert.place.cluster}` : undefined;
  // A type that is missing or absurd cannot be named in a command line.
  const mutable = alert.type.trim() !== "" && alert.type.length <= 200 && (scope?.length ?? 0) <= 300;
  const options: MenuOption[] = [
    ...(isClosed(alert) ? [triage("reopen")] : [triage("resolve"), triage("dismiss")]),
    ...(which.mute && !isClosed(alert) && mutable
      ? [{ label: words("mute"), line: commandLine(["mute", alert.type], { scope, for: "4h" }) }]
      : []),
    ...(alert.portal ? [{ label: words("portal"), url: alert.portal }] : []),
  ];
  return [
    ...(alert.state === "active" || alert.state === "unknown"
      ? [{ ...triage("take"), style: "primary" as const }]
      : []),
    ...(which.details ? [alertDetails(alert, language)] : []),
    { label: words("more"), menu: "overflow", options },
  ];
}

/** The button that opens everything known of an alert. */
export function alertDetails(alert: Pick<Alert, "resource">, language: Language): Button {
  return { label: say(language)("details"), line: commandLine(["alert", alert.resource]) };
}
