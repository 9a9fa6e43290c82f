import { pattern } from "./comparison.ts";
import { compile } from "./expression.ts";
import { conversion } from "./functions/conversion.ts";
import { parameter } from "./join.ts";
import { queryProblem } from "./problem.ts";
import { fitted, scopeOf, type Table } from "./table.ts";
import type { Datetime } from "./times.ts";
import { columnsOf, must, nameOf, type Syntax } from "./tree.ts";
import { type Row, text } from "./values.ts";

const escaped = (source: string) => source.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
/** Numbers match the digits that they consist of, text anything up to the next word of the pattern. */
const shapes: Record<string, string> = {
  long: "-?\\d+",
  int: "-?\\d+",
  real: "-?\\d+(?:\\.\\d+)?",
  double: "-?\\d+(?:\\.\\d+)?",
};

/** `parse TEXT with PATTERN`: rows that do not match keep empty columns. */
export function parse(input: Table, node: Syntax, now: Datetime): Table {
  const kind = parameter(node, "kind") ?? "simple";
  if (kind !== "simple" && kind !== "regex")
    throw queryProblem("InvalidQuery", `parse kind=${kind} is not supported`);
  const names: { name: string; type: string }[] = [];
  const steps = must(node, "Patterns").children;
  let source = "^";
  for (const [index, step] of steps.entries()) {
    const step0 = step.kind;
    const last = index === steps.length - 1;
    if (step0 === "StarExpression") source += last ? "[\\s\\S]*" : "[\\s\\S]*?";
    else if (step0 === "StringLiteralExpression") {
      const word = nameOf(must(step, "Token"));
      source += kind === "regex" ? `(?:${word})` : escaped(word);
    } else {
      const typed = step0 === "NameAndTypeDeclaration";
      const name = nameOf(typed ? must(step, "Name") : step);
      const type = typed ? nameOf(must(must(step, "Type"), "Type")) : "string";
      names.push({ name, type });
      source += `(${shapes[type] ?? (last ? "[\\s\\S]*" : "[\\s\\S]*?")})`;
    }
  }
  const shape = pattern(source.endsWith("*") ? source : `${source}$`);
  const subject = compile(must(node, "Expression"), scopeOf(input, now));
  const columns = columnsOf(node);
  const places = names.map(({ name }) => columns.findIndex((column) => column.name === name));
  const rows = input.rows.map((row) => {
    const next: Row = [...row];
    const match = shape.exec(text(subject(row)));
    for (const [index, { type }] of names.entries()) {
      const captured = match?.[index + 1];
      const convert = type === "string" ? undefined : conversion[`to${type}`];
      const value =
        captured === undefined
          ? type === "string"
            ? ""
            : null
          : convert
            ? convert([captured], { now, types: ["string"] })
            : captured;
      next[places[index]!] = value;
    }
    return fitted(next, columns);
  });
  return { columns, rows };
}
