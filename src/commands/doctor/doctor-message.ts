import type { Check } from "../../domain/check.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline, Message, Part, Sentence } from "../../message/message.ts";
import type { Examination } from "./examine.ts";
import { figures, figuresLine } from "./figures.ts";
import { findings } from "./findings.ts";
import { sizesTable } from "./sizes-table.ts";

const say = sentences({
  en: {
    good_one: "{{count}} check passed",
    good_other: "All {{count}} checks passed",
    bad_one: "{{bad}} of {{count}} check failed",
    bad_other: "{{bad}} of {{count}} checks failed",
    unknown_one: "{{bad}} of {{count}} check couldn't be completed",
    unknown_other: "{{bad}} of {{count}} checks couldn't be completed",
    "and-unknown": "{{headline}} · {{unknown}} unknown",
    fix: " → {{fix}}",
    more: "and {{count}} more",
    passed_one: "{{count}} check passed",
    passed_other: "{{count}} checks passed",
    all: "Show all checks",
    check: "Check",
    result: "Result",
    fine: "OK",
  },
  ja: {
    good_other: "{{count}} 件の確認はすべて正常です",
    bad_other: "{{count}} 件の確認のうち {{bad}} 件に問題があります",
    unknown_other: "{{count}} 件の確認のうち {{bad}} 件を完了できませんでした",
    "and-unknown": "{{headline}} · 不明 {{unknown}} 件",
    fix: " → {{fix}}",
    more: "ほか {{count}} 件",
    passed_other: "{{count}} 件の確認は正常",
    all: "すべての確認を表示",
    check: "確認項目",
    result: "結果",
    fine: "正常",
  },
});

const problemsShown = 25;

/**
 * The answer of `doctor`: problems with their fixes, then how many checks passed.
 *
 * @param verbose has every check, the figures and the sizes of what is stored
 */
export function doctorMessage(
  seen: Examination,
  now: string,
  { language, verbose }: { language: Language; verbose: boolean },
): Message {
  const words = say(language);
  const checks = findings(seen, now, language);
  const failed = checks.filter(({ state }) => state === "failed");
  const unknown = checks.filter(({ state }) => state === "unknown");
  const passed = checks.filter(({ state }) => state === "ok");
  const problems = [...failed, ...unknown];
  const shown = verbose ? problems : problems.slice(0, problemsShown);
  const left = problems.length - shown.length;
  const list: Sentence[] = shown.map((check) => problemLine(check, language));
  const parts: Part[] = [
    ...(list.length > 0 ? [{ list: left > 0 ? [...list, words("more", { count: left })] : list }] : []),
    ...(verbose
      ? details(seen, passed, now, language)
      : summary(seen, problems.length > 0 ? passed.length : 0, language)),
  ];
  return {
    headline: headline(failed.length, unknown.length, checks.length, language),
    tone: failed.length > 0 ? "bad" : unknown.length > 0 ? "warning" : "good",
    parts,
  };
}

function headline(failed: number, unknown: number, count: number, language: Language): string {
  const words = say(language);
  if (failed === 0) return unknown > 0 ? words("unknown", { bad: unknown, count }) : words("good", { count });
  const all = words("bad", { bad: failed, count });
  return unknown > 0 ? words("and-unknown", { headline: all, unknown }) : all;
}

function problemLine({ name, state, said, fix }: Check, language: Language): Inline[] {
  const how = fix ? say(language)("fix", { fix }) : "";
  return [state === "failed" ? "❌ " : "⚠️ ", { strong: name }, `: ${said}${how}`];
}

/** @param passed 0 where the headline says it already */
function summary(seen: Examination, passed: number, language: Language): Part[] {
  const words = say(language);
  return [
    ...(passed > 0 ? [{ sentence: `✅ ${words("passed", { count: passed })}` }] : []),
    { note: figuresLine(seen, language) },
    { actions: [{ label: words("all"), line: "doctor --verbose" }] },
  ];
}

function details(seen: Examination, passed: readonly Check[], now: string, language: Language): Part[] {
  const words = say(language);
  const sizes = sizesTable(seen.sizes, language);
  const checks: Part = {
    table: {
      caption: words("passed", { count: passed.length }),
      columns: [{ label: words("check") }, { label: words("result") }],
      rows: passed.map(({ name, said }) => [name, said || words("fine")]),
      pageSize: 10,
    },
  };
  return [
    ...(passed.length > 0 ? [checks] : []),
    { facts: figures(seen, now, language) },
    ...(sizes ? [sizes] : []),
  ];
}
