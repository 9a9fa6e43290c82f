import { node } from "./text.js";

const width = 480;
const height = 200;
const margin = { left: 44, right: 12, top: 18, bottom: 34 };

function shape(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const label = (x, y, content, anchor = "middle") =>
  shape("text", { x, y, "text-anchor": anchor, class: "axis" }, content);

/** A chart as inline SVG with a legend. */
export function chart(block) {
  const { chart: drawn } = block;
  const parts = drawn.type === "pie" ? drawn.segments : drawn.series;
  const body = drawn.type === "pie" ? pie(drawn.segments) : plot(drawn);
  const names = parts.map((part, index) =>
    node("span", { class: `key series-${index}` }, part.name ?? `${part.label} (${part.value})`),
  );
  const svg = shape(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": block.title },
    ...body,
  );
  return node("figure", { class: "chart" }, node("figcaption", {}, block.title), svg, node("div", {}, names));
}

function pie(segments) {
  const total = segments.reduce((sum, segment) => sum + segment.value, 0);
  const [x, y, radius] = [width / 2, height / 2, height / 2 - 10];
  let turned = -Math.PI / 2;
  const point = (angle) => `${x + radius * Math.cos(angle)},${y + radius * Math.sin(angle)}`;
  return segments.map((segment, index) => {
    const start = turned;
    turned += (segment.value / total) * 2 * Math.PI;
    const title = shape("title", {}, `${segment.label}: ${segment.value}`);
    if (segments.length === 1)
      return shape("circle", { cx: x, cy: y, r: radius, class: "fill series-0" }, title);
    const large = turned - start > Math.PI ? 1 : 0;
    const d = `M${x},${y} L${point(start)} A${radius},${radius} 0 ${large} 1 ${point(turned)} Z`;
    return shape("path", { d, class: `fill series-${index}` }, title);
  });
}

function plot({ type, series, axis_config: axis }) {
  const { categories } = axis;
  const values = series.flatMap((one) => one.data.map((datum) => datum.value));
  const low = Math.min(0, ...values);
  const high = Math.max(1, ...values);
  const step = (width - margin.left - margin.right) / categories.length;
  const x = (index) => margin.left + step * (index + 0.5);
  const y = (value) => margin.top + ((high - value) / (high - low)) * (height - margin.top - margin.bottom);
  const every = Math.ceil(categories.length / 8);
  const grid = [low, (low + high) / 2, high].flatMap((value) => [
    shape("line", { x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value), class: "grid" }),
    label(margin.left - 6, y(value) + 4, String(Math.round(value * 10) / 10), "end"),
  ]);
  const ticks = categories.map((name, index) =>
    index % every ? "" : label(x(index), height - margin.bottom + 14, name),
  );
  const titles = [
    axis.x_label ? label(width / 2, height - 4, axis.x_label) : "",
    axis.y_label ? label(width - margin.right, margin.top - 2, axis.y_label, "end") : "",
  ];
  const valueAt = (one, name) => one.data.find((datum) => datum.label === name)?.value ?? 0;
  const draw = type === "bar" ? bars : lines;
  const frame = { categories, step, x, y, valueAt, filled: type === "area" };
  return [...grid, ...draw(series, frame), ...ticks, ...titles].filter(Boolean);
}

function bars(series, { categories, step, x, y, valueAt }) {
  const thick = (step * 0.8) / series.length;
  return series.flatMap((one, index) =>
    categories.map((name, place) => {
      const value = valueAt(one, name);
      const left = x(place) - step * 0.4 + thick * index;
      const top = Math.min(y(value), y(0));
      const title = shape("title", {}, `${one.name}, ${name}: ${value}`);
      const box = { x: left, y: top, width: thick * 0.9, height: Math.abs(y(0) - y(value)) };
      return shape("rect", { ...box, class: `fill series-${index}` }, title);
    }),
  );
}

function lines(series, { categories, x, y, valueAt, filled }) {
  return series.flatMap((one, index) => {
    const points = categories.map((name, place) => `${x(place)},${y(valueAt(one, name))}`);
    const line = shape("polyline", { points: points.join(" "), class: `line series-${index}` });
    if (!filled) return [line];
    const floor = `${x(categories.length - 1)},${y(0)} ${x(0)},${y(0)}`;
    return [
      shape("polygon", { points: `${points.join(" ")} ${floor}`, class: `area series-${index}` }),
      line,
    ];
  });
}
