import type { ScenarioAbout } from "../../domain/simulations/events.ts";
import type { CheckResult, Preflight } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part, Sentence } from "../message.ts";
import { checkSubject, checkWhy } from "./words.ts";

const say = sentences({
  en: {
    ok_one: "{{count}} check is fine.",
    ok_other: "{{count}} checks are fine.",
    "run-command": "The API server is private: Azure runs the commands (AKS run-command).",
    unexpected: "Not expected here ({{why}}): {{titles}}",
    warning: "{{check}}: to note",
    unknown: "{{check}}: not known",
    "drift-rule":
      "Drift rules: cannot be read. A drift alert that does not come may mean that the rule ignores drift, which is the default.",
  },
  ja: {
    ok_one: "確認 {{count}} 件は問題ありません。",
    ok_other: "確認 {{count}} 件は問題ありません。",
    "run-command": "API サーバーがプライベートのため、Azure 経由でコマンドを実行します (AKS run-command)。",
    unexpected: "ここでは対象外 ({{why}}): {{titles}}",
    warning: "{{check}}: 注意",
    unknown: "{{check}}: 不明",
    "drift-rule":
      "ドリフト ルール: 読み取れません。ドリフトのアラートが発生しない場合、ルールがドリフトを無視している (既定) 可能性があります。",
  },
});

/** What the check found: what cannot fire here and why, what is not as it should be, and how many are fine. */
export function checkParts(
  preflight: Preflight,
  expects: ScenarioAbout["expects"],
  language: Language,
): Part[] {
  const words = say(language);
  const fine = preflight.checks.filter(({ state }) => state === "ok").length;
  const notable = preflight.checks.filter(({ state }) => state !== "ok");
  const listed: Sentence[] = [
    ...notable.map((check) => checkSentence(check, language)),
    ...unexpectedSentences(preflight, expects, language),
  ];
  return [
    ...(listed.length > 0 ? [{ list: listed }] : []),
    { note: words("ok", { count: fine }) },
    ...(preflight.how === "run-command" ? [{ note: words("run-command") }] : []),
  ];
}

/** One check that is not fine, with the far side's own words behind it. */
export function checkSentence({ name, state, said }: CheckResult, language: Language): Sentence {
  const words = say(language);
  if (name === "drift-rule") return words("drift-rule");
  const check = checkSubject(name, language);
  const sentence =
    state === "failed"
      ? capital(checkWhy(name, language))
      : words(state === "warning" ? "warning" : "unknown", { check });
  return said ? [sentence, " – ", { code: said }] : sentence;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What cannot fire here, one line for each reason. */
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
