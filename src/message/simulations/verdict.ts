import type { SimulationEvent } from "../../domain/simulations/events.ts";
import { type ExpectationVerdict, type Run, targetName } from "../../domain/simulations/simulation.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../message.ts";
import { anythingMayBeLeft } from "./clean-up.ts";
import { checkWhy, failureWhy } from "./words.ts";

const say = sentences({
  en: {
    whole_one: "Detected the expected {{what}} in {{time}}",
    whole_other: "Detected all {{count}} expected {{what}} in {{time}}",
    part: "Detected {{detected}} of {{count}} expected {{what}} in {{time}}",
    nothing: "Detected none of {{count}} expected {{what}}",
    late: "{{late}} of them late",
    likely: "{{likely}} of them only likely",
    missing: "{{missing}} missing: {{titles}}",
    unread: "Couldn't read whether Defender detected the attack",
    unknown: "{{unknown}} unknown: {{titles}}",
    more: "{{titles}} and {{count}} more",
    "not-here": "Can't be detected here ({{why}}); the attack ran",
    extra: "Nothing was required; {{count}} optional detected",
    alert_one: "alert",
    alert_other: "alerts",
    finding_one: "finding",
    finding_other: "findings",
    recommendation_one: "recommendation",
    recommendation_other: "recommendations",
    failed: "Failed: {{why}}",
    cancelled: "Cancelled",
    refused: "Refused",
    expired: "Expired: not approved in time",
    left_one: "{{count}} object is left",
    left_other: "{{count}} objects are left",
    "left-all": "objects may be left",
    place: "{{result}} · {{scenario}} on {{target}}",
    join: "; ",
  },
  ja: {
    whole_other: "想定した{{what}} {{count}} 件すべてを {{time}}で検出しました",
    part: "想定した{{what}} {{count}} 件のうち {{detected}} 件を {{time}}で検出しました",
    nothing: "想定した{{what}} {{count}} 件はいずれも検出されませんでした",
    late: "うち {{late}} 件は遅れて検出",
    likely: "うち {{likely}} 件は推定",
    missing: "未検出 {{missing}} 件: {{titles}}",
    unread: "Defender が攻撃を検出したかどうかを読み取れませんでした",
    unknown: "不明 {{unknown}} 件: {{titles}}",
    more: "{{titles}} ほか {{count}} 件",
    "not-here": "この環境では検出対象外 ({{why}})。攻撃は実行しました",
    extra: "必須の項目はありません。任意の項目を {{count}} 件検出しました",
    alert_other: "アラート",
    finding_other: "検出結果",
    recommendation_other: "推奨事項",
    failed: "失敗: {{why}}",
    cancelled: "中止しました",
    refused: "却下されました",
    expired: "期限切れ: 期限内に承認されませんでした",
    left_other: "{{count}} 件が残っています",
    "left-all": "作成したものが残っている可能性があります",
    place: "{{result}} · {{target}} での {{scenario}}",
    join: "。",
  },
});

/** The result in one line: `Detected 3 of 4 expected alerts in 6 min; 1 missing: … · web-shell on aks-demo`. */
export function verdictHeadline(event: SimulationEvent, language: Language): string {
  const { run } = event;
  const words = say(language);
  const left = run.cleanUp?.left.length ?? 0;
  const result = [outcomeText(event, language), ...(left > 0 ? [leftoverText(run, language)] : [])].join(
    words("join"),
  );
  return words("place", { result, scenario: run.scenario, target: targetName(run) });
}

function leftoverText({ cleanUp }: Run, language: Language): string {
  const words = say(language);
  const { left } = cleanUp!;
  return anythingMayBeLeft({ left }) ? words("left-all") : words("left", { count: left.length });
}

function outcomeText(event: SimulationEvent, language: Language): string {
  const { state, failure } = event.run;
  const words = say(language);
  if (state === "failed" && failure) return words("failed", { why: failureWhy(failure.what, language) });
  if (state === "failed") return words("failed", { why: "–" });
  if (state === "cancelled" || state === "refused" || state === "expired") return words(state);
  return verdictText(event, language);
}

/** What was detected of what was required, or why nothing can be detected here. */
function verdictText({ run, about }: SimulationEvent, language: Language): string {
  const words = say(language);
  const required = run.verdicts.filter(isExpected);
  const detected = required.filter(({ verdict }) => verdict === "detected" || verdict === "late");
  const missing = required.filter(({ verdict }) => verdict === "missing");
  const unknown = required.filter(({ verdict }) => verdict === "unknown");
  const late = detected.filter(({ verdict }) => verdict === "late").length;
  const likely = detected.filter(({ sighting }) => sighting?.likely).length;
  const kinds = new Set(about.expects.map(({ kind }) => kind ?? "alert"));
  const kind = kinds.size === 1 ? [...kinds][0]! : "finding";
  const count = required.length;
  if (unknown.length > 0 && unknown.length === count) return words("unread");
  if (count === 0) return withoutRequired(run.verdicts, language);
  const slowest = Math.max(...detected.map(({ seconds }) => seconds ?? 0));
  const values = {
    count,
    detected: detected.length,
    what: words(kind, { count }),
    time: detected.length > 0 ? formatDuration(slowest * 1000, language) : "",
  };
  const key = detected.length === count ? "whole" : detected.length > 0 ? "part" : "nothing";
  return [
    words(key, values),
    ...(late > 0 ? [words("late", { late })] : []),
    ...(likely > 0 ? [words("likely", { likely })] : []),
    ...(missing.length > 0
      ? [words("missing", { missing: missing.length, titles: titlesOf(missing, language) })]
      : []),
    ...(unknown.length > 0
      ? [words("unknown", { unknown: unknown.length, titles: titlesOf(unknown, language) })]
      : []),
  ].join(words("join"));
}

function withoutRequired(verdicts: readonly ExpectationVerdict[], language: Language): string {
  const words = say(language);
  const why = verdicts.find(({ verdict }) => verdict === "not-expected")?.why;
  const count = verdicts.filter(({ verdict }) => verdict === "detected" || verdict === "late").length;
  return why ? words("not-here", { why: checkWhy(why, language) }) : words("extra", { count });
}

function titlesOf(verdicts: readonly ExpectationVerdict[], language: Language): string {
  const shown = verdicts.slice(0, 3).map(({ title }) => title[language]);
  const titles = shown.join(", ");
  const rest = verdicts.length - shown.length;
  return rest > 0 ? say(language)("more", { titles, count: rest }) : titles;
}

/** Good if everything required was detected for certain, bad if something is missing or left, neutral if nothing was judged. */
export function verdictTone({ state, verdicts, cleanUp }: Run): Message["tone"] {
  if (state === "failed" || (cleanUp?.left.length ?? 0) > 0) return "bad";
  if (state !== "reported") return "neutral";
  const required = verdicts.filter(isExpected);
  if (required.some(({ verdict }) => verdict === "missing")) return "bad";
  const doubtful = ["late", "unknown"];
  if (required.some(({ verdict, sighting }) => doubtful.includes(verdict) || sighting?.likely))
    return "warning";
  return required.length > 0 ? "good" : "neutral";
}

function isExpected({ required, verdict }: ExpectationVerdict): boolean {
  return required && verdict !== "not-expected";
}
