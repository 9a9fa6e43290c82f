import type { Compliance } from "../../domain/compliance/compliance.ts";
import { type StandardSummary, summarizeCompliance } from "../../domain/compliance/summary.ts";
import type { DayCompliance } from "../../domain/compliance/watch/state.ts";
import { type Read, readWhole } from "../../domain/reading/reading.ts";
import { type Located, type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { standardsTable } from "../../message/compliance/standards-table.ts";
import { complianceTrend } from "../../message/compliance/trend.ts";
import { cisUnassignedParts, noStandardParts } from "../../message/compliance/unassigned.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { controlsFile } from "./controls-file.ts";

const say = sentences({
  en: {
    some_one: "{{failed}} of {{assessed}} assessed controls failed in {{number}} standard",
    some_other: "{{failed}} of {{assessed}} assessed controls failed in {{number}} standards",
    none: "No regulatory standard is assigned",
    "none-read": "No regulatory standard could be read",
    cis: " · CIS AKS isn't assigned in {{number}}",
    open: "Show controls of …",
    csv: "Every control as CSV",
    whole: "Defender assesses standards for a subscription as a whole: {{names}}.",
  },
  ja: {
    some_other: "評価済みコントロール {{assessed}} 件中 {{failed}} 件が不合格 · 標準 {{number}} 件",
    none: "規制標準が割り当てられていません",
    "none-read": "規制標準を読み取れませんでした",
    cis: " · CIS AKS の割り当てなし: {{number}} 個",
    open: "コントロールを表示…",
    csv: "すべてのコントロール (CSV)",
    whole: "標準はサブスクリプション全体に対して評価されます: {{names}}。",
  },
});

export type AskedStandards = {
  scope?: Scope;
  csv: boolean;
  portal: string;
  /** Figures of earlier days. */
  days: readonly DayCompliance[];
  /** Subscriptions with clusters where CIS AKS is not assigned. */
  unassigned: readonly Located["subscription"][];
};

/** The answer of `compliance`: each standard with its controls by state, where CIS AKS is missing, the way down. */
export function standardsMessage(read: Read<Compliance>, asked: AskedStandards, language: Language): Message {
  const { scope, csv, unassigned, portal } = asked;
  const words = say(language);
  const standards = summarizeCompliance(read.value);
  const some = standards.length > 0;
  const cis =
    unassigned.length > 0 ? words("cis", { number: formatNumber(unassigned.length, language) }) : "";
  const first = some
    ? `${failedText(standards, language)}${cis}`
    : words(read.unread.length > 0 ? "none-read" : "none");
  return {
    headline: withFilters(`${first}${partly(read, language)}`, { scope }, language),
    tone: toneOf(standards, readWhole(read) && unassigned.length === 0),
    parts: [
      ...(some ? [standardsTable(standards, language)] : []),
      ...complianceTrend(upToNow(read, standards, asked.days), language),
      ...(some ? [waysDown(standards, asked, language)] : []),
      ...cisUnassignedParts(unassigned, portal, language),
      ...(some || unassigned.length > 0 ? [] : noStandardParts(portal, language)),
      ...(csv ? controlsFile(read.value, { at: read.asOf, name: "compliance" }, language) : []),
      ...wholeNote(read, scope, language),
      ...asOf(read, language),
    ],
  };
}

/** Figures of earlier days, and those of this reading where it is newer and lacks nothing. */
function upToNow(
  read: Read<Compliance>,
  standards: readonly StandardSummary[],
  days: readonly DayCompliance[],
): readonly DayCompliance[] {
  const last = days.at(-1)?.slot;
  if (last === undefined || last >= read.asOf || !readWhole(read)) return days;
  return [...days, { slot: read.asOf, standards: [...standards] }];
}

function failedText(standards: readonly StandardSummary[], language: Language): string {
  const sum = (of: "failed" | "passed") => standards.reduce((total, { counts }) => total + counts[of], 0);
  return say(language)("some", {
    count: standards.length,
    number: formatNumber(standards.length, language),
    failed: formatNumber(sum("failed"), language),
    assessed: formatNumber(sum("failed") + sum("passed"), language),
  });
}

/** Good only where something passed, nothing failed, and all of it is known. */
export function toneOf(
  standards: readonly Pick<StandardSummary, "counts" | "missing">[],
  whole: boolean,
): Message["tone"] {
  if (standards.some(({ counts }) => counts.failed > 0)) return "bad";
  const known = standards.every(({ counts, missing }) => counts.unknown === 0 && missing === 0);
  return whole && known && standards.some(({ counts }) => counts.passed > 0) ? "good" : "warning";
}

function waysDown(
  standards: readonly StandardSummary[],
  { scope, csv }: AskedStandards,
  language: Language,
): Part {
  const words = say(language);
  const where = scope ? [scopeText(scope)] : [];
  const options = standards.map(({ key, name }) => ({
    label: name,
    line: commandLine(["compliance", ...where], { standard: key }),
  }));
  const file = { label: words("csv"), line: commandLine(["compliance", ...where], { csv: true }) };
  return { actions: [{ label: words("open"), menu: "select", options }, ...(csv ? [] : [file])] };
}

/** What a scope that is smaller than a subscription was widened to. */
export function wholeNote(read: Read<Compliance>, scope: Scope | undefined, language: Language): Part[] {
  if (!scope || scope.kind === "sub" || read.value.standards.length === 0) return [];
  const names = [...new Set(read.value.standards.map(({ subscription }) => subscription.name))];
  const shown = names.length > 3 ? [...names.slice(0, 3), "…"] : names;
  return [{ note: say(language)("whole", { names: shown.join(", ") }) }];
}
