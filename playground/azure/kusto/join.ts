import type { Evaluate } from "./expression.ts";
import { queryProblem } from "./problem.ts";
import { fitted, scopeOf, type Table } from "./table.ts";
import type { Datetime } from "./times.ts";
import { child, columnsOf, items, must, nameOf, type Syntax } from "./tree.ts";
import { identity, type Row } from "./values.ts";

/** The kinds of join that Resource Graph allows [Resource Graph docs, supported operators]. */
const kinds = ["innerunique", "inner", "leftouter", "fullouter"];

/** The value of a parameter such as `kind=inner`. */
export function parameter(node: Syntax, name: string): string | undefined {
  const parameter = items(node, "Parameters").find((one) => nameOf(must(one, "Name")) === name);
  const token = parameter && child(must(parameter, "Expression"), "Token");
  return token?.text;
}

export function joinKind(node: Syntax): string {
  const kind = parameter(node, "kind") ?? "innerunique";
  if (kinds.includes(kind)) return kind;
  throw queryProblem("InvalidQuery", `Join kind '${kind}' is not supported: ${kinds.join(", ")} are`);
}

/** The two sides of one condition: a shared column, or `$left.a == $right.b` in either order. */
function condition(node: Syntax): [string, string] {
  if (node.kind === "NameReference") return [nameOf(node), nameOf(node)];
  if (node.kind !== "EqualExpression")
    throw queryProblem("InvalidQuery", "A join needs conditions of equality, $left.a == $right.b");
  const sides = [must(node, "Left"), must(node, "Right")].map((path) => {
    if (path.kind !== "PathExpression")
      throw queryProblem("InvalidQuery", "A join condition compares $left.column with $right.column");
    return { side: nameOf(must(path, "Expression")), column: nameOf(must(path, "Selector")) };
  });
  const left = sides.find((one) => one.side === "$left");
  const right = sides.find((one) => one.side === "$right");
  if (!left || !right) throw queryProblem("InvalidQuery", "A join condition needs $left and $right");
  return [left.column, right.column];
}

type Side = { rows: Row[]; keys: (string | undefined)[] };

function side(table: Table, names: string[], now: Datetime): Side {
  const scope = scopeOf(table, now);
  const types = names.map((name) => table.columns.find((column) => column.name === name)?.type);
  if (types.includes("dynamic"))
    throw queryProblem("InvalidQuery", "A join key is of 'dynamic' type: use a cast such as tostring()");
  const read = names.map((name): Evaluate => {
    const place = scope.columns.get(name);
    if (place === undefined) throw queryProblem("InvalidQuery", `Failed to resolve column '${name}'`);
    return (row) => {
      const value = row[place];
      return typeof value === "function" ? value() : (value ?? null);
    };
  });
  // A null key equals nothing, not even another null.
  const keys = table.rows.map((row) => {
    const values = read.map((one) => one(row));
    return values.includes(null) ? undefined : values.map(identity).join("\u0000");
  });
  return { rows: table.rows, keys };
}

/** `join`: the columns are the left ones, then the right ones, renamed by the analysis where they clash. */
export function join(left: Table, right: Table, node: Syntax, now: Datetime): Table {
  const kind = joinKind(node);
  const clause = child(node, "ConditionClause");
  if (clause?.kind !== "JoinOnClause") throw queryProblem("InvalidQuery", "A join needs an on clause");
  const pairs = items(clause, "Expressions").map(condition);
  const columns = columnsOf(node);
  const ours = side(
    left,
    pairs.map(([name]) => name),
    now,
  );
  const theirs = side(
    right,
    pairs.map(([, name]) => name),
    now,
  );
  const index = new Map<string, number[]>();
  for (const [at, key] of theirs.keys.entries())
    if (key !== undefined) (index.get(key) ?? index.set(key, []).get(key)!).push(at);
  const met = new Set<number>();
  const seen = new Set<string>();
  const rows: Row[] = [];
  const blank = (table: Table) => table.columns.map(() => undefined);
  for (const [at, row] of ours.rows.entries()) {
    const key = ours.keys[at];
    // innerunique keeps one row of the left side for each key [Kusto docs, join].
    if (kind === "innerunique" && key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    const partners = key === undefined ? [] : (index.get(key) ?? []);
    for (const partner of partners) {
      met.add(partner);
      rows.push(fitted([...row, ...theirs.rows[partner]!], columns));
    }
    if (partners.length === 0 && kind.endsWith("outer"))
      rows.push(fitted([...row, ...blank(right)], columns));
  }
  if (kind === "fullouter")
    for (const [at, row] of theirs.rows.entries())
      if (!met.has(at)) rows.push(fitted([...blank(left), ...row], columns));
  return { columns, rows };
}
