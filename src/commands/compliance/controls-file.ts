import type { Compliance } from "../../domain/compliance/compliance.ts";
import { controlStates } from "../../domain/compliance/compliance.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: {
    title_one: "Controls by subscription ({{number}} row)",
    title_other: "Controls by subscription ({{number}} rows)",
    left: "The file has the first {{kept}} rows, failed ones first; {{left}} are left out. Narrow it down with --standard or a scope.",
  },
  ja: {
    title_other: "サブスクリプションごとのコントロール ({{number}} 行)",
    left: "ファイルには不合格のものから順に {{kept}} 行を含め、{{left}} 行は省略しました。--standard または範囲で絞り込んでください。",
  },
});

/** More rows than this are no file that a spreadsheet opens at once. */
const mostRows = 50_000;
const header = [
  "standard",
  "control",
  "title",
  "state",
  "failedAssessments",
  "passedAssessments",
  "skippedAssessments",
  "subscription",
  "subscriptionId",
];

/** Each control in each subscription, the failed ones first; the header is for machines, the same in each language. */
export function controlsFile(
  { standards, titles }: Compliance,
  { at, name }: { at: string; name: string },
  language: Language,
): Part[] {
  const titlesOf = new Map(titles.map((one) => [one.key, one.titles]));
  const all = standards.flatMap((standard) => standard.controls.map((control) => ({ standard, control })));
  if (all.length === 0) return [];
  const rank = new Map(controlStates.map((state, index) => [state, index]));
  const rows = all
    .sort((a, b) => rank.get(a.control.state)! - rank.get(b.control.state)!)
    .slice(0, mostRows)
    .map(({ standard, control }) => [
      standard.name,
      control.id,
      titlesOf.get(standard.key)?.[control.id] ?? "",
      control.state,
      control.failed,
      control.passed,
      control.skipped,
      standard.subscription.name,
      standard.subscription.id,
    ]);
  const words = say(language);
  const number = formatNumber(rows.length, language);
  const title = words("title", { count: rows.length, number });
  const left = all.length - rows.length;
  return [
    { file: { name: `${name}-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`, title, csv: [header, ...rows] } },
    ...(left > 0 ? [{ note: words("left", { kept: number, left: formatNumber(left, language) }) }] : []),
  ];
}
