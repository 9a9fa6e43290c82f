import { calculate } from "./arithmetic.ts";
import { compile, type Evaluate, type Scope } from "./expression.ts";
import { queryProblem } from "./problem.ts";
import { isDatetime, isTimespan } from "./times.ts";
import { items, must, nameOf, type Syntax, walk } from "./tree.ts";
import { cell, identity, isNumber, order, type Row, truth, type Value } from "./values.ts";

/** An aggregate over the rows of a group; `arg_max`, `arg_min` and `take_any` give several values. */
export type Aggregate = (rows: Row[]) => Value[];

const known = (values: Value[]) => values.filter((one) => one !== null);
const size = (value: Value) => (isDatetime(value) || isTimespan(value) ? Number(value.ticks) : Number(value));

function sum(values: Value[]): Value {
  const all = known(values);
  if (all.length === 0) return 0;
  return all.slice(1).reduce<Value>((total, one) => calculate("+", total, one, true), all[0]!);
}

/** The mean; null where there is nothing to average. */
function mean(values: Value[]): Value {
  const all = known(values);
  if (all.length === 0) return null;
  const first = all[0]!;
  if (isNumber(first)) return Number(sum(all)) / all.length;
  const average = BigInt(Math.round(all.reduce<number>((total, one) => total + size(one), 0) / all.length));
  return isDatetime(first) || isTimespan(first) ? ({ ...first, ticks: average } as Value) : null;
}

function best(values: Value[], sign: number): Value {
  let best: Value = null;
  for (const one of values)
    if (one !== null && one !== "" && (best === null || (order(one, best) ?? 0) * sign > 0)) best = one;
  return best;
}

const distinct = (values: Value[]) => [...new Map(known(values).map((one) => [identity(one), one])).values()];
/** Lists and sets hold 1,048,576 elements unless a limit is given [Kusto docs, make_list()]. */
const cut = (values: Value[], limit: Value | undefined) =>
  values.slice(0, isNumber(limit) ? Number(limit) : 1_048_576);

type Simple = (values: Value[], second: Value | undefined) => Value;
const simple: Record<string, Simple> = {
  count: (values) => values.length,
  sum,
  avg: mean,
  min: (values) => best(values, -1),
  max: (values) => best(values, 1),
  dcount: (values) => distinct(values.filter((one) => one !== "")).length,
  make_list: (values, limit) => cut(known(values), limit),
  make_set: (values, limit) => cut(distinct(values), limit),
  take_any: (values) => values.find((one) => one !== null && one !== "") ?? values[0] ?? null,
};
const aliases: Record<string, string> = { makelist: "make_list", makeset: "make_set", any: "take_any" };

function conditional(name: string): { base: Simple; test: boolean } | undefined {
  if (simple[name]) return { base: simple[name], test: false };
  const base = simple[name.replace(/_?if$/, "")];
  return base && /if$/.test(name) ? { base, test: true } : undefined;
}

/** The row that is greatest (or smallest) by the first argument, and what the others are there. */
function extreme(args: Syntax[], scope: Scope, sign: number, rest: number[]): Aggregate {
  const by = compile(args[0]!, scope);
  const others = args.slice(1);
  const every = others.some((one) => one.kind === "StarExpression");
  const read: Evaluate[] = every
    ? rest.map((index) => (row: Row) => cell(row, index))
    : others.map((one) => compile(one, scope));
  return (rows) => {
    let top: Row | undefined;
    let best: Value = null;
    for (const row of rows) {
      const value = by(row);
      if (value === null || value === "") continue;
      if (best !== null && (order(value, best) ?? 0) * sign <= 0) continue;
      [top, best] = [row, value];
    }
    const row = top ?? rows[0];
    return [best, ...read.map((one) => (row ? one(row) : null))];
  };
}

/**
 * Compiles one aggregate call. `rest` are the places of the columns that a `*` means: those that are
 * neither grouped by nor the first argument.
 */
export function aggregate(
  node: Syntax,
  scope: Scope,
  rest: (first: Syntax | undefined) => number[],
): Aggregate {
  const called = node.kind === "SimpleNamedExpression" || node.kind === "CompoundNamedExpression";
  if (called) return aggregate(must(node, "Expression"), scope, rest);
  if (node.kind !== "FunctionCallExpression") return composed(node, scope, rest);
  const written = nameOf(must(node, "Name")).toLowerCase();
  const name = aliases[written] ?? written;
  const args = items(must(node, "ArgumentList"), "Expressions");
  if (name === "arg_max" || name === "arg_min")
    return extreme(args, scope, name === "arg_max" ? 1 : -1, rest(args[0]));
  if (name === "take_any" && args.some((one) => one.kind === "StarExpression")) {
    const places = rest(undefined);
    return (rows) => places.map((index) => (rows[0] ? cell(rows[0], index) : null));
  }
  if (name === "take_any" && args.length > 1) {
    const parts = args.map((one) => compile(one, scope));
    return (rows) => parts.map((one) => (rows[0] ? one(rows[0]) : null));
  }
  const best = conditional(name);
  if (!best) return composed(node, scope, rest);
  const values = args.map((one) => compile(one, scope));
  const test = best.test ? values[name === "countif" ? 0 : 1] : undefined;
  const value = name === "countif" ? undefined : values[0];
  const second = values[best.test ? 2 : 1];
  return (rows) => {
    const kept = test ? rows.filter((row) => truth(test(row)) === true) : rows;
    const limit = second && rows[0] ? second(rows[0]) : undefined;
    return [best.base(value ? kept.map((row) => value(row)) : kept.map(() => 0), limit)];
  };
}

/** Arithmetic or a function over aggregates, for example `tostring(make_set(x))` or `count() * 2`. */
function composed(node: Syntax, scope: Scope, rest: (first: Syntax | undefined) => number[]): Aggregate {
  const inner = outermost(node);
  if (inner.length === 0)
    throw queryProblem("InvalidQuery", `'${text(node)}' is no aggregate that Resource Graph queries support`);
  const parts = inner.map((one) => aggregate(one, scope, rest));
  const given = new Map(inner.map((one, index) => [one, index]));
  const outer = compile(node, { now: scope.now, columns: new Map(), given });
  return (rows) => [outer(parts.map((part) => part(rows)[0] ?? null))];
}

const isAggregate = (name: string) =>
  name === "arg_max" || name === "arg_min" || conditional(name) !== undefined;

function outermost(node: Syntax): Syntax[] {
  if (node.kind === "FunctionCallExpression") {
    const name = nameOf(must(node, "Name")).toLowerCase();
    if (isAggregate(aliases[name] ?? name)) return [node];
  }
  return node.children.flatMap(outermost);
}

const text = (node: Syntax) => [...walk(node)].map((one) => one.text ?? "").join("");
