import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import type { Chart } from "../../message/message.ts";
import { cut, oneLine } from "./literal.ts";
import { note } from "./note.ts";
import type { DataVisualizationBlock, Either, Piece } from "./piece.ts";
import { textRows } from "./tables/text-table.ts";
import { compileWords } from "./words.ts";

/** Source: the same page: 6 segments or series, 20 categories, names and labels of 20 characters, titles of 50. */
const limits = { series: 6, categories: 20, label: 20, title: 50 };

/** A chart, drawn by Slack where its data allows it, with its text form for elsewhere. */
export function chartItem({ chart }: Chart, language: Language): Either | Piece {
  const text = textChart(chart, language);
  const native = chart.kind === "pie" ? pie(chart, language) : plotted(chart, language);
  return native ? { native, text } : text;
}

function block(
  chart: Chart["chart"],
  drawn: DataVisualizationBlock["chart"],
  notes: string[],
  language: Language,
): Piece {
  const title = cut(oneLine(chart.title) || "–", limits.title);
  const rest = notes.length > 0 ? note(notes.join(" "), { language }).blocks : [];
  return { blocks: [{ type: "data_visualization", title, chart: drawn }, ...rest] };
}

function plotted(chart: Chart["chart"], language: Language): Piece | undefined {
  if (chart.kind === "pie") return undefined;
  const say = compileWords(language);
  const count = chart.categories.length;
  const whole = chart.series.every(
    ({ values }) => values.length === count && values.every((value) => Number.isFinite(value)),
  );
  if (!whole || count === 0 || chart.series.length === 0) return undefined;
  // Of a course in time the latest part matters, of a ranking the first.
  const from = chart.kind === "bar" ? 0 : Math.max(0, count - limits.categories);
  const categories = distinct(chart.categories.slice(from, from + limits.categories));
  const names = distinct(chart.series.slice(0, limits.series).map(({ name }) => name));
  const series = names.map((name, index) => ({
    name,
    data: categories.map((label, at) => ({ label, value: chart.series[index]!.values[from + at]! })),
  }));
  const unit = cut(oneLine(chart.unit), limits.title);
  const notes = [
    count > categories.length && say("categories", { count: count - categories.length }),
    chart.series.length > names.length && say("series", { count: chart.series.length - names.length }),
  ].filter((line) => typeof line === "string");
  return block(
    chart,
    { type: chart.kind, series, axis_config: { categories, ...(unit && { y_label: unit }) } },
    notes,
    language,
  );
}

function pie(chart: Chart["chart"], language: Language): Piece | undefined {
  const say = compileWords(language);
  const values = chart.series[0]?.values ?? [];
  if (values.length > chart.categories.length || chart.series.length > 1) return undefined;
  const drawn = values
    .map((value, index) => ({ label: chart.categories[index]!, value }))
    .filter(({ value }) => Number.isFinite(value) && value > 0);
  if (drawn.length === 0) return undefined;
  const first = drawn.length > limits.series ? drawn.slice(0, limits.series - 1) : drawn;
  const rest = drawn.slice(first.length).reduce((sum, { value }) => sum + value, 0);
  if (!Number.isFinite(rest)) return undefined;
  const all = rest > 0 ? [...first, { label: say("otherShare"), value: rest }] : first;
  const labels = distinct(all.map(({ label }) => label));
  const segments = all.map(({ value }, index) => ({ label: labels[index]!, value }));
  const zeroes = chart.categories.length - drawn.length;
  return block(
    chart,
    { type: "pie", segments },
    zeroes > 0 ? [say("zeroes", { count: zeroes })] : [],
    language,
  );
}

/** Labels of at most 20 characters; those that would be equal get a number. */
function distinct(labels: readonly string[]): string[] {
  const used = new Set<string>();
  return labels.map((label, index) => {
    const whole = oneLine(label) || "–";
    let short = cut(whole, limits.label);
    for (let number = index + 1; used.has(short); number++) {
      const ending = ` (${number})`;
      short = cut(whole, limits.label - ending.length) + ending;
    }
    used.add(short);
    return short;
  });
}

/** One line for each category, with a bar where there is one series. */
function textChart(chart: Chart["chart"], language: Language): Piece {
  const say = compileWords(language);
  const series = chart.series.slice(0, limits.series);
  const single = series.length === 1;
  const numbers = series.flatMap(({ values }) => values).filter((value) => Number.isFinite(value));
  const highest = numbers.reduce((most, value) => Math.max(most, value), 0);
  const rows = chart.categories.map((category, at) => {
    const cells = series.map(({ values }) => {
      const value = values[at];
      const known = typeof value === "number" && Number.isFinite(value);
      return { text: known ? formatNumber(value, language) : "–", shortened: false };
    });
    const share = single && highest > 0 ? (series[0]!.values[at] ?? 0) / highest : 0;
    const bar = {
      text: "█".repeat(Math.max(0, Math.round((Number.isFinite(share) ? share : 0) * 20))) || "·",
      shortened: false,
    };
    return [
      { text: cut(oneLine(category) || "–", 40), shortened: false },
      ...cells,
      ...(single ? [bar] : []),
    ];
  });
  const title = [cut(oneLine(chart.title) || "–", 200), cut(oneLine(chart.unit), 50)]
    .filter(Boolean)
    .join(" · ");
  if (rows.length === 0 || series.length === 0) return note(`${title}: ${say("noRows")}`, { language });
  const labels = ["", ...series.map(({ name }) => cut(oneLine(name), limits.label)), ...(single ? [""] : [])];
  const right = labels.map((_, column) => column > 0 && column <= series.length);
  const { blocks, shown } = textRows(title, labels, right, rows, 2_600);
  const notes = [
    shown < rows.length && say("categories", { count: rows.length - shown }),
    chart.series.length > series.length && say("series", { count: chart.series.length - series.length }),
  ].filter((line) => typeof line === "string");
  return { blocks: [...blocks, ...(notes.length > 0 ? note(notes.join(" "), { language }).blocks : [])] };
}
