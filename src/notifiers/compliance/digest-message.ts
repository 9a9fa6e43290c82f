import { shortStandardName } from "../../domain/compliance/standards.ts";
import type { ComplianceDigest } from "../../domain/compliance/watch/digest.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { standardsTable } from "../../message/compliance/standards-table.ts";
import { complianceTrend } from "../../message/compliance/trend.ts";
import { commandLine } from "../../message/line.ts";
import type { Action, Message, Part, Sentence } from "../../message/message.ts";
import { changesParts } from "./changes-table.ts";

const say = sentences({
  en: {
    baseline: "Watching compliance from now on: {{failed}} of {{assessed}} assessed controls failed",
    weekly: "Compliance this week: {{failed}} of {{assessed}} assessed controls failed{{delta}}",
    nothing: "Watching compliance: no regulatory standard is assigned",
    more: ", {{number}} more than a week ago",
    fewer: ", {{number}} fewer than a week ago",
    same: ", as many as a week ago",
    failing_one: "{{number}} control fails now",
    failing_other: "{{number}} controls fail now",
    passing_one: "{{number}} control passes now",
    passing_other: "{{number}} controls pass now",
    other_one: "{{number}} control changed",
    other_other: "{{number}} controls changed",
    assigned: "{{name}} is assigned now",
    unassigned: "{{name}} isn't assigned any more",
    versions: "A standard changed",
    since: "{{changes}} since {{time}}{{partly}}",
    "assigned-line": "Assigned now: {{name}} in {{names}}",
    "unassigned-line": "No longer assigned: {{name}} in {{names}}. Its controls aren't counted as fixed.",
    names: "{{names}} and {{count}} more",
    catalogue:
      "New versions of standards: {{added}} controls added, {{removed}} removed. They count neither as failed nor as fixed.",
    show: "Show compliance",
    open: "Show control …",
    filtered: "Only what matches this channel's filters.",
  },
  ja: {
    baseline:
      "規制コンプライアンスの監視を開始しました: 評価済みコントロール {{assessed}} 件中 {{failed}} 件が不合格",
    weekly:
      "今週の規制コンプライアンス: 評価済みコントロール {{assessed}} 件中 {{failed}} 件が不合格{{delta}}",
    nothing: "規制コンプライアンスを監視中: 割り当てられている標準はありません",
    more: " (1 週間前より {{number}} 件増)",
    fewer: " (1 週間前より {{number}} 件減)",
    same: " (1 週間前と同数)",
    failing_other: "新たに不合格のコントロール {{number}} 件",
    passing_other: "合格になったコントロール {{number}} 件",
    other_other: "状態が変わったコントロール {{number}} 件",
    assigned: "{{name}} の割り当てを開始",
    unassigned: "{{name}} の割り当てを解除",
    versions: "標準の内容に変更あり",
    since: "{{changes}} ({{time}} から){{partly}}",
    "assigned-line": "新しい割り当て: {{name}} ({{names}})",
    "unassigned-line": "割り当て解除: {{name}} ({{names}})。コントロールは修正済みとして扱いません。",
    names: "{{names}} ほか {{count}} 個",
    catalogue:
      "標準の新しいバージョン: コントロールの追加 {{added}} 件、削除 {{removed}} 件。不合格にも修正済みにも数えません。",
    show: "規制コンプライアンスを表示",
    open: "コントロールを表示…",
    filtered: "このチャンネルの絞り込みに合うものだけです。",
  },
});

/** The answer in its first line: what changed, or the figures at the beginning and each week. */
export function digestMessage(digest: ComplianceDigest, language: Language): Message {
  const figures = digest.kind !== "changes";
  return {
    headline: figures ? figuresHeadline(digest, language) : changesHeadline(digest, language),
    tone: toneOf(digest),
    parts: [
      ...assignmentParts(digest, language),
      // A message has one native table: of a week, the figures.
      ...(figures && digest.standards.length > 0
        ? [standardsTable(digest.standards, language), ...complianceTrend(digest.trend, language)]
        : changesParts(digest, language)),
      ...(figures ? changeList(digest, language) : []),
      ...catalogueNote(digest, language),
      { actions: ways(digest, language) },
      ...(digest.filter === "" ? [] : [{ note: say(language)("filtered") }]),
      ...asOf(digest, language),
    ],
  };
}

