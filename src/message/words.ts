import type { AlertState } from "../domain/alert.ts";
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
    counted: "{{word}} {{number}} 件",
    comma: "、",
  },
});

/** `High` · `高`: Microsoft's own words. */
export function severityWord(severity: Severity, language: Language): string {
  return words(language)(severity);
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
