import { queryProblem } from "./problem.ts";
import { child, items, must, nameOf, type Syntax, walk } from "./tree.ts";

/**
 * The tabular operators of Resource Graph's subset that are evaluated, by the kind of their node [Resource Graph docs]; it
 * allows `parse` too, which no query here has.
 */
export const allowed: Record<string, string> = {
  CountOperator: "count",
  DistinctOperator: "distinct",
  ExtendOperator: "extend",
  FilterOperator: "where",
  JoinOperator: "join",
  MvExpandOperator: "mv-expand",
  ProjectAwayOperator: "project-away",
  ProjectOperator: "project",
  SortOperator: "sort",
  SummarizeOperator: "summarize",
  TakeOperator: "take",
  TopOperator: "top",
  UnionOperator: "union",
};

const most: Record<string, number> = { JoinOperator: 3, MvExpandOperator: 3 };
/** `mv-expand` over more rows than this is refused [older Resource Graph docs]. */
const widestExpansion = 400;
const mostLegs = 3;

/** Refuses what Resource Graph's subset of Kusto leaves out; the statement is what remains to be run. */
export function restricted(root: Syntax): Syntax {
  const statements = items(root, "Statements");
  const only = statements[0];
  if (!only || statements.length > 1 || only.kind !== "ExpressionStatement")
    throw queryProblem("InvalidQuery", "Only a single tabular expression statement is supported");
  const counts: Record<string, number> = {};
  for (const node of walk(root)) {
    const kind = node.kind;
    if (kind === "MaterializeExpression" || kind === "DataTableExpression" || kind === "ToScalarExpression")
      throw queryProblem("DisallowedLogicalOperator", `'${kind}' is not allowed in Resource Graph queries`);
    if (!kind.endsWith("Operator")) continue;
    if (!allowed[kind]) {
      const word = node.children[0]?.text ?? kind;
      throw queryProblem(
        "DisallowedLogicalOperator",
        `Operator '${word}' is not allowed in Resource Graph queries`,
      );
    }
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (counts[kind] > (most[kind] ?? Number.POSITIVE_INFINITY))
      throw queryProblem(
        "DisallowedMaxNumberOfOperators",
        `At most ${most[kind]} of '${allowed[kind]}' are allowed`,
      );
    if (kind === "MvExpandOperator") narrow(node);
  }
  return must(only, "Expression");
}

function narrow(node: Syntax) {
  const clause = child(node, "RowLimitClause");
  const limit = clause && Number(nameOf(must(must(clause, "RowLimit"), "Token")));
  if (limit !== undefined && limit > widestExpansion)
    throw queryProblem(
      "DisallowedMvExpandLimit",
      `mv-expand allows a row limit of at most ${widestExpansion}`,
    );
}

/** The legs of a union, the table that is piped into it included: at most three. */
export function legsAllowed(count: number) {
  if (count > mostLegs)
    throw queryProblem("DisallowedMaxNumberOfOperators", `A union has at most ${mostLegs} legs`);
}

/** Operators that switch paging off: the answer is cut without a token [docs, "Guidance for pagination"]. */
export function limits(root: Syntax): boolean {
  return [...walk(root)].some((node) => node.kind === "TakeOperator");
}
