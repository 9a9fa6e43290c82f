import { measured, type Statistics, statistics } from "../../domain/simulations/proofs/history.ts";
import { type Run, targetName } from "../../domain/simulations/simulation.ts";
import { formatDuration, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { nearParts, withFilters } from "../../message/scope.ts";
import { runStateWord } from "../../message/simulations/words.ts";
import { historyFile } from "./history-file.ts";

const say = sentences({
  en: {
    none: "No simulation in the last {{since}}",
    some_one:
      "{{number}} simulation in the last {{since}}: {{detected}} of {{expected}} expected results detected ({{rate}})",
    some_other:
      "{{number}} simulations in the last {{since}}: {{detected}} of {{expected}} expected results detected ({{rate}})",
    unjudged_one: "{{number}} simulation in the last {{since}}, no verdicts yet",
    unjudged_other: "{{number}} simulations in the last {{since}}, no verdicts yet",
    begin: "To start one, type {{line}}",
    caption: "By scenario and target",
    scenario: "Scenario",
    target: "Target",
    runs: "Runs",
    detected: "Detected",
    rate: "Rate",
    median: "Median time",
    last: "Last run",
    "trend-rate": "Detection rate by run",
    "trend-time": "Median time to detect by run",
    percent: "percent",
    minutes: "minutes",
    latest: "Latest runs:",
    open: "Show report of …",
    simulate: "Simulate",
  },
  ja: {
    none: "過去 {{since}}のシミュレーションはありません",
    some_other:
      "過去 {{since}}のシミュレーション {{number}} 件: 想定した結果 {{expected}} 件のうち {{detected}} 件を検出 ({{rate}})",
    unjudged_other: "過去 {{since}}のシミュレーション {{number}} 件。判定済みのものはまだありません",
    begin: "始めるには: {{line}}",
    caption: "シナリオと対象ごとの結果",
    scenario: "シナリオ",
    target: "対象",
    runs: "回数",
    detected: "検出",
    rate: "検出率",
    median: "時間の中央値",
    last: "最終実行",
    "trend-rate": "検出率の推移",
    "trend-time": "検出までの時間 (中央値) の推移",
    percent: "パーセント",
    minutes: "分",
    latest: "最近の実行:",
    open: "レポートを表示…",
    simulate: "シミュレーションを申請",
  },
});

const latest = 5;

type Shown = {
  since: number;
  csv: boolean;
  now: string;
  language: Language;
  /** What the runs were narrowed down to. */
  filters?: readonly string[];
  /** The scenario that was probably meant, where there is none of the name. */
  near?: string | undefined;
};

/** Past simulations: rate and time by scenario and target, their trend, and the latest runs. */
export function historyMessage(
  runs: readonly Run[],
  { since, csv, now, language, filters = [], near }: Shown,
): Message {
  const words = say(language);
  const groups = statistics(runs);
  const { detected, expected, rate } = measured(runs.filter(isJudged).flatMap(({ verdicts }) => verdicts));
  const values = {
    count: runs.length,
    number: formatNumber(runs.length, language),
    since: formatDuration(since, language),
    detected,
    expected,
    rate: percentText(rate),
  };
  const key = runs.length === 0 ? "none" : expected > 0 ? "some" : "unjudged";
  const parts: Part[] =
    runs.length === 0
      ? [
          ...nearParts(near, (scenario) => commandLine("simulations", { scenario }), language),
          { note: words.rich("begin", { line: { code: "/defender simulate" } }) },
        ]
      : [
          ...(groups.length > 0 ? [groupTable(groups, language), ...trends(groups, language)] : []),
          ...latestParts(runs.slice(0, latest), language),
          ...(csv ? [historyFile(runs, now, language)] : []),
        ];
  // A run that failed or has not ended yet says nothing of what would be detected.
  const well = runs.every(isJudged) ? "good" : "neutral";
  const tone = rate === undefined ? (near ? "warning" : "neutral") : rate === 1 ? well : "bad";
  const simulate = { label: words("simulate"), line: "simulate" };
  return {
    headline: withFilters(words(key, values), { more: filters }, language),
    tone,
    parts: [...parts, { actions: [simulate] }],
  };
}

function groupTable(groups: readonly Statistics[], language: Language): Part {
  const words = say(language);
  const rows = groups.map((one): Cell[] => [
    one.scenario,
    one.target,
    { number: one.runs },
    `${one.detected}/${one.expected}`,
    one.rate === undefined ? "–" : { number: Math.round(one.rate * 100), text: percentText(one.rate) },
    one.median === undefined
      ? "–"
      : { number: one.median, text: formatDuration(one.median * 1000, language) },
    one.trend.at(-1)?.at.slice(0, 10) ?? "–",
  ]);
  const right = (name: "runs" | "detected" | "rate" | "median") => ({
    label: words(name),
    align: "right" as const,
  });
  const columns = [
    { label: words("scenario") },
    { label: words("target") },
    right("runs"),
    right("detected"),
    right("rate"),
    right("median"),
    { label: words("last") },
  ];
  return { table: { caption: words("caption"), columns, rows, pageSize: 10 } };
}

/** A chart needs a value of each series at each point, so the series are cut to the shortest. */
function trends(groups: readonly Statistics[], language: Language): Part[] {
  const words = say(language);
  const rate = trendOf(groups, ({ rate: value }) =>
    value === undefined ? undefined : Math.round(value * 100),
  );
  const time = trendOf(groups, ({ median }) =>
    median === undefined ? undefined : Math.round(median / 6) / 10,
  );
  return [
    ...(rate
      ? [{ chart: { title: words("trend-rate"), kind: "line" as const, unit: words("percent"), ...rate } }]
      : []),
    ...(time
      ? [{ chart: { title: words("trend-time"), kind: "line" as const, unit: words("minutes"), ...time } }]
      : []),
  ];
}

function trendOf(
  groups: readonly Statistics[],
  value: (point: Statistics["trend"][number]) => number | undefined,
): { categories: string[]; series: { name: string; values: number[] }[] } | undefined {
  const known = groups
    .map(({ scenario, target, trend }) => ({
      name: groups.some((other) => other.scenario === scenario && other.target !== target)
        ? `${target} ${scenario}`
        : scenario,
      points: trend.flatMap((point) => {
        const number = value(point);
        return number === undefined ? [] : [{ at: point.at, number }];
      }),
    }))
    .filter(({ points }) => points.length > 1)
    .sort((a, b) => b.points.length - a.points.length)
    .slice(0, 6);
  const length = Math.min(20, ...known.map(({ points }) => points.length));
  const [first] = known;
  if (!first) return undefined;
  // Several series have different dates, so their runs are counted back from the latest.
  const categories = first.points
    .slice(-length)
    .map(({ at }, index) =>
      known.length === 1 ? at.slice(5, 16).replace("T", " ") : `${index - length + 1}`,
    );
  const series = known.map(({ name, points }) => ({
    name,
    values: points.slice(-length).map(({ number }) => number),
  }));
  return { categories, series };
}

function latestParts(runs: readonly Run[], language: Language): Part[] {
  const words = say(language);
  const named = runs.map((run, index) => ({
    run,
    name: `${index + 1}. ${run.scenario} · ${targetName(run)}`,
  }));
  const list = named.map(({ run, name }): Sentence => {
    const { detected, expected } = measured(run.verdicts);
    const counted = isJudged(run) && expected > 0 ? ` · ${detected}/${expected}` : "";
    return [`${name} · ${runStateWord(run.state, language)}${counted} · `, { time: run.at.requested ?? "" }];
  });
  const options = named.map(({ run, name }) => ({ label: name, line: commandLine(["simulations", run.id]) }));
  return [
    { sentence: words("latest") },
    { list },
    { actions: [{ label: words("open"), menu: "select", options }] },
  ];
}

function isJudged({ state, started }: Run): boolean {
  return state === "reported" && started !== undefined;
}

function percentText(rate: number | undefined): string {
  return rate === undefined ? "–" : `${Math.round(rate * 100)}%`;
}
