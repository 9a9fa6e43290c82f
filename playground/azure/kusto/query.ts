import { analyse } from "./analysis.ts";
import { join } from "./join.ts";
import type { Problem } from "./language.ts";
import { mvExpand } from "./mv-expand.ts";
import * as simple from "./operators.ts";
import { queryProblem } from "./problem.ts";
import { legsAllowed, limits, restricted } from "./restrictions.ts";
import { distinct, summarize } from "./summarize.ts";
import type { Table } from "./table.ts";
import { atMilliseconds, type Datetime } from "./times.ts";
import { type Column, items, must, nameOf, type Syntax, walk } from "./tree.ts";
import { union } from "./union.ts";
import type { Row } from "./values.ts";

/** A table that queries may name: its columns, and a function that gives its rows now. */
export type Source = { columns: Column[]; rows: () => Row[] };
/** Tables by their name in lower case. */
export type Sources = Record<string, Source>;
/** A query that was found valid; `pageable` is false where it contains `limit` or `take`. */
export type Prepared = { pageable: boolean; run: (sources: Sources, now: Date) => Table };

const unary: Record<string, simple.Operator> = {
  CountOperator: simple.count,
  DistinctOperator: distinct,
  ExtendOperator: simple.extend,
  FilterOperator: simple.where,
  MvExpandOperator: mvExpand,
  ProjectAwayOperator: simple.projectAway,
  ProjectOperator: simple.project,
  SortOperator: simple.sort,
  SummarizeOperator: summarize,
  TakeOperator: simple.take,
  TopOperator: simple.top,
};

/** Names of tables do not care about case in Resource Graph: declare each as the query spells it. */
function schemas(text: string, sources: Sources): Map<string, string> {
  const declared = new Map<string, string>();
  for (const [word] of text.matchAll(/[A-Za-z]+/g)) {
    const source = Object.hasOwn(sources, word.toLowerCase()) ? sources[word.toLowerCase()] : undefined;
    if (source)
      declared.set(word, `(${source.columns.map((one) => `['${one.name}']:${one.type}`).join(",")})`);
  }
  return declared;
}

/**
 * Parses a query with Microsoft's parser, checks it against Resource Graph's subset, and gives a function that
 * evaluates it. Throws a {@link queryProblem} for what the service would refuse.
 */
export function prepare(text: string, sources: Sources): Prepared {
  const { root, problems } = analyse(text, schemas(text, sources));
  const unresolved = problems.find((one) => one.code !== "KS204" && one.code !== "KS208");
  const statement =
    !unresolved || problems.length === 0 ? restricted(root) : restrictedOr(root, unresolved, text);
  const first = problems[0];
  if (first) throw refused(first, text);
  const evaluate = (sourcesNow: Sources, now: Date) =>
    table(statement, sourcesNow, atMilliseconds(now.getTime()));
  return { pageable: !limits(root), run: evaluate };
}

/** A disallowed operator is reported before anything else that is wrong. */
function restrictedOr(root: Syntax, problem: Problem, text: string): Syntax {
  const broken = [...walk(root)].some((node) => node.kind === "SkippedTokens");
  if (broken) throw refused(problem, text);
  return restricted(root);
}

function refused({ message, start }: Problem, text: string) {
  const lines = text.slice(0, start).split("\n");
  const [token = "<EOF>"] = /^[^\s|,()]+/.exec(text.slice(start)) ?? [];
  const place = { line: lines.length, characterPositionInLine: lines.at(-1)!.length, token };
  return queryProblem("InvalidQuery", `Query is invalid. ${message} (at character ${start + 1})`, place);
}

function table(node: Syntax, sources: Sources, now: Datetime): Table {
  const kind = node.kind;
  if (kind === "NameReference") {
    const source = sources[nameOf(node).toLowerCase()];
    if (!source) throw queryProblem("InvalidQuery", `Failed to resolve table '${nameOf(node)}'`);
    return { columns: source.columns, rows: source.rows() };
  }
  if (kind === "ParenthesizedExpression") return table(must(node, "Expression"), sources, now);
  if (kind === "UnionOperator") return unite([], node, sources, now);
  if (kind !== "PipeExpression")
    throw queryProblem("InvalidQuery", `A query begins with a table, not with ${kind}`);
  const input = table(must(node, "Expression"), sources, now);
  const operator = must(node, "Operator");
  const name = operator.kind;
  if (name === "JoinOperator")
    return join(input, table(must(operator, "Expression"), sources, now), operator, now);
  if (name === "UnionOperator") return unite([input], operator, sources, now);
  const run = unary[name];
  if (!run) throw queryProblem("DisallowedLogicalOperator", `Operator '${name}' is not allowed`);
  return run(input, operator, now);
}

function unite(before: Table[], node: Syntax, sources: Sources, now: Datetime): Table {
  const legs = items(node, "Expressions");
  legsAllowed(before.length + legs.length);
  return union([...before, ...legs.map((leg) => table(leg, sources, now))], node);
}
