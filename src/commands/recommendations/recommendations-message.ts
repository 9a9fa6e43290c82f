import { type Read, readWhole } from "../../domain/reading/reading.ts";
import {
  type Assessments,
  type Recommendation,
  type RecommendationType,
  recommendationTypes,
} from "../../domain/recommendations/recommendation.ts";
import { countRecommendations } from "../../domain/recommendations/recommendation-summary.ts";
import { type SecureScores, scoreEffects } from "../../domain/recommendations/secure-score.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import type { Severity } from "../../domain/severity.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { assessmentsFile } from "../../message/recommendations/assessments-file.ts";
import { typeWord } from "../../message/recommendations/recommendation-words.ts";
import {
  scoreCell,
  scoreFact,
  scoreLabel,
  unscoredParts,
} from "../../message/recommendations/secure-score.ts";
import { notAssessed, unassessedParts } from "../../message/recommendations/unassessed.ts";
import { withFilters } from "../../message/scope.ts";
import { severityCell, severityCounts } from "../../message/words.ts";

const say = sentences({
  en: {
    exempt_one: "{{count}} resource is exempt and not counted: {{line}}",
    exempt_other: "{{count}} resources are exempt and not counted: {{line}}",
    some_one: "{{number}} open recommendation: {{severities}}",
    some_other: "{{number}} open recommendations: {{severities}}",
    none: "No open recommendations",
    off: "No recommendations: Foundational CSPM isn't on",
    unassessed: "Defender reports no recommendations here, neither open nor done",
    caption: "Open recommendations, worst first",
    number: "#",
    severity: "Severity",
    risk: "Risk",
    type: "Type",
    title: "Recommendation",
    unhealthy: "Affected",
    healthy: "Healthy",
    open: "Show affected resources of …",
  },
  ja: {
    exempt_other: "除外されているため数えていないリソース: {{count}} 個 ({{line}})",
    some_other: "未対応の推奨事項 {{number}} 件: {{severities}}",
    none: "未対応の推奨事項はありません",
    off: "推奨事項はありません: Foundational CSPM が有効ではありません",
    unassessed: "ここには Defender の推奨事項がありません (対応済みのものを含む)",
    caption: "未対応の推奨事項 (重要な順)",
    number: "#",
    severity: "重大度",
    risk: "リスク",
    type: "種類",
    title: "推奨事項",
    unhealthy: "対象",
    healthy: "正常",
    open: "対象リソースを表示…",
  },
});

/** `assessed`: Defender looked at something there; without the plan it looks at nothing. */
type Asked = {
  scope?: Scope;
  type?: RecommendationType;
  severity?: Severity;
  csv: boolean;
  assessed: boolean;
};

/** The answer of `recommendations`: counts by severity and type, every open one as a table, the way down for the worst. */
export function recommendationsMessage(
  read: Read<Recommendation[]> & Omit<Assessments, "assessments">,
  { scope, type, severity, csv, assessed }: Asked,
  language: Language,
): Message {
  const words = say(language);
  const { unassessed, scores } = read;
  // Without Foundational CSPM there is no score either: that is said already.
  const unscored = (scores?.unscored ?? []).filter(({ id }) => !unassessed.some((one) => one.id === id));
  const open = read.value.filter(({ unhealthy }) => unhealthy.length > 0);
  const scopeWords = scope ? [scopeText(scope)] : [];
  const options = open.map(({ key, title }, index) => ({
    label: `${index + 1}. ${title}`,
    line: commandLine(["recommendation", key, ...scopeWords]),
  }));
  const parts: Part[] =
    open.length === 0
      ? []
      : [
          {
            facts: [...typeFacts(open, language), ...(scores ? [scoreFact(scores, language)] : [])],
          },
          table(open, scores, language),
          { actions: [{ label: words("open"), menu: "select", options }] },
          ...(csv ? [assessmentsFile(open, read.asOf, language)] : []),
        ];
  const nowhere = unassessed.some(({ state }) => state === "off") ? words("off") : words("unassessed");
  const some = assessed || read.unread.length > 0;
  const first = some ? `${headline(open, language)}${notAssessed(read, language)}` : nowhere;
  const filters = { scope, severity, more: type ? [typeWord(type, language)] : [] };
  const known = read.value.every(({ unknown }) => unknown === 0) && unassessed.length === 0;
  const isGood = open.length === 0 && assessed && known && readWhole(read);
  return {
    headline: withFilters(`${first}${partly(read, language)}`, filters, language),
    tone: open.some(isBad) ? "bad" : isGood ? "good" : "warning",
    parts: [
      ...parts,
      ...exemptNote(read.value, language),
      ...unassessedParts(unassessed, language),
      ...(scores && open.length > 0 ? unscoredParts({ ...scores, unscored }, language) : []),
      ...asOf(read, language),
    ],
  };
}

/** What is exempt is in no count: it's said apart. */
function exemptNote(all: readonly Recommendation[], language: Language): Part[] {
  const count = all.reduce((sum, { exempt }) => sum + exempt.length, 0);
  if (count === 0) return [];
  const line = { code: "/defender exemptions" };
  return [{ note: say(language).rich("exempt", { count, line }) }];
}

function headline(open: readonly Recommendation[], language: Language): string {
  const totals = countRecommendations(open).map(({ severity, total }) => [severity, total]);
  const severities = severityCounts(Object.fromEntries(totals), language);
  const number = formatNumber(open.length, language);
  return say(language)(open.length > 0 ? "some" : "none", { count: open.length, number, severities });
}

/** One fact for each type: `Data plane` → `3 High, 5 Medium`. */
function typeFacts(open: readonly Recommendation[], language: Language): [string, Sentence][] {
  const counts = countRecommendations(open);
  return recommendationTypes.flatMap((type): [string, Sentence][] => {
    const ofType = counts.map((row) => [row.severity, row.counts[type]]);
    const said = severityCounts(Object.fromEntries(ofType), language);
    return said ? [[typeWord(type, language), said]] : [];
  });
}

function table(open: readonly Recommendation[], scores: SecureScores | undefined, language: Language): Part {
  const words = say(language);
  const risky = open.some(({ risk }) => risk !== undefined);
  const effect = scores && scores.scores.length > 0 ? scoreEffects(scores) : undefined;
  const rows = open.map((one, index): Cell[] => [
    { number: index + 1 },
    severityCell(one.severity, language),
    ...(risky ? [one.risk ? severityCell(one.risk, language) : "–"] : []),
    typeWord(one.type, language),
    one.title,
    { number: one.unhealthy.length },
    { number: one.healthy },
    ...(effect ? [scoreCell(effect(one.unhealthy), language)] : []),
  ]);
  const right = (key: "number" | "unhealthy" | "healthy") => ({ label: words(key), align: "right" as const });
  return {
    table: {
      caption: words("caption"),
      columns: [
        right("number"),
        { label: words("severity") },
        ...(risky ? [{ label: words("risk") }] : []),
        { label: words("type") },
        { label: words("title") },
        right("unhealthy"),
        right("healthy"),
        ...(effect ? [{ label: scoreLabel(language), align: "right" as const }] : []),
      ],
      rows,
      pageSize: 10,
    },
  };
}

const isBad = ({ severity }: Recommendation) => severity === "high" || severity === "critical";
