import type { Hunt } from "../../src/domain/hunts/hunts.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";
import { severityWord } from "../../src/message/words.ts";

const say = sentences({
  en: {
    title: "Hunts",
    made: "Generated from the query files by `npm run documents`; a test fails when it is out of date.",
    intro:
      "Run one with `/defender hunt NAME [SCOPE]`. How to add your own: [operations](../operations.md#own-hunts).",
    severity: "Severity",
    action: "What to do",
    limit: "Limits",
    needs: "Permissions beyond the role's minimum",
    details: "CVE details at the scope of the tenant or a management group",
    parameter: "Takes",
    query: "Query",
  },
  ja: {
    title: "ハント",
    made: "クエリ ファイルから `npm run documents` で生成しています。古くなるとテストが失敗します。",
    intro:
      "`/defender hunt 名前 [範囲]` で実行します。独自のハントの追加方法: [運用](../operations.md#own-hunts)。",
    severity: "重大度",
    action: "対処方法",
    limit: "制限",
    needs: "追加で必要な権限",
    details: "テナントまたは管理グループのスコープの CVE の詳細",
    parameter: "指定するもの",
    query: "クエリ",
  },
});

/** The page of the hunts that come with the bot. */
export function huntsPage(hunts: readonly Hunt[], language: Language): string {
  const words = say(language);
  const sections = hunts.map((hunt) => {
    const { title, question, explanation, action, limit } = hunt.texts[language];
    const needs = [...hunt.needs.map((one) => `\`${one}\``), ...(hunt.details ? [words("details")] : [])];
    const facts = [
      `**${words("severity")}:** ${severityWord(hunt.severity, language)}`,
      `**${words("action")}:** ${action}`,
      ...(limit ? [`**${words("limit")}:** ${limit}`] : []),
      ...(needs.length > 0 ? [`**${words("needs")}:** ${needs.join(", ")}`] : []),
      ...(hunt.parameter ? [`**${words("parameter")}:** \`--${hunt.parameter}\``] : []),
      `**${words("query")}:** [${hunt.name}.kql](../../src/azure/queries/hunts/${hunt.name}.kql)`,
    ];
    return [`## ${hunt.name}`, `**${title}** — ${question}`, explanation, facts.join("  \n")].join("\n\n");
  });
  return `${[`# ${words("title")}`, words("made"), words("intro"), ...sections].join("\n\n")}\n`;
}
