import type { AlertState } from "../domain/alert.ts";
import type { Severity } from "../domain/severity.ts";
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
  },
});

/** `High` · `高`: Microsoft's own words. */
export function severityWord(severity: Severity, language: Language): string {
  return words(language)(severity);
}

/** `In progress` · `進行中`. */
export function stateWord(state: AlertState, language: Language): string {
  return words(language)(state);
}
