import { queryProblem } from "./problem.ts";
import { fitted, type Table } from "./table.ts";
import { columnsOf, items, must, nameOf, type Syntax } from "./tree.ts";

/** `union`: columns of one name and type are one; a name with two types becomes `name_string`, `name_long`. */
export function union(legs: Table[], node: Syntax): Table {
  for (const one of items(node, "Parameters")) {
    const name = nameOf(must(one, "Name"));
    if (name !== "kind") throw queryProblem("InvalidQuery", `union with '${name}' is not supported`);
  }
  const columns = columnsOf(node);
  const rows = legs.flatMap((leg) => {
    const places = columns.map((column) =>
      leg.columns.findIndex(
        (one) =>
          one.type === column.type && (one.name === column.name || `${one.name}_${one.type}` === column.name),
      ),
    );
    return leg.rows.map((row) =>
      fitted(
        places.map((place) => (place < 0 ? undefined : row[place])),
        columns,
      ),
    );
  });
  return { columns, rows };
}
