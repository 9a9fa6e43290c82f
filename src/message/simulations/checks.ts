import type { ScenarioAbout } from "../../domain/simulations/events.ts";
import type { CheckResult, Preflight } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part, Sentence } from "../message.ts";
import { checkSubject, checkWhy } from "./words.ts";

const say = sentences({
  en: {
    ok_one: "Preflight: {{count}} check passed",
    ok_other: "Preflight: {{count}} checks passed",
    "run-command": "Private API server: commands run through Azure (AKS run-command).",
    unexpected: "Can't be detected here ({{why}}): {{titles}}",
    warning: "{{check}}: needs attention",
    unknown: "{{check}}: unknown",
    "drift-rule":
      "Drift rules can't be read. A missing drift alert may mean that the rule ignores drift, which is the default.",
  },
  ja: {
    ok_other: "実行前チェック: {{count}} 件合格",
    "run-command": "API サーバーがプライベートのため、Azure 経由でコマンドを実行します (AKS run-command)。",
    unexpected: "この環境では検出対象外 ({{why}}): {{titles}}",
    warning: "{{check}}: 要確認",
    unknown: "{{check}}: 不明",
    "drift-rule":
      "ドリフト ルール: 読み取れません。ドリフトのアラートが発生しない場合、ルールがドリフトを無視している (既定) 可能性があります。",
  },
});

/** Preflight result: problems, what can't be detected here and why, and how many checks passed. */
export function checkParts(
  preflight: Preflight,
  expects: ScenarioAbout["expects"],
  language: Language,
): Part[] {
  const words = say(language);
  const passed = preflight.checks.filter(({ state }) => state === "ok").length;
  const problems = preflight.checks.filter(({ state }) => state !== "ok");
  const listed: Sentence[] = [
    ...problems.map((check) => checkSentence(check, language)),
    ...unexpectedSentences(preflight, expects, language),
  ];
  return [
    ...(listed.length > 0 ? [{ list: listed }] : []),
    { note: words("ok", { count: passed }) },
    ...(preflight.how === "run-command" ? [{ note: words("run-command") }] : []),
  ];
}

/** One check that did not pass, with the detail from Azure or Kubernetes. */
export function checkSentence({ name, state, said: detail }: CheckResult, language: Language): Sentence {
  const words = say(language);
  if (name === "drift-rule") return words("drift-rule");
  const check = checkSubject(name, language);
  const sentence =
    state === "failed"
      ? capital(checkWhy(name, language))
      : words(state === "warning" ? "warning" : "unknown", { check });
  return detail ? [sentence, " – ", { code: detail }] : sentence;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What can't be detected here, one line per reason. */
function unexpectedSentences(
  { unexpected }: Preflight,
  expects: ScenarioAbout["expects"],
  language: Language,
): string[] {
  const entries = Object.entries(unexpected).flatMap(([index, why]) =>
    why ? [{ title: expects[Number(index)]?.title[language] ?? "", why }] : [],
  );
  return [...Map.groupBy(entries, ({ why }) => why)].map(([why, some]) => {
    const titles = some.map(({ title }) => title).join(", ");
    return say(language)("unexpected", { why: checkWhy(why, language), titles });
  });
}
