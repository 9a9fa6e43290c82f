import { planNames } from "../../domain/catalogue/extensions.ts";
import type { FeatureGroup } from "../../domain/catalogue/features.ts";
import type { FeatureCell } from "../../domain/coverage/feature-matrix.ts";
import { type FeatureValue, featureValues, type Reason } from "../../domain/coverage/feature-value.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline } from "../message.ts";
import { gapSentence } from "./gap-texts.ts";

const say = sentences({
  en: {
    on: "on",
    partial: "partial",
    off: "off",
    unknown: "unknown",
    "not-applicable": "not applicable",
    counted: "{{number}} {{word}}",
    share: "{{on}} of {{of}}",
    "share-unknown": "{{on}} of {{of}}, {{unknown}} unknown",
    evidence: "{{said}} ({{source}}, {{time}})",
    provided: "{{evidence}}, provided by {{plan}}",
    posture: "Posture",
    vulnerability: "Vulnerabilities",
    runtime: "Runtime protection",
    newer: "Newer features",
  },
  ja: {
    on: "オン",
    partial: "一部",
    off: "オフ",
    unknown: "不明",
    "not-applicable": "対象外",
    counted: "{{word}} {{number}}",
    share: "{{of}} 件中 {{on}} 件",
    "share-unknown": "{{of}} 件中 {{on}} 件、不明 {{unknown}} 件",
    evidence: "{{said}} ({{source}}、{{time}})",
    provided: "{{evidence}}、{{plan}} で提供",
    posture: "体制管理",
    vulnerability: "脆弱性評価",
    runtime: "ランタイム保護",
    newer: "新しい機能",
  },
});

export function valueWord(value: FeatureValue, language: Language): string {
  return say(language)(value);
}

export function switchWord(value: Known<"on" | "off">, language: Language): string {
  return say(language)(value.known ? value.value : "unknown");
}

export function groupWord(group: FeatureGroup, language: Language): string {
  return say(language)(group);
}

const shares = new Map<string, string>();

/** `3 of 5, 1 unknown`: how many are on among those that apply. What is unknown is always said. */
export function shareWords(
  { off, partial, unknown, on }: Record<FeatureValue, number>,
  language: Language,
): string {
  const of = off + partial + unknown + on;
  if (of === 0) return valueWord("not-applicable", language);
  // No more of them than a catalogue of some twenty features can make.
  const question = [language, on, of, unknown].join();
  const said =
    shares.get(question) ?? say(language)(unknown > 0 ? "share-unknown" : "share", { on, of, unknown });
  shares.set(question, said);
  return said;
}

/** `12 on, 3 off, 1 unknown`: every value that occurs; "not applicable" where none does. */
export function countedWords(counts: Record<FeatureValue, number>, language: Language): string {
  const words = say(language);
  const order: FeatureValue[] = ["on", ...featureValues.filter((value) => value !== "on")];
  const said = order
    .filter((value) => counts[value] > 0)
    .map((value) => words("counted", { number: counts[value], word: words(value) }));
  return formatItems(said, language) || words("not-applicable");
}

/** Where a value comes from: the call, what it said, when, and the plan that provides it. */
export function evidenceWords({ evidence, plan }: Reason, language: Language): Inline[] {
  const words = say(language);
  const { said, source, at } = evidence;
  const time = { time: at, style: "clock" as const };
  const pieces: Inline[] = words.rich("evidence", { said, source, time });
  if (plan === undefined || plan === "Containers") return pieces;
  const [before = "", after = ""] = words("provided", {
    evidence: "\n",
    plan: planNames[plan][language],
  }).split("\n");
  return [before, ...pieces, after].filter((piece) => piece !== "");
}

/** Why a feature is not on, in a sentence; "" where nothing keeps it from being. */
export function reasonSentence({ because }: FeatureCell, language: Language): string {
  const gaps = because.flatMap(({ gap }) => (gap ? [gapSentence(gap, language)] : []));
  return [...new Set(gaps)].join(" ");
}
