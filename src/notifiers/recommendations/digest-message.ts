import { readWhole } from "../../domain/reading/reading.ts";
import type { RecommendationsDigest } from "../../domain/recommendations/watch/digest.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Inline, Message, Part, Sentence } from "../../message/message.ts";
import { notAssessed, unassessedParts } from "../../message/recommendations/unassessed.ts";
import { severityCounts } from "../../message/words.ts";
import { changesTable, phrase } from "./changes.ts";

const say = sentences({
  en: {
    baseline_one: "Watching recommendations from now on: {{number}} open",
    baseline_other: "Watching recommendations from now on: {{number}} open",
    quiet: "Nothing changed since {{time}}: {{number}} open",
    changed: "{{changes}} since {{time}}",
    severities: " ({{counts}})",
    open: "Open now",
    "open-value": "{{number}} recommendations: {{counts}}",
    none: "None",
    filtered: "Only what matches this channel's filters.",
    renamed: "Renamed or replaced, so neither new nor fixed: {{items}}.",
    arrow: "“{{from}}” → “{{to}}”",
    first: "Read for the first time, so nothing in them counts as new: {{names}}.",
    late: "Couldn't be read last time, so compared with an older reading: {{names}}.",
    more: "{{names}} and {{count}} more",
    "unread-kept": "What couldn't be read counts as unchanged.",
    details: "Show affected resources of …",
    all: "All recommendations",
  },
  ja: {
    baseline_other: "推奨事項の監視を開始しました: 未対応 {{number}} 件",
    quiet: "{{time}} から変化はありません。未対応は {{number}} 件です",
    changed: "{{time}} からの変化: {{changes}}",
    severities: " ({{counts}})",
    open: "現在の未対応",
    "open-value": "推奨事項 {{number}} 件: {{counts}}",
    none: "なし",
    filtered: "このチャンネルの絞り込みに合うものだけです。",
    renamed: "名前の変更または置き換え (新規でも修正済みでもありません): {{items}}。",
    arrow: "「{{from}}」→「{{to}}」",
    first: "初めて読み取ったため、新規として数えていません: {{names}}。",
    late: "前回は読み取れなかったため、それより前の結果と比較しました: {{names}}。",
    more: "{{names}} ほか {{count}} 件",
    "unread-kept": "読み取れなかったものは、変化なしとして扱います。",
    details: "対象リソースを表示…",
    all: "すべての推奨事項",
  },
});

type Words = ReturnType<typeof say>;
const namesShown = 5;

/** The digest of one slot: what changed in its first line; a single line where nothing did. */
export function digestMessage(digest: RecommendationsDigest, language: Language): Message {
  const words = say(language);
  const { changes } = digest;
  const tail = `${notAssessed(digest, language)}${partly(digest, language)}`;
  const head = headline(digest, language);
  const quiet = changes.length === 0;
  const parts: Part[] = quiet
    ? []
    : [
        { facts: [[words("open"), openText(digest, language)]] },
        changesTable(digest, language),
        { actions: actions(digest, words) },
      ];
  const baseline = digest.since === undefined;
  return {
    headline: tail ? [...(Array.isArray(head) ? head : [head as Inline]), tail] : head,
    tone: toneOf(digest),
    parts: [
      ...parts,
      ...(baseline ? [{ actions: [{ label: words("all"), line: allLine(digest) }] }] : []),
      ...notes(digest, language).map((note): Part => ({ note })),
      // Day after day, the first line says it.
      ...(baseline ? unassessedParts(digest.unassessed, language) : []),
      ...(quiet && !baseline && readWhole(digest) ? [] : asOf(digest, language)),
    ],
  };
}

function headline(digest: RecommendationsDigest, language: Language): Sentence {
  const words = say(language);
  const count = sumOf(digest.open);
  const number = formatNumber(count, language);
  const said = severityCounts(digest.open, language);
  const counts = said ? words("severities", { counts: said }) : "";
  if (!digest.since) return `${words("baseline", { count, number })}${counts}`;
  const time = { time: digest.since };
  if (digest.changes.length === 0) return [...words.rich("quiet", { time, number }), counts];
  return words.rich("changed", { changes: phrase(digest, language), time });
}

function openText({ open }: RecommendationsDigest, language: Language): string {
  const words = say(language);
  const counts = severityCounts(open, language);
  return counts
    ? words("open-value", { number: formatNumber(sumOf(open), language), counts })
    : words("none");
}

function notes(digest: RecommendationsDigest, language: Language): string[] {
  const words = say(language);
  const { renamed, first, late, filtered, unread } = digest;
  const items = some(
    renamed.map((one) => words("arrow", one)),
    language,
  );
  return [
    ...(renamed.length > 0 ? [words("renamed", { items })] : []),
    ...(first.length > 0 ? [words("first", { names: some(first, language) })] : []),
    ...(late.length > 0
      ? [
          words("late", {
            names: some(
              late.map(({ name }) => name),
              language,
            ),
          }),
        ]
      : []),
    ...(unread.length > 0 && digest.since ? [words("unread-kept")] : []),
    ...(filtered ? [words("filtered")] : []),
  ];
}

function some(names: readonly string[], language: Language): string {
  const shown = formatItems(names.slice(0, namesShown), language);
  const count = names.length - namesShown;
  return count > 0 ? say(language)("more", { names: shown, count }) : shown;
}

function actions(digest: RecommendationsDigest, words: Words) {
  const { changes, scope } = digest;
  const options = changes.slice(0, 100).map(({ key, title }, index) => ({
    label: `${index + 1}. ${title}`,
    line: commandLine(["recommendation", key, ...(scope ? [scope] : [])]),
  }));
  return [
    { label: words("all"), line: allLine(digest) },
    { label: words("details"), menu: "select" as const, options },
  ];
}

function allLine({ scope }: RecommendationsDigest): string {
  return commandLine(["recommendations", ...(scope ? [scope] : [])]);
}

function toneOf({ changes, since, unread, unassessed }: RecommendationsDigest): Message["tone"] {
  if (!since) return "neutral";
  const worse = changes.filter(({ kind }) => kind === "new" || kind === "raised" || kind === "more");
  if (worse.some(({ severity }) => severity === "critical" || severity === "high")) return "bad";
  if (worse.length > 0 || unread.length > 0 || unassessed.length > 0) return "warning";
  // What was exempted is as it was.
  return changes.some(({ ended }) => ended.fixed || ended.deleted) ? "good" : "neutral";
}

function sumOf(counts: RecommendationsDigest["open"]): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
