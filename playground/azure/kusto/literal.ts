import { queryProblem } from "./problem.ts";
import { parseDatetime, parseTimespan, type Timespan, timespan } from "./times.ts";
import { child, items, must, nameOf, type Syntax } from "./tree.ts";
import type { Value } from "./values.ts";

const ticksOf: Record<string, number> = {
  d: 864e9,
  day: 864e9,
  days: 864e9,
  h: 36e9,
  hr: 36e9,
  hour: 36e9,
  hours: 36e9,
  m: 6e8,
  min: 6e8,
  minute: 6e8,
  minutes: 6e8,
  s: 1e7,
  sec: 1e7,
  second: 1e7,
  seconds: 1e7,
  ms: 1e4,
  milli: 1e4,
  millis: 1e4,
  millisecond: 1e4,
  milliseconds: 1e4,
  microsecond: 10,
  microseconds: 10,
  tick: 1,
  ticks: 1,
};

/** Reads `1.5h`, `7d`, `1.02:03:04`. */
export function timespanLiteral(text: string): Timespan | null {
  const match = /^(-?\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text);
  const ticks = match && ticksOf[match[2]!.toLowerCase()];
  if (match && ticks) return timespan(BigInt(Math.round(Number(match[1]) * ticks)));
  if (/^-?\d+$/.test(text)) return timespan(BigInt(text) * 864_000_000_000n);
  return parseTimespan(text);
}

/** The inside of `long(…)`, `datetime(…)`, without its quotes; the text itself where there are no parentheses. */
function inside(text: string): string {
  const match = /^[a-z]+\s*\(([\s\S]*)\)$/i.exec(text.trim());
  return (match ? match[1]! : text).trim().replace(/^(["'])(.*)\1$/s, "$2");
}

function integer(text: string): Value {
  const whole = BigInt(text.startsWith("-") ? `-${BigInt(text.slice(1))}` : text);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

/** The constant of a literal; undefined where the node is no literal. */
export function literal(node: Syntax): Value | undefined {
  const kind = node.kind;
  if (kind === "StringLiteralExpression") return nameOf(must(node, "Token"));
  if (kind === "DynamicExpression") return dynamicLiteral(must(node, "Expression"));
  if (!kind.endsWith("LiteralExpression")) return undefined;
  const token = child(node, "Token");
  if (!token) return undefined;
  const text = inside(token.text ?? "");
  if (text === "null") return null;
  if (kind === "LongLiteralExpression" || kind === "IntLiteralExpression") return integer(text);
  if (kind === "RealLiteralExpression" || kind === "DecimalLiteralExpression") return Number(text);
  if (kind === "BooleanLiteralExpression") return /^(true|1)$/i.test(text);
  if (kind === "DateTimeLiteralExpression") return parseDatetime(text);
  if (kind === "TimespanLiteralExpression") return timespanLiteral(text);
  if (kind === "GuidLiteralExpression") return text.toLowerCase();
  return undefined;
}

/** The JSON inside `dynamic(…)`. */
function dynamicLiteral(node: Syntax): Value {
  const kind = node.kind;
  if (kind === "JsonArrayExpression") return items(node, "Values").map(dynamicLiteral);
  if (kind === "JsonObjectExpression") {
    const pairs = items(node, "Pairs").map((pair) => [
      nameOf(must(pair, "Name")),
      dynamicLiteral(must(pair, "Value")),
    ]);
    return Object.fromEntries(pairs);
  }
  if (kind === "UnaryMinusExpression") return -Number(dynamicLiteral(must(node, "Expression")));
  if (kind === "NullLiteralExpression") return null;
  const constant = literal(node);
  if (constant === undefined) throw queryProblem("InvalidQuery", `dynamic() cannot hold ${kind}`);
  return constant;
}
