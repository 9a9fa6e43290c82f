import { type ControlState, controlStates } from "../../domain/compliance/compliance.ts";
import type { StateCounts } from "../../domain/compliance/summary.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

const words = sentences({
  en: {
    failed: "Failed",
    passed: "Passed",
    skipped: "Skipped",
    manual: "Manual",
    unknown: "Unknown",
    counted: "{{number}} {{word}}",
  },
  ja: {
    failed: "不合格",
    passed: "合格",
    skipped: "スキップ",
    manual: "手動確認",
    unknown: "不明",
    counted: "{{word}} {{number}} 件",
  },
});

/** `Failed` · `不合格`. */
export function controlStateWord(state: ControlState, language: Language): string {
  return words(language)(state);
}

/** `5 failed, 3 passed` · `不合格 5 件、合格 3 件`: what is not zero, the worst first. */
export function countedStates(counts: Partial<StateCounts>, language: Language): string {
  const said = controlStates.flatMap((state) => {
    const count = counts[state] ?? 0;
    const word = controlStateWord(state, language);
    const small = language === "en" ? word.toLowerCase() : word;
    return count > 0
      ? [words(language)("counted", { number: formatNumber(count, language), word: small })]
      : [];
  });
  return formatItems(said, language);
}
