import type { Access } from "../domain/access.ts";
import { formatDuration } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { optionName } from "../message/line.ts";
import type { CommandDefinition } from "./command.ts";
import { type ArgumentShape, argumentShapes } from "./schema.ts";

const say = sentences({
  en: {
    anyone: "everyone",
    member: "members of the workspace (not guests)",
    operator: "operators",
    approver: "approvers",
    default: "Default: {{value}}.",
    repeat: "May be repeated.",
  },
  ja: {
    anyone: "全員",
    member: "ワークスペースのメンバー (ゲストを除く)",
    operator: "オペレーター",
    approver: "承認者",
    default: "既定値: {{value}}。",
    repeat: "繰り返し指定できます。",
  },
});

/** Who may run a command, as help and the reference say it. */
export function accessText(access: Access, language: Language): string {
  return say(language)(access);
}

/** `alerts [SCOPE] [--severity SEVERITY] [--csv]`. */
export function usageLine(name: string, definition: CommandDefinition): string {
  return [name, ...inOrder(definition).map((shape) => usageOf(shape, definition))].join(" ");
}

/** `alerts [SCOPE] …`: positional words only; the dots where there are options too. */
export function shortUsage(name: string, definition: CommandDefinition): string {
  const shapes = inOrder(definition);
  const positional = shapes.filter((shape) => definition.positional?.includes(shape.name));
  const words = positional.map((shape) => usageOf(shape, definition));
  return [name, ...words, ...(positional.length < shapes.length ? ["…"] : [])].join(" ");
}

/** One argument as help shows it: how it is written, and what it means. */
export type ArgumentLine = { written: string; meaning: string };

export function argumentLines(definition: CommandDefinition, language: Language): ArgumentLine[] {
  const words = say(language);
  return inOrder(definition).map((shape) => {
    const meaning = definition.argumentTexts?.[shape.name]?.[language];
    const expects = shape.words?.obvious ? undefined : shape.words?.expects[language];
    const fallback = fallbackText(shape, language);
    const sentences = [
      meaning,
      expects && (language === "ja" ? `${expects}。` : `${capital(expects)}.`),
      fallback && words("default", { value: fallback }),
      shape.list ? words("repeat") : undefined,
    ];
    return {
      written: written(shape, definition),
      meaning: sentences.filter(Boolean).join(language === "ja" ? "" : " "),
    };
  });
}

/** Positional words first, in their order, then the options. */
function inOrder(definition: CommandDefinition): ArgumentShape[] {
  const shapes = argumentShapes(definition.arguments);
  const positional = (definition.positional ?? []).flatMap((key) =>
    shapes.filter(({ name }) => name === key),
  );
  return [...positional, ...shapes.filter((shape) => !positional.includes(shape))];
}

function usageOf(shape: ArgumentShape, definition: CommandDefinition): string {
  const text = `${written(shape, definition)}${shape.list ? " …" : ""}`;
  return shape.required ? text : `[${text}]`;
}

function written(shape: ArgumentShape, definition: CommandDefinition): string {
  const word = shape.words?.word ?? optionName(shape.name).toUpperCase();
  if (definition.positional?.includes(shape.name)) return word;
  return shape.flag ? `--${optionName(shape.name)}` : `--${optionName(shape.name)} ${word}`;
}

function fallbackText({ fallback, words, flag }: ArgumentShape, language: Language): string | undefined {
  if (flag || fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return undefined;
  if (words?.word === "DURATION" && typeof fallback === "number") return formatDuration(fallback, language);
  return String(fallback);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
