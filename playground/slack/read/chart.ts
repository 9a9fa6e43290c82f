import { isObject } from "../blocks/check.ts";
import type { Block } from "../message.ts";
import { pad, widthOf } from "./width.ts";

const longestBar = 24;
/** A series with more points than this is drawn in one line: its course, its first and its last figure. */
const mostBars = 6;
const heights = "▁▂▃▄▅▆▇█";

type Point = { label: string; value: number };

function points(value: unknown): Point[] {
  return (Array.isArray(value) ? value : []).filter(isObject).map((point) => ({
    label: String(point.label),
    value: Number(point.value),
  }));
}

/** A chart as text: bars with their figures, one group for each series; long series as one line each. */
export function readChart(block: Block): string[] {
  const chart = isObject(block.chart) ? block.chart : {};
  const title = `◔ ${block.title} (${chart.type})`;
  if (chart.type === "pie") return [title, ...slices(points(chart.segments))].map((line) => `  ${line}`);
  const axis = isObject(chart.axis_config) ? chart.axis_config : {};
  const series = (Array.isArray(chart.series) ? chart.series : []).filter(isObject);
  const all = series.map((one) => ({ name: one.name, data: points(one.data) }));
  const most = largest(all.flatMap((one) => one.data));
  const long = all.some(({ data }) => data.length > mostBars);
  const groups = long
    ? courses(all, most)
    : all.flatMap(({ name, data }) => [`${name}:`, ...bars(data, most)]);
  const labels = [axis.x_label, axis.y_label].filter(Boolean).join(" / ");
  return [labels ? `${title} ${labels}` : title, ...groups].map((line) => `  ${line}`);
}

function largest(all: Point[]): number {
  return Math.max(...all.map((point) => Math.abs(point.value)), Number.MIN_VALUE);
}

/** `High  ▇▇▇▆▆▆▇ 24 → 23`, all to one scale, below the first and the last label. */
function courses(all: { name: unknown; data: Point[] }[], most: number): string[] {
  const width = Math.max(...all.map(({ name }) => widthOf(String(name))));
  const lines = all.map(({ name, data }) => {
    const course = data.map(
      ({ value }) => heights[Math.round((Math.abs(value) / most) * (heights.length - 1))],
    );
    return `${pad(String(name), width)} ${course.join("")} ${data[0]?.value} → ${data.at(-1)?.value}`;
  });
  const [first] = all;
  return [`${first?.data[0]?.label} … ${first?.data.at(-1)?.label}`, ...lines];
}

function slices(all: Point[]): string[] {
  const total = all.reduce((sum, point) => sum + point.value, 0);
  const lines = bars(all, largest(all));
  return lines.map((line, index) => `${line} (${Math.round((all[index]!.value / total) * 100)}%)`);
}

function bars(all: Point[], most: number): string[] {
  const width = Math.max(0, ...all.map((point) => widthOf(point.label)));
  return all.map(({ label, value }) => {
    const bar = "█".repeat(Math.round((Math.abs(value) / most) * longestBar));
    return `${pad(label, width)} ${bar}${bar ? " " : ""}${value}`;
  });
}
