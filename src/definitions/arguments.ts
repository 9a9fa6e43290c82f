import { z } from "zod";
import { recommendationTypes } from "../domain/recommendations/recommendation.ts";
import { parseScope, type Scope } from "../domain/scope/scope.ts";
import { severities } from "../domain/severity.ts";
import { topics } from "../domain/topics.ts";
import type { Language } from "../locales/language.ts";
import { languages } from "../text/language.ts";

/** What help says of a type of argument, and what an error says that it expects. */
export type ArgumentWords = {
  /** Names the value in a usage line: `SCOPE`. */
  word: string;
  expects: Record<Language, string>;
  /** Every allowed value, where they can be counted. */
  values?: readonly string[];
  /** Said in an error only: help has nothing to add to what the argument means. */
  obvious?: boolean;
};

/** The words of each type below; a definition's own types may be registered too. */
export const argumentWords = z.registry<ArgumentWords>();

/** One of some words, in any letter case. */
export function choice<const Values extends readonly [string, ...string[]]>(word: string, values: Values) {
  const expects = { en: `one of ${values.join(", ")}`, ja: `${values.join("、")} のいずれか` };
  return z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum(values))
    .register(argumentWords, { word, values, expects });
}

/** Free text: up to `longest` characters. */
export function text(word: string, longest = 500) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .register(argumentWords, {
      word,
      obvious: true,
      expects: { en: `1 to ${longest} characters`, ja: `1 ～ ${longest} 文字` },
    });
}

/** A switch: there or not. */
export const flag = z.boolean().default(false);

/** `--fresh`, a flag of every command that answers from a reading that everyone shares. */
export const freshTexts = {
  en: "Reads Azure now instead of using the latest shared reading; at most once a minute per person.",
  ja: "共有されている直近の読み取り結果を使わずに、Azure を読み直します (1 人につき 1 分に 1 回まで)。",
};

export const scope = z
  .string()
  .max(300)
  .transform((words, context): Scope => {
    const read = parseScope(words);
    if (read) return read;
    context.addIssue({ code: "custom", message: "not a scope" });
    return z.NEVER;
  })
  .register(argumentWords, {
    word: "SCOPE",
    expects: {
      en: "a subscription (name or ID), resource group, cluster or registry, or a glob of these; to be exact, put sub:, rg:, cluster: or registry: in front",
      ja: "サブスクリプション (名前または ID)、リソース グループ、クラスター、レジストリ、またはそのワイルドカード。先頭の sub:、rg:、cluster:、registry: で種類を限定できます",
    },
  });

export const severity = choice("SEVERITY", severities);
export const topic = choice("TOPIC", topics);
export const recommendationType = choice("TYPE", recommendationTypes);
export const language = choice("LANGUAGE", languages);
export const alertStateFilter = choice("STATE", ["active", "in-progress", "resolved", "dismissed", "all"]);

const units: Record<string, number> = {
  m: 60_000,
  min: 60_000,
  分: 60_000,
  h: 3_600_000,
  時間: 3_600_000,
  d: 86_400_000,
  日: 86_400_000,
  w: 604_800_000,
  週間: 604_800_000,
};
const longestDuration = 400 * units.d!;

/** Reads `24h`, `7d`, `90m`, `1d12h`, `2週間`; milliseconds, or undefined where it is none or over 400 days. */
export function readDuration(words: string): number | undefined {
  const compact = words.toLowerCase().replace(/\s+/g, "");
  if (!/^(\d{1,6}(\.\d{1,3})?(min|m|h|d|w|分|時間|日|週間))+$/.test(compact)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d{1,6}(?:\.\d{1,3})?)(min|m|h|d|w|分|時間|日|週間)/g)) {
    sum += Number(amount) * units[unit!]!;
  }
  return sum > 0 && sum <= longestDuration ? sum : undefined;
}

/** A length of time; its value is in milliseconds. */
export const duration = z
  .string()
  .transform((words, context): number => {
    const read = readDuration(words);
    if (read !== undefined) return read;
    context.addIssue({ code: "custom", message: "not a duration" });
    return z.NEVER;
  })
  .register(argumentWords, {
    word: "DURATION",
    expects: {
      en: "a time such as 90m, 24h or 7d, at most 400d",
      ja: "90m、24h、7d のような期間 (最長 400d)",
    },
  });
