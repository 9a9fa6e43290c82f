import type { Compliance } from "../../domain/compliance/compliance.ts";
import type { ControlSummary, StandardSummary } from "../../domain/compliance/summary.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { controlStateWord, countedStates } from "../../message/compliance/words.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Table } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { controlsFile } from "./controls-file.ts";
import { toneOf, wholeNote } from "./standards-message.ts";

const say = sentences({
  en: {
    headline: "{{name}}: {{counted}}",
    empty: "{{name}}: no control could be read",
    caption: "Controls, failed first",
    control: "Control",
    title: "Title",
    state: "State",
    where: "Failed in subscriptions",
    of: "{{number}} of {{total}}",
    assessments: "Failed assessments",
    open: "Show assessments of …",
    csv: "Every control as CSV",
    missing_one: "{{number}} control couldn't be read.",
    missing_other: "{{number}} controls couldn't be read.",
    manual: "Manual controls have no assessment in Defender: someone has to check them.",
  },
  ja: {
    headline: "{{name}}: {{counted}}",
    empty: "{{name}}: コントロールを読み取れませんでした",
    caption: "コントロール (不合格が先)",
    control: "コントロール",
    title: "名称",
    state: "状態",
    where: "不合格のサブスクリプション",
    of: "{{total}} 個中 {{number}} 個",
    assessments: "不合格の評価",
    open: "評価を表示…",
    csv: "すべてのコントロール (CSV)",
    missing_other: "{{number}} 件のコントロールを読み取れませんでした。",
    manual: "手動確認のコントロールには Defender の評価がないため、人による確認が必要です。",
  },
});

export type AskedStandard = { scope?: Scope; csv: boolean };

/** The answer of `compliance --standard`: every control, the failed ones first, and the way to its assessments. */
export function controlsMessage(
  read: Read<Compliance>,
  standard: StandardSummary,
  asked: AskedStandard,
  language: Language,
): Message {
  const words = say(language);
  const { name, counts, missing, controls } = standard;
  const { scope, csv } = asked;
  const key = controls.length > 0 ? "headline" : "empty";
  const first = words(key, { name, counted: countedStates(counts, language) });
  const at = { at: read.asOf, name: "compliance-controls" };
  return {
    headline: withFilters(`${first}${partly(read, language)}`, { scope }, language),
    tone: toneOf([standard], readWhole(read)),
    parts: [
      ...(controls.length > 0 ? [table(standard, language), waysDown(standard, asked, language)] : []),
      ...(missing > 0
        ? [{ note: words("missing", { count: missing, number: formatNumber(missing, language) }) }]
        : []),
      ...(counts.manual > 0 ? [{ note: words("manual") }] : []),
      ...(csv ? controlsFile(read.value, at, language) : []),
      ...wholeNote(read, scope, language),
      ...asOf(read, language),
    ],
  };
}

function table({ controls, subscriptions }: StandardSummary, language: Language): Table {
  const words = say(language);
  const right = (key: "where" | "assessments") => ({ label: words(key), align: "right" as const });
  const several = subscriptions > 1;
  return {
    table: {
      caption: words("caption"),
      columns: [
        { label: words("control") },
        { label: words("state") },
        { label: words("title") },
        ...(several ? [right("where")] : []),
        right("assessments"),
      ],
      rows: controls.map((one): Cell[] => [
        one.id,
        controlStateWord(one.state, language),
        one.title || "–",
        ...(several ? [whereText(one, language)] : []),
        assessmentsText(one, language),
      ]),
      pageSize: 10,
    },
  };
}

function whereText({ failedIn, subscriptions }: ControlSummary, language: Language): Cell {
  const total = Object.values(subscriptions).reduce((sum, one) => sum + one, 0);
  return { number: failedIn.length, text: say(language)("of", { number: failedIn.length, total }) };
}

function assessmentsText({ failed, passed, skipped }: ControlSummary, language: Language): Cell {
  const total = failed + passed + skipped;
  return total > 0 ? { number: failed, text: say(language)("of", { number: failed, total }) } : "–";
}

function waysDown(
  { key, controls }: StandardSummary,
  { scope, csv }: AskedStandard,
  language: Language,
): Part {
  const words = say(language);
  const line = ["compliance", ...(scope ? [scopeText(scope)] : [])];
  const options = controls.map(({ id, title }) => ({
    label: title ? `${id} ${title}` : id,
    line: commandLine(line, { standard: key, control: id }),
  }));
  const file = { label: words("csv"), line: commandLine(line, { standard: key, csv: true }) };
  return { actions: [{ label: words("open"), menu: "select", options }, ...(csv ? [] : [file])] };
}
