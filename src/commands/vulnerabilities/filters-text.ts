import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { withFilters } from "../../message/scope.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: { fixable: "fixable", running: "running" },
  ja: { fixable: "修正版があるもの", running: "実行中のもの" },
});

/** The headline with what the answer was narrowed down to. */
export function filtered(
  headline: string,
  { severity, fixable, running }: Filters,
  language: Language,
): string {
  const words = say(language);
  const more = [fixable ? words("fixable") : "", running ? words("running") : ""];
  return withFilters(headline, { severity, more }, language);
}
