import { featureGroups } from "../../domain/catalogue/features.ts";
import { type Cause, groupCauses } from "../../domain/coverage/causes.ts";
import type { Coverage } from "../../domain/coverage/coverage.ts";
import { type CoverageSummary, countVerdicts } from "../../domain/coverage/coverage-summary.ts";
import { countGroup, type FeatureMatrix } from "../../domain/coverage/feature-matrix.ts";
import type { DayCoverage } from "../../domain/coverage/history.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { causeSentence } from "../../message/coverage/cause-texts.ts";
import { countedWords, groupWord } from "../../message/coverage/feature-words.ts";
import { showFixes } from "../../message/coverage/fixes.ts";
import { commandLine } from "../../message/line.ts";
import type { Action, Message, Part, Sentence } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { clusterTable } from "./cluster-table.ts";
import { historyParts } from "./history-parts.ts";
import { podParts } from "./pod-parts.ts";
import { subscriptionParts } from "./subscription-facts.ts";

const say = sentences({
  en: {
    covered_one: "The only cluster is covered",
    covered_other: "All {{count}} clusters are covered",
    uncovered_one: "Not covered: {{bad}} of {{count}} cluster",
    uncovered_other: "Not covered: {{bad}} of {{count}} clusters",
    unknown: "; {{count}} unknown",
    none: "No clusters in scope",
    gaps_one: "{{count}} gap",
    gaps_other: "{{count}} gaps",
    causes: "Top causes",
    "more-causes_one": "{{count}} more cause",
    "more-causes_other": "{{count}} more causes",
    "by-feature": "By feature",
    "by-cluster": "By cluster",
    profile: "“Covered” means Defender is turned on; pod health isn't checked. {{line}} checks one cluster.",
    checked:
      "“Covered” means Defender is turned on and, where pods were checked ({{checked}} of {{count}} clusters), its sensor runs. {{line}} says why pods weren't checked.",
  },
  ja: {
    covered_other: "クラスター {{count}} 個はすべて保護されています",
    uncovered_other: "クラスター {{count}} 個のうち {{bad}} 個が保護されていません",
    unknown: "、不明 {{count}} 個",
    none: "対象のクラスターはありません",
    gaps_other: "不足 {{count}} 件",
    causes: "主な原因",
    "more-causes_other": "ほかの原因 {{count}} 件",
    "by-feature": "機能別",
    "by-cluster": "クラスター別",
    profile:
      "「保護」は Defender が有効であることを示します。ポッドの状態は確認していません。{{line}} で 1 つのクラスターを確認できます。",
    checked:
      "「保護」は、Defender が有効であり、ポッドを確認したクラスター ({{count}} 個中 {{checked}} 個) ではセンサーも動作していることを示します。確認できなかった理由は {{line}} で表示されます。",
  },
});

const causesShown = 3;

/** The answer of `status`: how many clusters are not covered, each cluster and subscription, the worst causes. */
export function coverageMessage(
  read: Read<Coverage>,
  summary: CoverageSummary,
  {
    matrix,
    language,
    files,
    days,
    scope,
  }: {
    matrix: FeatureMatrix;
    language: Language;
    files: readonly Part[];
    days: readonly DayCoverage[];
    scope?: Scope;
  },
): Message {
  const words = say(language);
  const { value: coverage } = read;
  const causes = groupCauses(summary.gaps);
  const parts: (Part | undefined)[] = [
    summary.clusters.length > 0 ? clusterTable(summary.clusters, matrix, language) : undefined,
    causes.length > 0 ? { sentence: { strong: words("causes") } } : undefined,
    causes.length > 0 ? { list: causeLines(causes, language) } : undefined,
    { facts: groupFacts(matrix, language) },
    ...historyParts(days, language),
    ...(coverage.clusters.length === 1 ? podParts(coverage.clusters, language) : []),
    ...subscriptionParts(coverage, language),
    { actions: detailActions(scope, language) },
    ...files,
    podNote(coverage, language),
    ...asOf(read, language),
  ];
  return {
    headline: withFilters(`${headline(summary, language)}${partly(read, language)}`, { scope }, language),
    tone: tone(summary, matrix, read),
    parts: parts.filter((part) => part !== undefined),
  };
}

/** In which clusters pods were not looked at, so that settings alone decide. */
function podNote({ clusters }: Coverage, language: Language): Part | undefined {
  const checked = clusters.filter(({ pods }) => pods?.known).length;
  if (checked === clusters.length) return undefined;
  const line = { code: "/defender status cluster:NAME" };
  const values = { line, checked, count: clusters.length };
  return { note: say(language).rich(checked > 0 ? "checked" : "profile", values) };
}

function causeLines(causes: readonly Cause[], language: Language): Sentence[] {
  const left = causes.length - causesShown;
  return [
    ...causes.slice(0, causesShown).map((cause) => causeSentence(cause, language)),
    ...(left > 0 ? [say(language)("more-causes", { count: left })] : []),
  ];
}

/** What works of each group, over all clusters and registries; without any, what the subscriptions' settings give. */
function groupFacts(matrix: FeatureMatrix, language: Language): [string, Sentence][] {
  const places = [...matrix.clusters, ...matrix.registries];
  const shown = places.length > 0 ? places : matrix.subscriptions;
  return featureGroups.map((group) => [
    groupWord(group, language),
    countedWords(countGroup(shown, group), language),
  ]);
}

function detailActions(scope: Scope | undefined, language: Language): Action[] {
  const words = say(language);
  const line = (view: string) => commandLine(["status-details", view, ...(scope ? [scopeText(scope)] : [])]);
  return [
    showFixes(scope && scopeText(scope), language),
    { label: words("by-feature"), line: line("features") },
    { label: words("by-cluster"), line: line("clusters") },
  ];
}

function headline({ clusters, gaps }: CoverageSummary, language: Language): string {
  const words = say(language);
  const counts = countVerdicts(clusters);
  const bad = counts["not-covered"];
  const key = bad > 0 || counts.unknown > 0 ? "uncovered" : "covered";
  const answer = clusters.length === 0 ? words("none") : words(key, { bad, count: clusters.length });
  const unknown = counts.unknown > 0 ? words("unknown", { count: counts.unknown }) : "";
  return [`${answer}${unknown}`, gaps.length > 0 ? words("gaps", { count: gaps.length }) : ""]
    .filter(Boolean)
    .join(" · ");
}

/** Green only where everything was read and nothing is missing; drift rules, which no API shows, don't count. */
function tone(
  { clusters, gaps }: CoverageSummary,
  matrix: FeatureMatrix,
  read: Read<Coverage>,
): Message["tone"] {
  if (clusters.some(({ verdict }) => verdict === "not-covered")) return "bad";
  if (gaps.length > 0 || !readWhole(read) || clusters.some(({ verdict }) => verdict === "unknown"))
    return "warning";
  const unknown = [...matrix.clusters, ...matrix.registries].some(({ cells }) =>
    cells.some(
      ({ value, because }) =>
        value === "unknown" && because.some(({ gap }) => gap?.kind !== "drift-rule-unknown"),
    ),
  );
  if (read.value.subscriptions.some(({ state }) => state)) return "neutral";
  return clusters.length > 0 && !unknown ? "good" : "neutral";
}
