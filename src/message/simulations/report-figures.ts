import type { SimulationEvent } from "../../domain/simulations/events.ts";
import { earlierOf, measured } from "../../domain/simulations/proofs/history.ts";
import type { ExpectationVerdict, Run } from "../../domain/simulations/simulation.ts";
import { formatDuration, formatTime } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Cell, Part } from "../message.ts";
import { severityWord } from "../words.ts";
import { checkWhy, verdictWord } from "./words.ts";

const say = sentences({
  en: {
    caption: "Expected vs. actual",
    expectation: "Expected",
    verdict: "Verdict",
    time: "Time to detect",
    alert: "Alert",
    optional: "optional",
    because: "{{verdict}}: {{why}}",
    likely: "{{verdict}} (likely)",
    chart: "Time to detect by run",
    "chart-one": "Time to detect",
    median: "Median",
    slowest: "Slowest",
    seconds: "seconds",
    minutes: "minutes",
  },
  ja: {
    caption: "想定結果と実際の結果",
    expectation: "想定結果",
    verdict: "判定",
    time: "検出までの時間",
    alert: "アラート",
    optional: "任意",
    because: "{{verdict}}: {{why}}",
    likely: "{{verdict}} (推定)",
    chart: "検出までの時間の推移",
    "chart-one": "検出までの時間",
    median: "中央値",
    slowest: "最長",
    seconds: "秒",
    minutes: "分",
  },
});

/** One row per expectation: verdict, time to detect, and the matching alert. */
export function verdictTable({ run }: SimulationEvent, language: Language): Part {
  const words = say(language);
  const rows = run.verdicts.map((one): Cell[] => [
    `${one.title[language]}${one.required ? "" : ` (${words("optional")})`}`,
    verdictText(one, language),
    one.seconds === undefined
      ? "–"
      : { number: one.seconds, text: formatDuration(one.seconds * 1000, language) },
    alertCell(one, language),
  ]);
  const columns = [
    { label: words("expectation") },
    { label: words("verdict") },
    { label: words("time"), align: "right" as const },
    { label: words("alert") },
  ];
  return { table: { caption: words("caption"), columns, rows, pageSize: 10 } };
}

function verdictText({ verdict, why, required, sighting }: ExpectationVerdict, language: Language): string {
  const word = verdictWord(verdict, language);
  if (verdict === "missing" && !required) return "–";
  if (sighting?.likely) return say(language)("likely", { verdict: word });
  return why && verdict === "not-expected"
    ? say(language)("because", { verdict: word, why: checkWhy(why, language) })
    : word;
}

function alertCell({ sighting }: ExpectationVerdict, language: Language): Cell {
  if (!sighting) return "–";
  const text = `${severityWord(sighting.severity, language)} · ${sighting.title}`;
  return sighting.portal ? { link: text, url: sighting.portal } : text;
}

/** Time to detect across runs, or of this run if there is no other; nothing if nothing was detected. */
export function detectionChart(event: SimulationEvent, language: Language): Part[] {
  const now = earlierOf(event.run);
  const runs = [...event.earlier, ...(now ? [now] : [])].flatMap(({ at, verdicts }) => {
    const { median } = measured(verdicts);
    const slowest = Math.max(...verdicts.map(({ seconds }) => seconds ?? 0));
    return median === undefined ? [] : [{ at, median, slowest }];
  });
  return runs.length > 1 ? [trendChart(runs, language)] : singleChart(event.run, language);
}

function trendChart(runs: { at: string; median: number; slowest: number }[], language: Language): Part {
  const words = say(language);
  const { unit, scale } = scaleOf(runs.map(({ slowest }) => slowest));
  const series = (["median", "slowest"] as const).map((name) => ({
    name: words(name),
    values: runs.map((run) => scale(run[name])),
  }));
  const categories = runs.map(({ at }) => formatTime(at, language).replace(" UTC", ""));
  return { chart: { title: words("chart"), kind: "line", categories, series, unit: words(unit) } };
}

function singleChart({ verdicts }: Run, language: Language): Part[] {
  const words = say(language);
  const timed = verdicts.flatMap(({ title, seconds }) =>
    seconds === undefined ? [] : [{ title: title[language], seconds }],
  );
  // A chart of one or two numbers only repeats the table.
  if (timed.length < 3) return [];
  const { unit, scale } = scaleOf(timed.map(({ seconds }) => seconds));
  const categories = timed.map(({ title }) => title);
  const series = [{ name: words("time"), values: timed.map(({ seconds }) => scale(seconds)) }];
  return [{ chart: { title: words("chart-one"), kind: "bar", categories, series, unit: words(unit) } }];
}

function scaleOf(seconds: readonly number[]): {
  unit: "seconds" | "minutes";
  scale(seconds: number): number;
} {
  return Math.max(...seconds) < 180
    ? { unit: "seconds", scale: (value) => value }
    : { unit: "minutes", scale: (value) => Math.round(value / 6) / 10 };
}
