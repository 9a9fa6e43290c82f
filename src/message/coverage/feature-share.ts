import { features } from "../../domain/catalogue/features.ts";
import { type FeatureMatrix, isThere } from "../../domain/coverage/feature-matrix.ts";
import { type FeatureValue, featureValues } from "../../domain/coverage/feature-value.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

const say = sentences({
  en: {
    everywhere_one: "Yes, on the {{number}} place where it exists: {{names}}",
    everywhere_other: "Yes, on all {{number}} places where it exists: {{names}}",
    on: "Yes on {{names}}",
    partial: "in part on {{names}}",
    off: "no on {{names}}",
    unknown: "unknown on {{names}}",
    "not-applicable": "not applicable on {{names}}",
    nowhere: "There is no cluster or registry that it's for",
    more: "{{names}} +{{count}}",
    stop: "; ",
  },
  ja: {
    everywhere_other: "はい ({{number}} 件すべて: {{names}})",
    on: "はい: {{names}}",
    partial: "一部: {{names}}",
    off: "いいえ: {{names}}",
    unknown: "不明: {{names}}",
    "not-applicable": "対象外: {{names}}",
    nowhere: "対象となるクラスターまたはレジストリがありません",
    more: "{{names}} ほか {{count}} 件",
    stop: "、",
  },
});

const namesShown = 4;
const order: FeatureValue[] = ["on", ...featureValues.filter((value) => value !== "on")];

/** Whether a feature works here: `Yes on aks-a, aks-b +2; no on aks-c; unknown on aks-d`. */
export function featureShare(matrix: FeatureMatrix, feature: string, language: Language): string {
  const words = say(language);
  const index = features.findIndex(({ id }) => id === feature);
  const cells = [...matrix.clusters, ...matrix.registries].flatMap(({ on, cells }) => {
    const cell = cells[index];
    return cell && isThere(cell) ? [{ name: on.name, value: cell.value }] : [];
  });
  if (cells.length === 0) return words("nowhere");
  const names = (value: FeatureValue) => cells.filter((one) => one.value === value).map(({ name }) => name);
  const on = names("on");
  if (on.length === cells.length) {
    const about = { count: on.length, number: formatNumber(on.length, language), names: some(on, language) };
    return words("everywhere", about);
  }
  const said = order.flatMap((value) => {
    const here = names(value);
    return here.length > 0 ? [words(value, { names: some(here, language) })] : [];
  });
  const [first = "", ...rest] = said.join(words("stop"));
  return `${first.toUpperCase()}${rest.join("")}`;
}

function some(names: readonly string[], language: Language): string {
  const shown = formatItems(names.slice(0, namesShown), language);
  const count = names.length - namesShown;
  return count > 0 ? say(language)("more", { names: shown, count }) : shown;
}
