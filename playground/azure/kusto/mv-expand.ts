import { compile } from "./expression.ts";
import { conversion } from "./functions/conversion.ts";
import { literal } from "./literal.ts";
import { queryProblem } from "./problem.ts";
import { fitted, scopeOf, type Table } from "./table.ts";
import type { Datetime } from "./times.ts";
import { child, columnsOf, items, must, nameOf, type Syntax } from "./tree.ts";
import { isNumber, isObject, type Row, type Value } from "./values.ts";

/** Resource Graph's default row limit of mv-expand [Resource Graph docs, supported operators]. */
const defaultLimit = 128;

/**
 * The elements that a value expands to: of an array each, of a bag each pair as a bag, of null one null, of an
 * empty array none [Kusto docs, mv-expand].
 */
function elements(value: Value): Value[] {
  if (Array.isArray(value)) return value as Value[];
  if (isObject(value)) return Object.entries(value).map(([key, one]) => ({ [key]: one }));
  return [value];
}

/** `mv-expand`: several expressions expand side by side, the shorter ones filled up with null. */
export function mvExpand(input: Table, node: Syntax, now: Datetime): Table {
  const scope = scopeOf(input, now);
  const columns = columnsOf(node);
  const clause = child(node, "RowLimitClause");
  const limit = clause ? literal(must(clause, "RowLimit")) : defaultLimit;
  if (!isNumber(limit)) throw queryProblem("InvalidQuery", "The row limit of mv-expand must be a number");
  const existing = new Set(input.columns.map((one) => one.name));
  const added = columns.filter((one) => !existing.has(one.name)).map((one) => one.name);
  const parts = items(node, "Expressions").map((one) => {
    const expression = must(one, "Expression");
    const named = nameGiven(expression);
    const name = named !== undefined && existing.has(named) ? named : (added.shift() ?? named ?? "");
    const place = columns.findIndex((column) => column.name === name);
    const type = columns[place]?.type ?? "dynamic";
    const convert = type === "dynamic" ? undefined : conversion[`to${type}`];
    return { place, convert, read: compile(expression, scope) };
  });
  const context = { now, types: ["dynamic"] };
  const rows = input.rows.flatMap((row) => {
    const lists = parts.map((part) => elements(part.read(row)));
    const length = Math.min(Number(limit), Math.max(...lists.map((list) => list.length)));
    return Array.from({ length }, (_, index) => {
      const next: Row = [...row];
      for (const [at, part] of parts.entries()) {
        const value = lists[at]![index] ?? null;
        next[part.place] = part.convert ? part.convert([value], context) : value;
      }
      return fitted(next, columns);
    });
  });
  return { columns, rows };
}

function nameGiven(node: Syntax): string | undefined {
  if (node.kind === "NameReference") return nameOf(node);
  return node.kind === "SimpleNamedExpression" ? nameOf(must(node, "Name")) : undefined;
}
