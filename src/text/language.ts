/** The languages that everything said to a user exists in. */
export const languages = ["en", "ja"] as const;
export type Language = (typeof languages)[number];
