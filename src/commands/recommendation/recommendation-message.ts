import { type Read, readWhole } from "../../domain/reading/reading.ts";
import type { Recommendation, Unassessed } from "../../domain/recommendations/recommendation.ts";
import type { ScoreEffect } from "../../domain/recommendations/secure-score.ts";
import type { Scope } from "../../domain/scope/scope.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { assessmentsFile } from "../../message/recommendations/assessments-file.ts";
import { resourceKindWord, typeWord } from "../../message/recommendations/recommendation-words.ts";
import { effectFact } from "../../message/recommendations/secure-score.ts";
import { notAssessed, unassessedParts } from "../../message/recommendations/unassessed.ts";
import { withFilters } from "../../message/scope.ts";
import { severityCell } from "../../message/words.ts";

const say = sentences({
  en: {
    bad_one: "{{title}}: {{number}} resource affected",
    bad_other: "{{title}}: {{number}} resources affected",
    good: "{{title}}: no resource affected",
    severity: "Severity",
    risk: "Risk level",
    type: "Type",
    counts: "Resources",
    "counts-value": "{{unhealthy}} affected, {{healthy}} healthy, {{rest}} not applicable",
    why: "Why",
    fix: "How to fix it",
    caption: "Affected resources",
    resource: "Resource",
    kind: "Kind",
    where: "Subscription",
    since: "Since",
    cause: "Cause",
  },
  ja: {
    bad_other: "{{title}}: 対象リソース {{number}} 件",
    good: "{{title}}: 対象リソースはありません",
    severity: "重大度",
    risk: "リスク レベル",
    type: "種類",
    counts: "リソース",
    "counts-value": "対象 {{unhealthy}}、正常 {{healthy}}、該当なし {{rest}}",
    why: "理由",
    fix: "修復方法",
    caption: "対象リソース",
    resource: "リソース",
    kind: "種類",
    where: "サブスクリプション",
    since: "検出",
    cause: "原因",
  },
});

/** The answer of `recommendation`: why, how to fix it, what is affected, and `more` between that and when it was read. */
export function recommendationMessage(
  read: Read<Recommendation> & { unassessed: Unassessed[] },
  { scope, csv, effect, more }: { scope?: Scope; csv: boolean; effect?: ScoreEffect; more: Part[] },
  language: Language,
): Message {
  const words = say(language);
  const { value: one } = read;
  const { unhealthy, healthy, notApplicable } = one;
  const number = formatNumber(unhealthy.length, language);
  const key = unhealthy.length > 0 ? "bad" : "good";
  const counts = words("counts-value", { unhealthy: unhealthy.length, healthy, rest: notApplicable });
  const portal = unhealthy.find((assessment) => assessment.portal)?.portal;
  const parts: (Part | undefined)[] = [
    {
      facts: [
        [words("severity"), severityCell(one.severity, language)],
        ...(one.risk ? [[words("risk"), severityCell(one.risk, language)] as [string, Sentence]] : []),
        [words("type"), typeWord(one.type, language)],
        [words("counts"), portal ? { link: counts, url: portal } : counts],
        ...(effect && unhealthy.length > 0 ? [effectFact(effect, language)] : []),
      ],
    },
    ...quoted(words("why"), one.description),
    ...quoted(words("fix"), one.remediation),
    unhealthy.length > 0 ? table(one, language) : undefined,
    ...more,
    csv && unhealthy.length > 0 ? assessmentsFile([one], read.asOf, language) : undefined,
    ...unassessedParts(read.unassessed, language),
    ...asOf(read, language),
  ];
  const said = words(key, { count: unhealthy.length, number, title: one.title });
  const headline = `${said}${notAssessed(read, language)}${partly(read, language)}`;
  const known = one.unknown === 0 && read.unassessed.length === 0 && readWhole(read);
  // What is not applicable everywhere was assessed nowhere.
  const well = healthy > 0 ? "good" : "neutral";
  return {
    headline: withFilters(headline, { scope }, language),
    tone: unhealthy.length > 0 || !known ? "warning" : well,
    parts: parts.filter((part) => part !== undefined),
  };
}

function quoted(title: string, quote: string): Part[] {
  return quote ? [{ sentence: { strong: title } }, { quote }] : [];
}

function columnsOf(risky: boolean) {
  return (["resource", "kind", "where", "risk", "since", "cause"] as const).filter(
    (key) => risky || key !== "risk",
  );
}

function table({ unhealthy, risk: worst }: Recommendation, language: Language): Part {
  const words = say(language);
  const risky = worst !== undefined;
  const columns = columnsOf(risky).map((key) => ({ label: words(key) }));
  const rows = unhealthy.map(({ resource, place, risk, since, cause, portal }): Cell[] => [
    portal ? { link: resource.name, url: portal } : resource.name,
    resourceKindWord(resource.kind, language),
    place.subscription.name,
    ...(risky ? [risk ? severityCell(risk, language) : "–"] : []),
    since?.slice(0, 10) ?? "–",
    cause || "–",
  ]);
  return { table: { caption: words("caption"), columns, rows, pageSize: 10 } };
}
