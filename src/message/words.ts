import type { AlertState } from "../domain/alerts/alert.ts";
import { type Severity, severities } from "../domain/severity.ts";
import { formatNumber } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";

const words = sentences({
  en: {
    critical: "Critical",
    high: "High",
    medium: "Medium",
    low: "Low",
    informational: "Informational",
    unknown: "Unknown",
    active: "Active",
    "in-progress": "In progress",
    resolved: "Resolved",
    dismissed: "Dismissed",
    floor: "{{word}} or higher",
    top: "{{word}}",
    counted: "{{number}} {{word}}",
    comma: ", ",
  },
  ja: {
    critical: "重大",
    high: "高",
    medium: "中",
    low: "低",
    informational: "情報",
    unknown: "不明",
    active: "アクティブ",
    "in-progress": "進行中",
    resolved: "解決済み",
    dismissed: "無視",
    floor: "重大度「{{word}}」以上",
    top: "重大度「{{word}}」",
    counted: "{{word}} {{number}} 件",
    comma: "、",
  },
});

/** `High` · `高`: Microsoft's own words. */
export function severityWord(severity: Severity, language: Language): string {
  return words(language)(severity);
}

export const severitySigns: Record<Severity, string> = {
  ...{ critical: "🔴", high: "🟠", medium: "🟡" },
  ...{ low: "🔵", informational: "⚪", unknown: "⚪" },
};

/** `🟠 High`: in the cell of a table, where the worst must be seen at a glance. */
export function severityCell(severity: Severity, language: Language): string {
  return `${severitySigns[severity]} ${severityWord(severity, language)}`;
}

/** `High or higher` · `重大度「高」以上`: what a severity as a filter lets through; nothing is worse than critical. */
export function severityFloor(severity: Severity, language: Language): string {
  const key = severity === "critical" ? "top" : "floor";
  return words(language)(key, { word: severityWord(severity, language) });
}

/** `1 Critical, 3 High` · `重大 1 件、高 3 件`: what is not zero, the worst first; "" where everything is. */
export function severityCounts(
  counts: Partial<Record<Severity, number>> | undefined,
  language: Language,
): string {
  const say = words(language);
  return severities
    .flatMap((severity) => {
      const count = counts?.[severity] ?? 0;
      const word = severityWord(severity, language);
      return count > 0 ? [say("counted", { number: formatNumber(count, language), word })] : [];
    })
    .join(say("comma"));
}

/** `In progress` · `進行中`. */
export function stateWord(state: AlertState, language: Language): string {
  return words(language)(state);
}
