import type { Definitions } from "../../src/definitions/load.ts";
import { knownAlertTypes } from "../../src/domain/catalogue/alert-types/alert-types.ts";
import { features } from "../../src/domain/catalogue/features.ts";
import { parametersOf } from "../../src/domain/catalogue/policy-parameters.ts";
import { knownRecommendations, recommendationsSource } from "../../src/domain/catalogue/recommendations.ts";
import { attackUrl, findTechnique } from "../../src/domain/catalogue/threat-matrix.ts";
import { recommendationTypes } from "../../src/domain/recommendations/recommendation.ts";
import { scenariosForAlert, scenariosForRecommendation } from "../../src/domain/simulations/proofs/proofs.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";
import { tacticsText } from "../../src/message/alerts/tactics.ts";
import { typeWord } from "../../src/message/recommendations/recommendation-words.ts";
import { severityWord } from "../../src/message/words.ts";
import { table } from "./definitions.ts";

const say = sentences({
  en: {
    made: "Generated from the catalogue by `npm run documents`; a test fails when it is out of date.",
    "alert-types": "Alert types",
    recommendations: "Recommendations",
    "alert-types-about":
      "`/defender help ALERT-TYPE` explains one, and says whether it can occur in your estate. An alert type that isn't here is shown by its own text. The techniques are matched by Breakwater; Defender doesn't name them.",
    "recommendations-about":
      "`/defender help RECOMMENDATION` explains one with Azure's own description, and what it says of your estate. A recommendation that isn't here is shown by its own text; its type follows from what it assesses.",
    id: "Alert type",
    title: "Title",
    means: "What it means",
    severity: "Severity",
    tactics: "Tactics",
    techniques: "Techniques",
    simulated: "Simulated by",
    source: "Source",
    varies: "comes with the alert",
    name: "Recommendation",
    key: "Key",
    policy: "Policy definition",
    parameters: "Parameters",
    until: "Listed until",
    also: "also: {{names}}",
  },
  ja: {
    made: "カタログから `npm run documents` で生成しています。古くなるとテストが失敗します。",
    "alert-types": "アラートの種類",
    recommendations: "推奨事項",
    "alert-types-about":
      "`/defender help アラートの種類` で、意味とこの環境で発生しうるかどうかを確認できます。ここにない種類は、アラート自体の文言で表示します。手法の対応付けは Breakwater によるもので、Defender が示すものではありません。",
    "recommendations-about":
      "`/defender help 推奨事項` で、Azure の説明とこの環境での状態を確認できます。ここにない推奨事項は、それ自体の文言で表示し、種類は評価の対象から判断します。",
    id: "アラートの種類",
    title: "タイトル",
    means: "意味",
    severity: "重大度",
    tactics: "戦術",
    techniques: "手法",
    simulated: "シミュレーション",
    source: "出典",
    varies: "アラートごとに異なる",
    name: "推奨事項",
    key: "キー",
    policy: "ポリシー定義",
    parameters: "パラメーター",
    until: "掲載の終了日",
    also: "別名: {{names}}",
  },
});

const none = "–";

/** The reference page of alert types, by what detects them. */
export function alertTypesPage({ scenarios }: Pick<Definitions, "scenarios">, language: Language): string {
  const words = say(language);
  const groups = Map.groupBy(knownAlertTypes, ({ feature }) => feature);
  const keys = ["id", "title", "means", "severity", "tactics", "techniques", "simulated"] as const;
  const header = keys.map((key) => words(key));
  const sections = [...groups].map(([feature, some]) => {
    const name = features.find(({ id }) => id === feature)?.name[language] ?? feature;
    const rows = some.map((one) => [
      one.id ? `\`${one.id}\`` : none,
      one.title,
      one.means[language],
      one.severity === "unknown" ? words("varies") : severityWord(one.severity, language),
      tacticsText(one.tactics, language) || none,
      one.techniques.map(techniqueText).join(", ") || none,
      scenariosForAlert(one, scenarios).join(", ") || none,
    ]);
    const sources = [...new Set(some.map(({ source }) => source))].join("; ");
    return [`## ${name}`, `${words("source")}: ${sources}`, table(header, rows)];
  });
  return page([`# ${words("alert-types")}`, words("made"), words("alert-types-about"), ...sections.flat()]);
}

function techniqueText(id: string): string {
  const known = findTechnique(id);
  const links = known?.attack.map((attack) => `[${attack}](${attackUrl(attack)})`) ?? [];
  return [known?.name ?? id, links.length > 0 ? `(${links.join(", ")})` : ""].filter(Boolean).join(" ");
}

/** The reference page of recommendations, by type. */
export function recommendationsPage(
  { scenarios }: Pick<Definitions, "scenarios">,
  language: Language,
): string {
  const words = say(language);
  const keys = ["name", "severity", "key", "policy", "parameters", "until", "simulated"] as const;
  const header = keys.map((key) => words(key));
  const sections = recommendationTypes.map((type) => {
    const rows = knownRecommendations
      .filter((one) => one.type === type)
      .map((one) => {
        const own = (language === "ja" && one.nameJa) || one.name;
        const names = [...(own === one.name ? [] : [one.name]), ...(one.also ?? [])];
        return [
          names.length > 0 ? `${own} (${words("also", { names: names.join("; ") })})` : own,
          severityWord(one.severity, language),
          one.key ? `\`${one.key}\`` : none,
          one.policy ? `\`${one.policy}\`` : none,
          parametersOf(one.policy)
            .map(({ word }) => `\`${word}\``)
            .join(", ") || none,
          one.until ?? none,
          scenariosForRecommendation(one, scenarios).join(", ") || none,
        ];
      });
    return [`## ${typeWord(type, language)}`, table(header, rows)];
  });
  const source = `${words("source")}: ${recommendationsSource}`;
  return page([
    `# ${words("recommendations")}`,
    words("made"),
    words("recommendations-about"),
    source,
    ...sections.flat(),
  ]);
}

const page = (parts: readonly string[]) => `${parts.join("\n\n")}\n`;
