import type { Alert, AlertState } from "../../domain/alerts/alert.ts";
import { type AlertList, lastActivity } from "../../domain/alerts/alert-list.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { muteOf } from "../../domain/routing.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { countBySeverity, type Severity } from "../../domain/severity.ts";
import type { Mute } from "../../domain/subscription.ts";
import { formatDuration, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { placeText } from "../../message/alerts/alert.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, MenuOption, Message, Part } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { severityCell, severityCounts, stateWord } from "../../message/words.ts";

const say = sentences({
  en: {
    some_one: "{{number}} {{state}} alert in the last {{since}}: {{severities}}",
    some_other: "{{number}} {{state}} alerts in the last {{since}}: {{severities}}",
    none: "No {{state}} alerts in the last {{since}}",
    "in-state": "{{state}}",
    sample_one: "{{count}} of them is a sample.",
    sample_other: "{{count}} of them are samples.",
    caption: "Alerts, newest first",
    number: "#",
    severity: "Severity",
    title: "Alert",
    where: "Where",
    state: "State",
    time: "Last activity (UTC)",
    open: "Show details of …",
    older_one: "{{count}} older one is not shown.",
    older_other: "{{count}} older ones are not shown.",
    wider: "Last 90 days",
    muted: "🔕 Muted in this channel: such alerts aren't posted here at the moment.",
    rows: "Read through Resource Graph, whose rows may lag behind.",
  },
  ja: {
    some_other: "過去 {{since}}の{{state}}アラート {{number}} 件: {{severities}}",
    none: "過去 {{since}}の{{state}}アラートはありません",
    "in-state": "「{{state}}」の",
    sample_other: "うち {{count}} 件はサンプルです。",
    caption: "アラート (新しい順)",
    number: "#",
    severity: "重大度",
    title: "アラート",
    where: "場所",
    state: "状態",
    time: "最終アクティビティ (UTC)",
    open: "詳細を表示…",
    older_other: "これより古いものが {{count}} 件あります。",
    wider: "過去 90 日",
    muted: "🔕 このチャンネルではミュート中のため、現在は投稿されません。",
    rows: "Resource Graph から読み取りました。反映が少し遅れることがあります。",
  },
});

export type Asked = {
  scope?: Scope;
  severity?: Severity;
  since: number;
  state: AlertState | "all";
  /** In force in the channel where the answer is read. */
  mutes: readonly Mute[];
};

const wide = 90 * 86_400_000;

/** The answer of `alerts`: how many of which severity, all of them as a table, the way down for the newest. */
export function alertsMessage(read: Read<AlertList>, asked: Asked, language: Language): Message {
  const words = say(language);
  const { alerts, older } = read.value;
  const samples = alerts.filter(({ sample }) => sample).length;
  const parts: (Part | undefined)[] = [
    alerts.length > 0 ? table(alerts, asked.mutes, language) : undefined,
    alerts.length > 0
      ? { actions: [{ label: words("open"), menu: "select", options: alerts.map(detail) }] }
      : undefined,
    alerts.some((alert) => muteOf(alert, asked.mutes)) ? { note: words("muted") } : undefined,
    samples > 0 ? { note: words("sample", { count: samples }) } : undefined,
    ...(older > 0 ? olderParts(older, asked, language) : []),
    alerts.some(({ whole }) => !whole) ? { note: words("rows") } : undefined,
    ...asOf(read, language),
  ];
  return {
    headline: withFilters(`${headline(alerts, asked, language)}${partly(read, language)}`, asked, language),
    tone: alerts.some(isBad) ? "bad" : alerts.length === 0 && readWhole(read) ? "good" : "warning",
    parts: parts.filter((part) => part !== undefined),
  };
}

function headline(alerts: readonly Alert[], { since, state }: Asked, language: Language): string {
  const words = say(language);
  const word = state === "all" ? "" : words("in-state", { state: stateWord(state, language).toLowerCase() });
  const text = words(alerts.length > 0 ? "some" : "none", {
    count: alerts.length,
    number: formatNumber(alerts.length, language),
    state: word,
    since: formatDuration(since, language),
    severities: severityCounts(countBySeverity(alerts), language),
  });
  // Where every state was asked for, the word for it is empty.
  return text.replace(/ {2,}/g, " ");
}

function table(alerts: readonly Alert[], mutes: readonly Mute[], language: Language): Part {
  const words = say(language);
  const rows = alerts.map((alert, index): Cell[] => [
    { number: index + 1 },
    severityCell(alert.severity, language),
    muteOf(alert, mutes) ? `🔕 ${alert.title}` : alert.title,
    placeText(alert.place),
    stateWord(alert.state, language),
    (lastActivity(alert) ?? "–").slice(0, 16).replace("T", " "),
  ]);
  const columns = (["severity", "title", "where", "state", "time"] as const).map((key) => ({
    label: words(key),
  }));
  const first = { label: words("number"), align: "right" as const };
  return { table: { caption: words("caption"), columns: [first, ...columns], rows, pageSize: 10 } };
}

function detail({ resource, title, place }: Alert, index: number): MenuOption {
  const where = place.cluster ?? place.registry ?? place.subscription.name;
  return { label: `${index + 1}. ${title} · ${where}`, line: commandLine(["alert", resource]) };
}

function olderParts(older: number, { scope, severity, since, state }: Asked, language: Language): Part[] {
  const words = say(language);
  const note: Part = { note: words("older", { count: older }) };
  if (since >= wide) return [note];
  const typed = ["alerts", ...(scope ? [scopeText(scope)] : [])];
  return [
    note,
    { actions: [{ label: words("wider"), line: commandLine(typed, { severity, state, since: "90d" }) }] },
  ];
}

const isBad = ({ severity }: Alert) => severity === "high" || severity === "critical";
