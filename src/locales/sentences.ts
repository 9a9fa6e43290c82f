import i18next, { type i18n } from "i18next";
import { formatNumber } from "./format.ts";
import type { Language } from "./language.ts";

/**
 * Sentences beside the code that says them. `{{name}}` is replaced; i18next's plural forms (`key_one`, `key_other`)
 * go by `count`, and numbers get their separators. The compiler refuses a Japanese side that lacks a key, or has a
 * singular: Japanese has one form for every number, `key_other`.
 */
export type Texts<Key extends string> = {
  en: Record<Key, string>;
  ja: Record<Exclude<Key, `${string}_one`>, string>;
};

type PluralEnding = "zero" | "one" | "two" | "few" | "many" | "other";
/** `alerts_one` and `alerts_other` are both said as `alerts`. */
export type Said<Key extends string> = Key extends `${infer Base}_${PluralEnding}` ? Base : Key;

/** Says a sentence as plain text, or, with `rich`, as pieces in which values may be links, times and people. */
export type Say<Key extends string> = {
  (key: Said<Key>, values?: Record<string, string | number>): string;
  rich<Piece extends object>(
    key: Said<Key>,
    values?: Record<string, string | number | Piece>,
  ): (string | Piece)[];
  readonly language: Language;
};

/**
 * Binds sentences to a language at the moment of use.
 * @param texts both languages side by side
 * @returns a function from language to `say`
 */
export function sentences<const Key extends string>(texts: Texts<Key>): (language: Language) => Say<Key> {
  const made = new Map<Language, Say<Key>>();
  let instance: i18n | undefined;
  return (language) => {
    let say = made.get(language);
    if (!say) {
      instance ??= i18nextOf(texts);
      say = sayIn<Key>(instance, language);
      made.set(language, say);
    }
    return say;
  };
}

function i18nextOf(texts: Texts<string>): i18n {
  const instance = i18next.createInstance();
  instance.init({
    initAsync: false,
    fallbackLng: "en",
    supportedLngs: ["en", "ja"],
    resources: { en: { translation: counted(texts.en) }, ja: { translation: counted(texts.ja) } },
    keySeparator: false,
    nsSeparator: false,
    // Texts are literal in a message; escaping is done once, in src/slack.
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  return instance;
}

/** `count` chooses the plural form as a number; what is said of it are its digits. */
function counted(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, text.replaceAll("{{count}}", "{{digits}}")]),
  );
}

/** Numbers as the language writes them, `12,345`; `count` beside its digits. */
function inDigits(values: Record<string, string | number>, language: Language) {
  const said = Object.entries(values).flatMap(([name, value]): [string, string | number][] => {
    if (typeof value !== "number") return [[name, value]];
    const digits = formatNumber(value, language);
    return name === "count"
      ? [
          [name, value],
          ["digits", digits],
        ]
      : [[name, digits]];
  });
  return Object.fromEntries(said);
}

function sayIn<Key extends string>(instance: i18n, language: Language): Say<Key> {
  // i18next's own types would need all resources of the program in one place.
  const translate = instance.getFixedT(language) as (
    key: string,
    values: Record<string, string | number>,
  ) => string;
  // Tables say the same word in thousands of cells.
  const words = new Map<Said<Key>, string>();
  const wordOf = (key: Said<Key>): string => {
    const said = words.get(key) ?? String(translate(key, {}));
    words.set(key, said);
    return said;
  };
  const plain = (key: Said<Key>, values?: Record<string, string | number>) =>
    values ? String(translate(key, inDigits(values, language))) : wordOf(key);
  const rich = <Piece extends object>(
    key: Said<Key>,
    values: Record<string, string | number | Piece> = {},
  ): (string | Piece)[] => {
    const objects: (string | Piece)[] = [];
    // A private-use mark replaces an object; texts from outside cannot name an index that does not exist.
    const flat: Record<string, string | number> = Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (typeof value === "number") return [name, value];
        objects.push(value);
        return [name, `\uE000${objects.length - 1}\uE001`];
      }),
    );
    return String(translate(key, inDigits(flat, language)))
      .split(/\uE000(\d+)\uE001/)
      .map((piece, index) => (index % 2 === 0 ? piece : objects[Number(piece)]!))
      .filter((piece) => piece !== "");
  };
  return Object.assign(plain, { rich, language });
}
