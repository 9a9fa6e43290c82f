import type { SimulationEvent } from "../../domain/simulations/events.ts";
import type { ExpectationVerdict, Run } from "../../domain/simulations/simulation.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../message.ts";
import { mayBeAll } from "./clean-up.ts";
import { targetName } from "./request.ts";
import { checkWhy, failureWhy } from "./words.ts";

const say = sentences({
  en: {
    whole_one: "Detected the expected {{what}} in {{time}}",
    whole_other: "Detected all {{count}} expected {{what}} in {{time}}",
    part: "Detected {{detected}} of {{count}} expected {{what}} in {{time}}",
    nothing: "Detected none of {{count}} expected {{what}}",
    late: "{{late}} of them late",
    missing: "{{missing}} missing: {{titles}}",
    more: "{{titles}} and {{count}} more",
    "not-here": "No detection was possible here ({{why}}); the attack ran",
    extra: "Nothing was required, {{count}} came",
    alert_one: "alert",
    alert_other: "alerts",
    finding_one: "finding",
    finding_other: "findings",
    recommendation_one: "recommendation",
    recommendation_other: "recommendations",
    failed: "Failed: {{why}}",
    cancelled: "Cancelled",
    refused: "Refused",
    expired: "Nobody decided in time",
    left_one: "{{count}} object is left",
    left_other: "{{count}} objects are left",
    "left-all": "what it created may be left",
    place: "{{said}} · {{scenario}} on {{target}}",
    join: "; ",
  },
  ja: {
    whole_one: "期待した{{what}}を {{time}}で検出しました",
    whole_other: "期待した{{what}} {{count}} 件すべてを {{time}}で検出しました",
    part: "期待した{{what}} {{count}} 件のうち {{detected}} 件を {{time}}で検出しました",
    nothing: "期待した{{what}} {{count}} 件はいずれも検出されませんでした",
    late: "うち {{late}} 件は遅れて検出",
    missing: "未検出 {{missing}} 件: {{titles}}",
    more: "{{titles}} ほか {{count}} 件",
    "not-here": "ここでは検出できません ({{why}})。攻撃は実行しました",
    extra: "必須の項目はなく、{{count}} 件が検出されました",
    alert_one: "アラート",
    alert_other: "アラート",
    finding_one: "検出結果",
    finding_other: "検出結果",
    recommendation_one: "推奨事項",
    recommendation_other: "推奨事項",
    failed: "失敗: {{why}}",
    cancelled: "中止しました",
    refused: "却下されました",
    expired: "期限内に承認されませんでした",
    left_one: "{{count}} 件が残っています",
    left_other: "{{count}} 件が残っています",
    "left-all": "作成したものが残っている可能性があります",
    place: "{{said}} · {{target}} での {{scenario}}",
    join: "。",
  },
});

/** The answer in one line: `Detected 3 of 4 expected alerts in 6 min; 1 missing: … · web-shell on aks-demo`. */
export function verdictHeadline(event: SimulationEvent, language: Language): string {
  const { run } = event;
  const words = say(language);
  const left = run.cleanUp?.left.length ?? 0;
  const said = [endSaid(event, language), ...(left > 0 ? [leftSaid(run, language)] : [])].join(words("join"));
  return words("place", { said, scenario: run.scenario, target: targetName(run) });
}

function leftSaid({ cleanUp }: Run, language: Language): string {
  const words = say(language);
  const { left } = cleanUp!;
  return mayBeAll({ left }) ? words("left-all") : words("left", { count: left.length });
}

function endSaid(event: SimulationEvent, language: Language): string {
  const { state, failure } = event.run;
  const words = say(language);
  if (state === "failed" && failure) return words("failed", { why: failureWhy(failure.what, language) });
  if (state === "failed") return words("failed", { why: "–" });
  if (state === "cancelled" || state === "refused" || state === "expired") return words(state);
  return verdictSaid(event, language);
}

/** What was detected of what was required; where nothing could be expected here, that. */
export function verdictSaid({ run, about }: SimulationEvent, language: Language): string {
  const words = say(language);
  const required = run.verdicts.filter(isExpected);
  const came = required.filter(({ verdict }) => verdict === "detected" || verdict === "late");
  const missing = required.filter(({ verdict }) => verdict === "missing");
  const late = came.filter(({ verdict }) => verdict === "late").length;
  const kinds = new Set(about.expects.map(({ kind }) => kind ?? "alert"));
  const kind = kinds.size === 1 ? [...kinds][0]! : "finding";
  const count = required.length;
  if (count === 0) return withoutRequired(run.verdicts, language);
  const slowest = Math.max(...came.map(({ seconds }) => seconds ?? 0));
  const values = {
    count,
    detected: came.length,
    what: words(kind, { count }),
    time: came.length > 0 ? formatDuration(slowest * 1000, language) : "",
  };
  const key = came.length === count ? "whole" : came.length > 0 ? "part" : "nothing";
  const titles = titlesOf(missing, language);
  return [
    words(key, values),
    ...(late > 0 ? [words("late", { late })] : []),
    ...(missing.length > 0 ? [words("missing", { missing: missing.length, titles })] : []),
  ].join(words("join"));
}

function withoutRequired(verdicts: readonly ExpectationVerdict[], language: Language): string {
  const words = say(language);
  const why = verdicts.find(({ verdict }) => verdict === "not-expected")?.why;
  const came = verdicts.filter(({ verdict }) => verdict === "detected" || verdict === "late").length;
  return why ? words("not-here", { why: checkWhy(why, language) }) : words("extra", { count: came });
}

function titlesOf(verdicts: readonly ExpectationVerdict[], language: Language): string {
  const shown = verdicts.slice(0, 3).map(({ title }) => title[language]);
  const titles = shown.join(", ");
  const rest = verdicts.length - shown.length;
  return rest > 0 ? say(language)("more", { titles, count: rest }) : titles;
}

/** Green where everything required came, red where something is missing or left, grey where nothing can be said. */
export function verdictTone({ state, verdicts, cleanUp }: Run): Message["tone"] {
  if (state === "failed" || (cleanUp?.left.length ?? 0) > 0) return "bad";
  if (state !== "reported") return "neutral";
  const required = verdicts.filter(isExpected);
  if (required.some(({ verdict }) => verdict === "missing")) return "bad";
  if (required.some(({ verdict }) => verdict === "late")) return "warning";
  return required.length > 0 ? "good" : "neutral";
}

function isExpected({ required, verdict }: ExpectationVerdict): boolean {
  return required && verdict !== "not-expected";
}
