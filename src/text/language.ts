/** The languages that everything said to a user exists in. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];

/** Chooses one of two texts side by side, for rooms that take no sentences of `locales`. */
export type Choose = (texts: Record<Language, string>) => string;

export function chooserOf(language: Language): Choose {
  return (texts) => texts[language];
}
