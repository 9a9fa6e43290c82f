import { z } from "zod";
import { flag, scope, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { type Read, readWhole, type Unread } from "../domain/reading.ts";
import type { Recommendation, Unassessed } from "../domain/recommendations/recommendation.ts";
import { isWholeCluster } from "../domain/recommendations/recommendation-generations.ts";
import { groupAssessments, recommendationOf } from "../domain/recommendations/recommendation-summary.ts";
import { type ScoreEffect, scoreEffects } from "../domain/recommendations/secure-score.ts";
import type { Scope } from "../domain/scope.ts";
import { assessmentsWithin } from "../domain/scoped-reading.ts";
import { UserError } from "../errors.ts";
import { formatItems, formatNumber } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { affectedObjectsParts } from "../message/affected-objects.ts";
import { asOf, partly } from "../message/as-of.ts";
import { assessmentsFile } from "../message/assessments-file.ts";
import { exemptParts } from "../message/exempt-resources.ts";
import { commandLine } from "../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../message/message.ts";
import { policyParametersParts } from "../message/policy-parameters.ts";
import { resourceKindWord, typeWord } from "../message/recommendation-words.ts";
import { noMatchMessage, withFilters } from "../message/scope.ts";
import { effectFact, effectParts } from "../message/secure-score.ts";
import { notAssessed, unassessedParts } from "../message/unassessed.ts";
import { severityCell } from "../message/words.ts";
import { exempted } from "../readings/exempted.ts";
import { parametersInForce } from "../readings/policy-parameters.ts";
import { findScope, subscriptionsWithin } from "../readings/scope.ts";
import { languages } from "../text/language.ts";

const texts = {
  en: {
    unknown: "Recommendation not found here. It may have been withdrawn.",
    unread: "Recommendation not found, but these couldn't be read: {{names}}.",
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
    unknown: "推奨事項が見つかりません (報告対象外になった可能性があります)。",
    unread: "読み取れた範囲に推奨事項が見つかりません。読み取れなかったもの: {{names}}。",
    bad_one: "{{title}}: 対象リソース {{number}} 件",
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
};
const say = sentences(texts);

export default command({
  texts: {
    en: { summary: "The resources that one recommendation is about; buttons use it" },
    ja: { summary: "推奨事項 1 件の対象リソース (ボタンが使います)" },
  },
  examples: ["recommendation <recommendation>", "recommendation <recommendation> sub:* --csv"],
  arguments: z.object({ key: text("KEY", 100), scope: scope.optional(), csv: flag }),
  positional: ["key", "scope"],
  argumentTexts: {
    key: { en: "The key of the recommendation.", ja: "推奨事項のキー。" },
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    csv: {
      en: "Adds the affected resources as a CSV file.",
      ja: "対象リソースを CSV ファイルで添付します。",
    },
  },
  access: "anyone",
  effect: "none",
  hidden: true,
  async run({ key, scope, csv }, ports, { language }) {
    const read = assessmentsWithin(await ports.readings.recommendations(), scope);
    const match = scope && read.value.length === 0 ? await findScope(ports, scope) : undefined;
    if (scope && match && match.kind !== "matched") {
      const again = (one: string) => commandLine(["recommendation", key, one], { csv });
      return noMatchMessage(scope, match, { language, again });
    }
    const asked = read.value.find((one) => one.key.toLowerCase() === key.toLowerCase());
    const same = read.value.filter((one) => asked && recommendationOf(one) === recommendationOf(asked));
    const [recommendation] = groupAssessments(same);
    if (!recommendation) throw notFound(read.unread);
    const unassessed = await subscriptionsWithin(ports, read.unassessed, scope);
    const clusters = recommendation.unhealthy.filter((one) => one.policy && isWholeCluster(one));
    const isDataPlane = recommendation.type === "data-plane" && clusters.length > 0;
    const objects = isDataPlane ? await ports.azure.affectedObjects(clusters) : undefined;
    const more = objects
      ? affectedObjectsParts({ ...objects, clusters: clusters.length, asOf: read.asOf, csv }, language)
      : [];
    const exempt = exemptParts(await exempted(ports, recommendation.exempt), language);
    const inForce = await parametersInForce(ports, recommendation.unhealthy);
    const parameters = policyParametersParts(inForce, language);
    const { scores } = read;
    const effect = scores && scoreEffects(scores)(recommendation.unhealthy);
    const score = scores && effect ? effectParts(effect, scores, language) : [];
    const result = { ...read, unassessed, value: recommendation };
    const about = { scope, csv, effect, more: [...more, ...parameters, ...exempt, ...score] };
    return recommendationMessage(result, about, language);
  },
});

function notFound(unread: readonly Unread[]): UserError {
  const said = languages.map((language) => {
    const names = formatItems(
      unread.slice(0, 5).map(({ id, name }) => name || id),
      language,
    );
    return say(language)(unread.length > 0 ? "unread" : "unknown", { names });
  });
  return new UserError({ en: said[0]!, ja: said[1]! }, "recommendations");
}

function recommendationMessage(
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
