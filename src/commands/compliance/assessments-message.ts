import type { ControlAssessment } from "../../domain/compliance/compliance.ts";
import type { ControlSummary } from "../../domain/compliance/summary.ts";
import { type AssessmentSummary, summarizeAssessments } from "../../domain/compliance/summary.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { controlStateWord } from "../../message/compliance/words.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Table } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";

const say = sentences({
  en: {
    headline: "{{state}}: {{id}} {{title}}",
    standard: "Standard",
    failed: "Failed in",
    more: "{{names}} and {{count}} more",
    none: "Defender has no assessment for this control: someone has to check it.",
    caption: "Assessments, failed first",
    assessment: "Assessment",
    state: "State",
    "failed-resources": "Failed resources",
    "passed-resources": "Passed",
    "skipped-resources": "Skipped",
    category: "All recommendations of category {{title}}",
    microsoft: "{{title}} (Microsoft's responsibility)",
    open: "Show resources of …",
    missing_one: "{{number}} assessment couldn't be read.",
    missing_other: "{{number}} assessments couldn't be read.",
    file_one: "Assessments by subscription ({{number}} row)",
    file_other: "Assessments by subscription ({{number}} rows)",
  },
  ja: {
    headline: "{{state}}: {{id}} {{title}}",
    standard: "標準",
    failed: "不合格",
    more: "{{names}} ほか {{count}} 個",
    none: "このコントロールには Defender の評価がないため、人による確認が必要です。",
    caption: "評価 (不合格が先)",
    assessment: "評価",
    state: "状態",
    "failed-resources": "不合格のリソース",
    "passed-resources": "合格",
    "skipped-resources": "スキップ",
    category: "カテゴリ {{title}} のすべての推奨事項",
    microsoft: "{{title}} (Microsoft の責任範囲)",
    open: "リソースを表示…",
    missing_other: "{{number}} 件の評価を読み取れませんでした。",
    file_other: "サブスクリプションごとの評価 ({{number}} 行)",
  },
});

const namesShown = 5;

export type AskedControl = {
  scope?: Scope;
  csv: boolean;
  standard: { key: string; name: string };
  control: ControlSummary;
};

/** The answer of `compliance --control`: its assessments, the failed ones first, and the way to their resources. */
export function assessmentsMessage(
  read: Read<ControlAssessment[]> & { missing: number },
  asked: AskedControl,
  language: Language,
): Message {
  const words = say(language);
  const { control, standard, scope, csv } = asked;
  const all = summarizeAssessments(read.value);
  const state = controlStateWord(control.state, language);
  const first = words("headline", { state, id: control.id, title: control.title });
  const counted = control.failed + control.passed + control.skipped;
  // An answer without any: then all that the control counts are missing.
  const missing = all.length > 0 ? read.missing : counted;
  const good = control.state === "passed" && readWhole(read) && missing === 0;
  return {
    headline: withFilters(`${first}${partly(read, language)}`, { scope }, language),
    tone: control.state === "failed" ? "bad" : good ? "good" : "warning",
    parts: [
      {
        facts: [
          [words("standard"), standard.name],
          ...failedIn(control, language).map((names): [string, string] => [words("failed"), names]),
        ],
      },
      ...(all.length > 0
        ? [table(all, language), waysDown(all, asked, language)]
        : missing === 0 && readWhole(read)
          ? [{ sentence: words("none") }]
          : []),
      ...(missing > 0
        ? [{ note: words("missing", { count: missing, number: formatNumber(missing, language) }) }]
        : []),
      ...(csv && all.length > 0 ? [file(read, asked, language)] : []),
      ...asOf(read, language),
    ],
  };
}

function failedIn({ failedIn: all }: ControlSummary, language: Language): string[] {
  if (all.length === 0) return [];
  const names = formatItems(
    all.slice(0, namesShown).map(({ name }) => name),
    language,
  );
  const count = all.length - namesShown;
  return [count > 0 ? say(language)("more", { names, count }) : names];
}

function titleOf({ title, kind }: Pick<AssessmentSummary, "title" | "kind">, language: Language): string {
  return kind === "category" || kind === "microsoft" ? say(language)(kind, { title }) : title;
}

function table(all: readonly AssessmentSummary[], language: Language): Table {
  const words = say(language);
  const right = (of: "failed" | "passed" | "skipped") => ({
    label: words(`${of}-resources`),
    align: "right" as const,
  });
  return {
    table: {
      caption: words("caption"),
      columns: [
        { label: words("assessment") },
        { label: words("state") },
        right("failed"),
        right("passed"),
        right("skipped"),
      ],
      rows: all.map((one): Cell[] => [
        titleOf(one, language),
        controlStateWord(one.state, language),
        { number: one.failed },
        { number: one.passed },
        { number: one.skipped },
      ]),
      pageSize: 10,
    },
  };
}

/** A category is made of findings, which `vulnerabilities` shows. */
function waysDown(
  all: readonly AssessmentSummary[],
  { scope, standard, control }: AskedControl,
  language: Language,
): Part {
  const where = scope ? [scopeText(scope)] : [];
  const options = all.map((one) => ({
    label: titleOf(one, language),
    line:
      one.kind === "category"
        ? commandLine(["vulnerabilities", ...where])
        : commandLine(["compliance", ...where], {
            standard: standard.key,
            control: control.id,
            assessment: one.key,
          }),
  }));
  return { actions: [{ label: say(language)("open"), menu: "select", options }] };
}

const header =
  "standard,control,assessment,key,kind,state,failed,passed,skipped,subscription,subscriptionId".split(",");

function file(
  { value, asOf: at }: Read<ControlAssessment[]>,
  { standard, control }: AskedControl,
  language: Language,
): Part {
  const rows = value.map((one) => [
    standard.name,
    control.id,
    one.title,
    one.key,
    one.kind,
    one.state,
    one.failed,
    one.passed,
    one.skipped,
    one.subscription.name,
    one.subscription.id,
  ]);
  const number = formatNumber(rows.length, language);
  return {
    file: {
      name: `compliance-assessments-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
      title: say(language)("file", { count: rows.length, number }),
      csv: [header, ...rows],
    },
  };
}
