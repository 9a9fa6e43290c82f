import { formatList } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";
import { severityFloor } from "../../message/words.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    only: "Filtered: {{filters}}.",
    fixable: "fixable",
    running: "running",
  },
  ja: {
    only: "絞り込み: {{filters}}。",
    fixable: "修正版があるもの",
    running: "実行中のもの",
  },
});

/** What the answer was narrowed down to, where it was. */
export function filtersText({ severity, fixable, running }: Filters, language: Language): Part[] {
  const words = say(language);
  const filters = [
    severity ? severityFloor(severity, language) : "",
    fixable ? words("fixable") : "",
    running ? words("running") : "",
  ].filter(Boolean);
  return filters.length > 0 ? [{ note: words("only", { filters: formatList(filters, language) }) }] : [];
}