function figuresHeadline(digest: ComplianceDigest, language: Language): string {
  const words = say(language);
  const sum = (of: "failed" | "passed") =>
    digest.standards.reduce((total, { counts }) => total + counts[of], 0);
  if (digest.standards.length === 0) return `${words("nothing")}${partly(digest, language)}`;
  const key = digest.kind === "weekly" ? "weekly" : "baseline";
  const said = words(key, {
    failed: formatNumber(sum("failed"), language),
    assessed: formatNumber(sum("failed") + sum("passed"), language),
    delta: deltaText(digest, sum("failed"), language),
  });
  return `${said}${partly(digest, language)}`;
}

/** Only where each standard has a figure to compare with. */
function deltaText({ standards }: ComplianceDigest, failed: number, language: Language): string {
  if (standards.length === 0 || standards.some(({ was }) => was === undefined)) return "";
  const was = standards.reduce((total, one) => total + (one.was?.failed ?? 0), 0);
  const key = failed > was ? "more" : failed < was ? "fewer" : "same";
  return say(language)(key, { number: formatNumber(Math.abs(failed - was), language) });
}

function changesHeadline(digest: ComplianceDigest, language: Language): Sentence {
  const words = say(language);
  const { failing, passing, changes, left } = digest;
  const counted = (key: "failing" | "passing" | "other", count: number) =>
    count > 0 ? [words(key, { count, number: formatNumber(count, language) })] : [];
  const other = changes.length + left - changes.filter(({ to }) => to === "failed" || to === "passed").length;
  const said = [
    ...counted("failing", failing),
    ...counted("passing", passing),
    ...(failing + passing === 0 ? counted("other", Math.max(0, other)) : []),
    ...digest.assignments.slice(0, 2).map(({ how, name }) => words(how, { name: shortStandardName(name) })),
  ];
  return words.rich("since", {
    changes: said.length > 0 ? formatItems(said, language) : words("versions"),
    time: { time: digest.before ?? digest.asOf },
    partly: partly(digest, language),
  });
}

function assignmentParts({ assignments }: ComplianceDigest, language: Language): Part[] {
  if (assignments.length === 0) return [];
  const words = say(language);
  const list = assignments.slice(0, 10).map(({ how, name, names, count }) => {
    const shown = formatItems(names, language);
    const more = count - names.length;
    return words(`${how}-line`, {
      name,
      names: more > 0 ? words("names", { names: shown, count: more }) : shown,
    });
  });
  return [{ list }];
}

/** What changed beside the figures of a week, in words. */
function changeList({ failing, passing }: ComplianceDigest, language: Language): Part[] {
  const words = say(language);
  const said = [
    ...(failing > 0 ? [words("failing", { count: failing, number: formatNumber(failing, language) })] : []),
    ...(passing > 0 ? [words("passing", { count: passing, number: formatNumber(passing, language) })] : []),
  ];
  return said.length > 0 ? [{ sentence: formatItems(said, language) }] : [];
}

function catalogueNote({ added, removed }: ComplianceDigest, language: Language): Part[] {
  if (added + removed === 0) return [];
  return [{ note: say(language)("catalogue", { added, removed }) }];
}

function ways({ changes }: ComplianceDigest, language: Language): Action[] {
  const words = say(language);
  const options = changes.slice(0, 50).map(({ standard, control, title }) => ({
    label: title ? `${control} ${title}` : control,
    line: commandLine(["compliance"], { standard, control }),
  }));
  const distinct = [...new Map(options.map((one) => [one.line, one])).values()];
  return [
    { label: words("show"), line: "compliance" },
    ...(distinct.length > 0 ? [{ label: words("open"), menu: "select" as const, options: distinct }] : []),
  ];
}

/** Good only where something passes now, nothing fails, and all of it was read. */
function toneOf(digest: ComplianceDigest): Message["tone"] {
  if (digest.failing > 0) return "bad";
  if (digest.kind !== "changes") return "neutral";
  if (digest.assignments.some(({ how }) => how === "unassigned") || digest.unread.length > 0)
    return "warning";
  return digest.passing > 0 ? "good" : "neutral";
}
