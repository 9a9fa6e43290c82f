import {
  byType,
  type Check,
  isObject,
  list,
  number,
  object,
  oneOf,
  problem,
  type Report,
  string,
} from "./check.ts";

/** `data_visualization`. Source: docs.slack.dev "Data visualization block". */

const label = string(20);

const segment = object({ label, value: number() }, {}, (value, at, report) => {
  if (typeof value.value === "number" && value.value <= 0)
    problem(report, "must be greater than 0", `${at}/value`);
});

const series = object({ name: label, data: list(object({ label, value: number() }), { max: 20 }) });

const axisConfig = object(
  { categories: list(label, { max: 20 }) },
  { x_label: string(50), y_label: string(50) },
);

function plotted(type: string): Check {
  return object(
    { type: oneOf(type), series: list(series, { max: 6 }), axis_config: axisConfig },
    {},
    everyCategory,
  );
}

/** Series have unique names, and each has exactly one value for every category. */
function everyCategory(chart: Record<string, unknown>, at: string, report: Report): void {
  const axis = isObject(chart.axis_config) ? chart.axis_config : {};
  const categories = Array.isArray(axis.categories) ? axis.categories : [];
  if (new Set(categories).size !== categories.length)
    problem(report, "categories must be unique", `${at}/axis_config/categories`);
  const names = new Set<unknown>();
  for (const [index, entry] of (Array.isArray(chart.series) ? chart.series : []).entries()) {
    if (!isObject(entry)) continue;
    if (names.has(entry.name)) problem(report, "series names must be unique", `${at}/series/${index}/name`);
    names.add(entry.name);
    const labels = (Array.isArray(entry.data) ? entry.data : []).map(
      (point) => isObject(point) && point.label,
    );
    const complete = labels.length === categories.length && categories.every((name) => labels.includes(name));
    if (!complete)
      problem(report, "data must have one value for every category", `${at}/series/${index}/data`);
  }
}

const charts: Record<string, Check> = {
  pie: object({ type: oneOf("pie"), segments: list(segment, { max: 6 }) }),
  line: plotted("line"),
  bar: plotted("bar"),
  area: plotted("area"),
};

export const dataVisualization: Check = object(
  { type: oneOf("data_visualization"), title: string(50), chart: byType(() => charts) },
  { block_id: string(255) },
);
