import { shortStandardName } from "../../domain/compliance/standards.ts";
import type { DayCompliance } from "../../domain/compliance/watch/state.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Chart } from "../message.ts";
import { slotLabels } from "../slot-labels.ts";

const say = sentences({
  en: { title: "Failed controls", unit: "controls" },
  ja: { title: "不合格のコントロール", unit: "コントロール" },
});

const daysShown = 20;
const seriesShown = 6;

/**
 * Failed controls by standard over the last days; undefined for fewer than two. It begins where each standard of today
 * has a figure: a standard that was not assigned had no failed controls that could be drawn.
 */
export function complianceTrend(days: readonly DayCompliance[], language: Language): Chart[] {
  const drawn = days.at(-1)?.standards.slice(0, seriesShown) ?? [];
  const failed = (at: DayCompliance, key: string) =>
    at.standards.find((one) => one.key === key)?.counts.failed;
  const gap = days.findLastIndex((at) => drawn.some(({ key }) => failed(at, key) === undefined));
  const shown = days.slice(gap + 1).slice(-daysShown);
  if (shown.length < 2 || drawn.length === 0) return [];
  return [
    {
      chart: {
        title: say(language)("title"),
        kind: "line",
        categories: slotLabels(shown.map(({ slot }) => slot)),
        series: drawn.map(({ key, name }) => ({
          name: shortStandardName(name),
          values: shown.map((at) => failed(at, key) ?? 0),
        })),
        unit: say(language)("unit"),
      },
    },
  ];
}
