import { compile, type Evaluate } from "./expression.ts";
import { queryProblem } from "./problem.ts";
import { fitted, scopeOf, type Table } from "./table.ts";
import type { Datetime } from "./times.ts";
import { child, columnsOf, items, must, nameOf, type Syntax } from "./tree.ts";
import { cell, isNumber, order, type Row, truth, type Value } from "./values.ts";

export type Operator = (input: Table, node: Syntax, now: Datetime) => Table;

export const where: Operator = (input, node, now) => {
  const test = compile(must(node, "Condition"), scopeOf(input, now));
  return { columns: input.columns, rows: input.rows.filter((row) => truth(test(row)) === true) };
};

/** The names that an expression list declares: `a = …`, `(a, b) = …`, or the analysis' own. */
function declared(node: Syntax): string | undefined {
  return node.kind === "SimpleNamedExpression" ? nameOf(must(node, "Name")) : undefined;
}

export const project: Operator = (input, node, now) => {
  const scope = scopeOf(input, now);
  const read = items(node, "Expressions").map((one) => compile(one, scope));
  const columns = columnsOf(node);
  return {
    columns,
    rows: input.rows.map((row) =>
      fitted(
        read.map((one) => one(row)),
        columns,
      ),
    ),
  };
};

/** A column that exists is replaced in its place; a new one is added last. */
export const extend: Operator = (input, node, now) => {
  const scope = scopeOf(input, now);
  const columns = columnsOf(node);
  const places = new Map(columns.map((column, index) => [column.name, index]));
  const kept = new Set(input.columns.map((column) => column.name));
  // A name that the analysis made up for an unnamed expression comes after the input's columns, in order.
  const made = columns.filter((column) => !kept.has(column.name)).map((column) => column.name);
  const named = new Set(items(node, "Expressions").map(declared));
  const unnamed = made.filter((name) => !named.has(name));
  const changes = items(node, "Expressions").map((one) => {
    const name = declared(one) ?? unnamed.shift() ?? "";
    return { place: places.get(name) ?? -1, evaluate: compile(one, scope) };
  });
  const rows = input.rows.map((row) => {
    const next: Row = [...row];
    for (const { place, evaluate } of changes) if (place >= 0) next[place] = evaluate(row);
    return fitted(next, columns);
  });
  return { columns, rows };
};

export const projectAway: Operator = (input, node) => {
  const columns = columnsOf(node);
  const places = columns.map((column) => input.columns.findIndex((one) => one.name === column.name));
  return { columns, rows: input.rows.map((row) => places.map((place) => row[place] ?? null)) };
};

/** The constant number after `take` and `top`. */
export function rowCount(node: Syntax, now: Datetime): number {
  const count = compile(must(node, "Expression"), { now, columns: new Map() })([]);
  if (!isNumber(count) || count < 0) throw queryProblem("InvalidQuery", "The number of rows is not valid");
  return Number(count);
}

export const take: Operator = (input, node, now) => ({
  columns: input.columns,
  rows: input.rows.slice(0, rowCount(node, now)),
});

type Key = { read: Evaluate; sign: number; nullsFirst: boolean };

/** Descending by default; nulls come first ascending and last descending [Kusto docs, sort]. */
function sortKey(node: Syntax, input: Table, now: Datetime): Key {
  const ordering = child(node, "Ordering");
  const expression = ordering ? must(node, "Expression") : node;
  const direction = ordering && child(ordering, "AscOrDescKeyword")?.text;
  const clause = ordering && child(ordering, "NullsClause");
  const nulls = clause && must(clause, "FirstOrLastKeyword").text;
  const ascending = direction === "asc" || direction === "granny-asc";
  return {
    read: compile(expression, scopeOf(input, now)),
    sign: ascending ? 1 : -1,
    nullsFirst: nulls ? nulls === "first" : ascending,
  };
}

function byKeys(keys: Key[], left: Value[], right: Value[]): number {
  for (const [index, key] of keys.entries()) {
    const [a, b] = [left[index]!, right[index]!];
    if (a === null && b === null) continue;
    if (a === null || b === null) return (a === null) === key.nullsFirst ? -1 : 1;
    const compared = order(a, b) ?? 0;
    if (compared !== 0) return compared * key.sign;
  }
  return 0;
}

function sorted(input: Table, nodes: Syntax[], now: Datetime): Table {
  const keys = nodes.map((one) => sortKey(one, input, now));
  const keyed = input.rows.map((row) => ({ row, key: keys.map((key) => key.read(row)) }));
  keyed.sort((a, b) => byKeys(keys, a.key, b.key));
  return { columns: input.columns, rows: keyed.map((one) => one.row) };
}

export const sort: Operator = (input, node, now) => sorted(input, items(node, "Expressions"), now);

export const top: Operator = (input, node, now) => {
  const all = sorted(input, [must(node, "ByExpression")], now);
  return { columns: all.columns, rows: all.rows.slice(0, rowCount(node, now)) };
};

export const count: Operator = (input, node) => ({ columns: columnsOf(node), rows: [[input.rows.length]] });

/** A row with every cell converted, as an answer needs it. */
export const resolved = (row: Row): Value[] => row.map((_, index) => cell(row, index));
