/** The languages that everything said to a user exists in. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

/** Slack gives `ja-JP`, `en-GB`, …: anything but Japanese is answered in English. */
export function languageOf(locale: string | undefined, fallback: Language = "en"): Language {
  if (!locale) return fallback;
  return locale.toLowerCase().startsWith("ja") ? "ja" : "en";
}
