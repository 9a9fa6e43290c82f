import type { Language as AnyLanguage } from "../text/language.ts";

/** `en` or `ja`. */
export type Language = AnyLanguage;

/** Slack gives `ja-JP`, `en-GB`, …: anything but Japanese is answered in English. */
export function languageOf(locale: string | undefined, fallback: Language = "en"): Language {
  if (!locale) return fallback;
  return locale.toLowerCase().startsWith("ja") ? "ja" : "en";
}
