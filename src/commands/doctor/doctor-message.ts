import type { Check } from "../../domain/check.ts";
import { formatDuration, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline, Message, Part, Sentence } from "../../message/message.ts";
import type { ChannelDepth, Examination, Lag, PollReading } from "./examine.ts";
import { findings } from "./findings.ts";
import { scanFacts } from "./scan-checks.ts";
import { sizesTable } from "./sizes-table.ts";

const say = sentences({
  en: {
    good: "All {{count}} checks passed",
    bad_one: "{{bad}} of {{count}} check failed",
    bad_other: "{{bad}} of {{count}} checks failed",
    unknown: "{{count}} unknown",
    fix: " → {{fix}}",
    more: "and {{count}} more",
    poll: "Last poll",
    "poll-value": "{{time}} · alerts: {{alerts}} · subscriptions: {{subscriptions}}",
    "no-poll": "none yet",
    lag: "Lag from Azure to Slack",
    "lag-value": "{{age}} for the last alert ({{time}})",
    outbox: "Outbox",
    "outbox-value": "waiting: {{waiting}} · channels: {{channels}}",
    oldest: "waiting: {{waiting}} · channels: {{channels}} · oldest: {{age}}",
    queue: "Queue",
    waiting: "waiting {{number}}",
    active: "running {{number}}",
    delayed: "delayed {{number}}",
    failed: "failed {{number}}",
    passed: "Passed: {{names}}.",
    comma: ", ",
    scopes_one: "{{count}} Slack scope",
    scopes_other: "{{count}} Slack scopes",
  },
  ja: {
    good: "{{count}} 件の確認はすべて正常です",
    bad_one: "{{count}} 件の確認のうち {{bad}} 件に問題があります",
    bad_other: "{{count}} 件の確認のうち {{bad}} 件に問題があります",
    unknown: "{{count}} 件は確認できませんでした",
    fix: " → {{fix}}",
    more: "ほか {{count}} 件",
    poll: "最終ポーリング",
    "poll-value": "{{time}} · アラート {{alerts}} 件 · サブスクリプション {{subscriptions}} 個",
    "no-poll": "まだありません",
    lag: "Azure から Slack まで",
    "lag-value": "最後の通知は {{age}} ({{time}})",
    outbox: "送信待ち",
    "outbox-value": "{{waiting}} 件 · チャンネル {{channels}} 個",
    oldest: "{{waiting}} 件 · チャンネル {{channels}} 個 · 最も古いものは {{age}}前",
    queue: "キュー",
    waiting: "待機中 {{number}} 件",
    active: "実行中 {{number}} 件",
    delayed: "予定 {{number}} 件",
    failed: "失敗 {{number}} 件",
    passed: "正常: {{names}}。",
    comma: "、",
    scopes_one: "Slack スコープ {{count}} 個",
    scopes_other: "Slack スコープ {{count}} 個",
  },
});

const problemsShown = 25;
const passedShown = 60;
const scopeName = /^Slack (scope|スコープ) /;

/** The answer of `doctor`: failures with their fix, then figures, then what passed. */
export function doctorMessage(seen: Examination, now: string, language: Language): Message {
  const words = say(language);
  const checks = findings(seen, now, language);
  const bad = checks.filter(({ state }) => state === "failed");
  const unknown = checks.filter(({ state }) => state === "unknown");
  const passed = checks.filter(({ state }) => state === "ok").map(({ name }) => name);
  const problems = [...bad, ...unknown];
  const left = problems.length - problemsShown;
  const list: Sentence[] = problems.slice(0, problemsShown).map((check) => problemLine(check, language));
  const parts: (Part | undefined)[] = [
    list.length > 0 ? { list: left > 0 ? [...list, words("more", { count: left })] : list } : undefined,
    { facts: facts(seen, now, language) },
    sizesTable(seen.sizes, language),
    passed.length > 0 ? { note: words("passed", { names: names(passed, language) }) } : undefined,
  ];
  const all = words(bad.length > 0 || unknown.length > 0 ? "bad" : "good", {
    bad: bad.length,
    count: checks.length,
  });
  return {
    headline: unknown.length > 0 ? `${all} · ${words("unknown", { count: unknown.length })}` : all,
    tone: bad.length > 0 ? "bad" : unknown.length > 0 ? "warning" : "good",
    parts: parts.filter((part) => part !== undefined),
  };
}

function problemLine({ name, state, said, fix }: Check, language: Language): Inline[] {
  const mark = state === "unknown" ? "? " : "";
  const how = fix ? say(language)("fix", { fix }) : "";
  return [{ strong: `${mark}${name}` }, `: ${said}${how}`];
}

function facts(
  { reading, depth, lag, queue, scan, schedules }: Examination,
  now: string,
  language: Language,
): [string, Sentence][] {
  const words = say(language);
  const known: ([string, Sentence] | undefined)[] = [
    "value" in reading ? [words("poll"), pollFact(reading.value, language)] : undefined,
    ...("value" in scan ? scanFacts(scan.value, schedules, language) : []),
    "value" in lag && lag.value ? [words("lag"), lagFact(lag.value, language)] : undefined,
    "value" in depth ? [words("outbox"), outboxFact(depth.value, now, language)] : undefined,
    "value" in queue ? [words("queue"), queueFact(queue.value, language)] : undefined,
  ];
  return known.filter((fact) => fact !== undefined);
}

function pollFact(reading: PollReading, language: Language): Sentence {
  const words = say(language);
  if (!reading) return words("no-poll");
  const { at, alerts, subscriptions } = reading;
  return words.rich("poll-value", { time: { time: at }, alerts, subscriptions });
}

function lagFact({ at, seconds }: NonNullable<Lag>, language: Language): Sentence {
  const age = formatDuration(seconds * 1000, language);
  return say(language).rich("lag-value", { age, time: { time: at } });
}

function outboxFact(depth: readonly ChannelDepth[], now: string, language: Language): string {
  const waiting = depth.reduce((sum, one) => sum + one.waiting, 0);
  const channels = depth.filter((one) => one.waiting > 0).length;
  const oldest = depth.flatMap((one) => one.oldest ?? []).sort()[0];
  const values = { waiting: formatNumber(waiting, language), channels };
  if (!oldest) return say(language)("outbox-value", values);
  return say(language)("oldest", {
    ...values,
    age: formatDuration(Date.parse(now) - Date.parse(oldest), language),
  });
}

function queueFact(counts: Record<string, number>, language: Language): string {
  const states = ["waiting", "active", "delayed", "failed"] as const;
  return states
    .flatMap((state) => {
      const count = counts[state];
      return count === undefined ? [] : [say(language)(state, { number: formatNumber(count, language) })];
    })
    .join(" · ");
}

/** What is well, by name; the scopes of Slack, which are many, by their number. */
function names(passed: readonly string[], language: Language): string {
  const words = say(language);
  const others = passed.filter((name) => !scopeName.test(name));
  const scopes = passed.length - others.length;
  const left = others.length - passedShown;
  return [
    ...(scopes > 0 ? [words("scopes", { count: scopes })] : []),
    ...others.slice(0, passedShown),
    ...(left > 0 ? [words("more", { count: left })] : []),
  ].join(words("comma"));
}
