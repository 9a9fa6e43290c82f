import type { CommandDefinition } from "../definitions/command.ts";
import type { ArgumentShape } from "../definitions/schema.ts";
import { UserError } from "../errors.ts";
import { formatList, formatNumber } from "../locales/format.ts";
import { type Said, sentences } from "../locales/sentences.ts";
import { optionName } from "../message/line.ts";
import { languages } from "../text/language.ts";
import { nearest } from "../text/likeness.ts";

const texts = {
  en: {
    command: "Unknown command “{{word}}”.",
    option: "Unknown option “{{word}}” for “{{command}}”.",
    options: "Use one of: {{options}}.",
    noOptions: "This command has no options.",
    value: "Invalid value “{{word}}” for {{name}}. Use {{expects}}.",
    valueUnknown: "Invalid value “{{word}}” for {{name}}.",
    empty: "Missing value for {{name}}. Use {{expects}}.",
    missing: "Missing {{name}}. Add {{expects}}.",
    extra: "Unexpected argument “{{word}}” for “{{command}}”. Put names with spaces in quotes.",
    quote: "Missing closing quotation mark. Put one at the end of the quoted text.",
    long: "This command is too long ({{length}} characters). Use at most {{most}}; a pattern such as cluster:aks-* covers many names.",
    meant: "Did you mean “{{candidate}}”?",
    anyText: "a value",
  },
  ja: {
    command: "不明なコマンドです: {{word}}。",
    option: "{{command}} に不明なオプションが指定されています: {{word}}。",
    options: "使えるオプション: {{options}}。",
    noOptions: "このコマンドにオプションはありません。",
    value: "{{name}} の値が正しくありません: {{word}}。指定できる値: {{expects}}。",
    valueUnknown: "{{name}} の値が正しくありません: {{word}}。",
    empty: "{{name}} の値がありません。指定できる値: {{expects}}。",
    missing: "{{name}} を指定してください: {{expects}}。",
    extra: "{{command}} に不要な引数があります: {{word}}。空白を含む名前は引用符で囲んでください。",
    quote: "引用符が閉じられていません。末尾に引用符を付けてください。",
    long: "コマンドが長すぎます ({{length}} 文字)。{{most}} 文字以内で入力してください。複数の名前は cluster:aks-* のようなパターンでまとめて指定できます。",
    meant: "もしかして: {{candidate}}",
    anyText: "値",
  },
};
const say = sentences(texts);
type Key = Said<keyof (typeof texts)["en"]>;
type Part = { key: Key; en: Record<string, string>; ja: Record<string, string> };

/** The first word names no command; the nearest one that is shown in `help` is suggested. */
export function unknownCommand(word: string, names: Iterable<string>): UserError {
  const candidate = nearest(word, names);
  return error([part("command", { word: shorten(word) }), ...meant(candidate)], candidate ?? "help");
}

export function unknownOption(
  command: string,
  word: string,
  shapes: ArgumentShape[],
  example?: string,
): UserError {
  const names = shapes.map(({ name }) => `--${optionName(name)}`);
  const candidate = nearest(word.replace(/^-+/, ""), [...shapes.map(({ name }) => optionName(name)), "help"]);
  const known =
    names.length === 0
      ? part("noOptions", {})
      : {
          key: "options" as const,
          en: { options: formatList(names, "en") },
          ja: { options: names.join("、") },
        };
  const hint = candidate ? meant(`--${candidate}`) : [known];
  return error([part("option", { command, word: shorten(word) }), ...hint], example);
}

/** A value that the argument's schema refuses. */
export function wrongValue(shape: ArgumentShape, label: string, word: string, example?: string): UserError {
  const about = { word: shorten(word), name: label };
  const { words } = shape;
  if (!words) return error([part("valueUnknown", about)], example);
  const value: Part = {
    key: "value",
    en: { ...about, expects: words.expects.en },
    ja: { ...about, expects: words.expects.ja },
  };
  return error([value, ...meant(words.values && nearest(word, words.values))], example);
}

/** An argument without its value ("empty"), or one that is not there at all ("missing"). */
export function noValue(
  key: "empty" | "missing",
  shape: ArgumentShape,
  label: string,
  example?: string,
): UserError {
  const [en, ja] = languages.map((language) => ({
    name: label,
    expects: shape.words?.expects[language] ?? say(language)("anyText"),
  }));
  return error([{ key, en: en!, ja: ja! }], example);
}

export function extraWord(command: string, word: string, definition: CommandDefinition): UserError {
  return error([part("extra", { command, word: shorten(word) })], definition.examples[0]);
}

export function openQuote(): UserError {
  return error([part("quote", {})]);
}

export function tooLong(length: number, most: number): UserError {
  const [en, ja] = languages.map((language) => ({
    length: formatNumber(length, language),
    most: formatNumber(most, language),
  }));
  return error([{ key: "long", en: en!, ja: ja! }], "alerts cluster:aks-*");
}

function meant(candidate: string | undefined): Part[] {
  return candidate ? [part("meant", { candidate })] : [];
}

function part(key: Key, values: Record<string, string>): Part {
  return { key, en: values, ja: values };
}

function error(parts: Part[], example?: string): UserError {
  const text = (language: "en" | "ja", gap: string) =>
    parts.map((one) => say(language)(one.key, one[language])).join(gap);
  return new UserError({ en: text("en", " "), ja: text("ja", "") }, example);
}

function shorten(word: string): string {
  const letters = [...word];
  return letters.length > 60 ? `${letters.slice(0, 60).join("")}…` : word;
}
