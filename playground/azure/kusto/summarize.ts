import { aggregate } from "./aggregates.ts";
import { compile } from "./expression.ts";
import { fitted, scopeOf, type Table } from "./table.ts";
import type { Datetime } from "./times.ts";
import { child, columnsOf, items, nameOf, type Syntax } from "./tree.ts";
import { identity, type Row } from "./values.ts";

/** `summarize AGGREGATES by KEYS`: the keys come first, as in the columns of Microsoft's analysis. */
export function summarize(input: Table, node: Syntax, now: Datetime): Table {
  const scope = scopeOf(input, now);
  const by = child(node, "ByClause");
  const keyNodes = by ? items(by, "Expressions") : [];
  const keys = keyNodes.map((one) => compile(one, scope));
  const groupedBy = new Set(keyNodes.map(reference));
  const rest = (first: Syntax | undefined) => {
    const taken = first ? reference(first) : undefined;
    return input.columns.flatMap((column, index) =>
      groupedBy.has(column.name) || column.name === taken ? [] : [index],
    );
  };
  const aggregates = items(node, "Aggregates").map((one) => aggregate(one, scope, rest));
  const groups = new Map<string, { key: Row; rows: Row[] }>();
  for (const row of input.rows) {
    const key = keys.map((one) => one(row));
    const name = key.map(identity).join("\u0000");
    const group = groups.get(name);
    if (group) group.rows.push(row);
    else groups.set(name, { key, rows: [row] });
  }
  // Without keys there is one row, also over nothing: `summarize count()` of an empty table is 0.
  if (keys.length === 0 && groups.size === 0) groups.set("", { key: [], rows: [] });
  const columns = columnsOf(node);
  const rows = [...groups.values()].map(({ key, rows: members }) =>
    fitted([...key, ...aggregates.flatMap((one) => one(members))], columns),
  );
  return { columns, rows };
}

/** The column that an expression is nothing but a reference to. */
function reference(node: Syntax): string | undefined {
  if (node.kind === "NameReference") return nameOf(node);
  return undefined;
}

/** `distinct`: the rows that differ. */
export function distinct(input: Table, node: Syntax, now: Datetime): Table {
  const scope = scopeOf(input, now);
  const nodes = items(node, "Expressions");
  const all = nodes.some((one) => one.kind === "StarExpression");
  const read = all ? undefined : nodes.map((one) => compile(one, scope));
  const columns = columnsOf(node);
  const seen = new Map<string, Row>();
  for (const row of input.rows) {
    const values = read ? read.map((one) => one(row)) : row;
    const name = values.map((one) => identity(typeof one === "function" ? one() : one)).join("\u0000");
    if (!seen.has(name)) seen.set(name, fitted(values, columns));
  }
  return { columns, rows: [...seen.values()] };
}
