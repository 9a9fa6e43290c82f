import { calculate } from "./arithmetic.ts";
import { comparisons, membership } from "./comparison.ts";
import { functions } from "./functions/index.ts";
import { literal } from "./literal.ts";
import { queryProblem } from "./problem.ts";
import { type Datetime, isTimespan, timespan } from "./times.ts";
import { child, items, must, nameOf, type Syntax, typeOf } from "./tree.ts";
import { cell, isNumber, isObject, type Row, truth, type Value } from "./values.ts";

export type Evaluate = (row: Row) => Value;
/** What an expression sees: the place of each column in a row, and the time of the query. */
export type Scope = {
  columns: Map<string, number>;
  now: Datetime;
  /** Expressions whose value is in the row already: aggregates inside a larger expression. */
  given?: Map<Syntax, number>;
};

const wholeTypes = new Set(["long", "int"]);
const unsupported = (what: string) =>
  queryProblem("InvalidQuery", `${what} is not supported in Resource Graph queries`);

/** Turns an expression into a function over a row; a string expression never gives null. */
export function compile(node: Syntax, scope: Scope): Evaluate {
  const evaluate = compileAny(node, scope);
  if (typeOf(node) !== "string") return evaluate;
  return (row) => evaluate(row) ?? "";
}

function compileAny(node: Syntax, scope: Scope): Evaluate {
  const kind = node.kind;
  const place = scope.given?.get(node);
  if (place !== undefined) return (row) => cell(row, place);
  const constant = literal(node);
  if (constant !== undefined) return () => constant;
  if (kind === "NameReference") return column(node, scope);
  if (kind === "ParenthesizedExpression") return compile(must(node, "Expression"), scope);
  if (kind === "SimpleNamedExpression") return compile(must(node, "Expression"), scope);
  if (kind === "PathExpression") {
    const name = nameOf(must(node, "Selector"));
    return member(compile(must(node, "Expression"), scope), () => name);
  }
  if (kind === "ElementExpression")
    return member(
      compile(must(node, "Expression"), scope),
      compile(must(must(node, "Selector"), "Expression"), scope),
    );
  if (kind === "FunctionCallExpression") return call(node, scope);
  if (kind === "UnaryMinusExpression") return negative(compile(must(node, "Expression"), scope));
  if (kind === "UnaryPlusExpression") return compile(must(node, "Expression"), scope);
  if (kind === "BetweenExpression" || kind === "NotBetweenExpression") return between(node, scope);
  const operator = operatorOf(node);
  if (operator) return binary(operator, node, scope);
  throw unsupported(`The expression ${kind}`);
}

/** The spelling of a binary operator, in lower case. */
function operatorOf(node: Syntax): string | undefined {
  return child(node, "Operator")?.text?.toLowerCase().replace(/\s+/g, " ");
}

function column(node: Syntax, scope: Scope): Evaluate {
  const name = nameOf(node);
  const index = scope.columns.get(name);
  if (index === undefined) throw queryProblem("InvalidQuery", `Failed to resolve column '${name}'`);
  return (row) => cell(row, index);
}

/** `.name`, `["name"]` and `[n]`; case-sensitive, negative indexes count from the end. */
function member(evaluate: Evaluate, key: Evaluate): Evaluate {
  return (row) => {
    const value = evaluate(row);
    const at = key(row);
    if (Array.isArray(value)) return isNumber(at) ? ((value.at(Number(at)) as Value) ?? null) : null;
    if (typeof at !== "string" || !isObject(value)) return null;
    const bag: Record<string, unknown> = value;
    return Object.hasOwn(bag, at) ? ((bag[at] as Value) ?? null) : null;
  };
}

function call(node: Syntax, scope: Scope): Evaluate {
  const name = nameOf(must(node, "Name")).toLowerCase();
  const parameters = items(must(node, "ArgumentList"), "Expressions");
  const args = parameters.map((one) => compile(one, scope));
  const body = functions[name];
  if (!body) throw unsupported(`The function '${name}'`);
  const types = parameters.map(typeOf);
  return (row) =>
    body(
      args.map((one) => one(row)),
      { now: scope.now, types },
    );
}

function negative(evaluate: Evaluate): Evaluate {
  return (row) => {
    const value = evaluate(row);
    if (isTimespan(value)) return timespan(-value.ticks);
    return isNumber(value) ? -value : null;
  };
}

function between(node: Syntax, scope: Scope): Evaluate {
  const left = compile(must(node, "Left"), scope);
  const couple = must(node, "Right");
  const from = compile(must(couple, "First"), scope);
  const to = compile(must(couple, "Second"), scope);
  const not = node.kind === "NotBetweenExpression";
  return (row) => {
    const value = left(row);
    const low = from(row);
    const end = to(row);
    // `between (datetime .. timespan)` means a span from the first bound on [Kusto docs, between].
    const high = isTimespan(end) && !isTimespan(value) ? calculate("+", low, end, false) : end;
    const between = and(comparisons[">="]!(value, low), comparisons["<="]!(value, high));
    return between === null ? null : between !== not;
  };
}

const and = (left: Value, right: Value) =>
  left === false || right === false ? false : left === null || right === null ? null : true;
const or = (left: Value, right: Value) =>
  left === true || right === true ? true : left === null || right === null ? null : false;

function binary(operator: string, node: Syntax, scope: Scope): Evaluate {
  const left = compile(must(node, "Left"), scope);
  const list = must(node, "Right");
  if (list.kind === "ExpressionList") {
    const members = items(list, "Expressions");
    if (members.some((one) => one.columns)) throw unsupported(`'${operator}' over a table`);
    const all = members.map((one) => compile(one, scope));
    return (row) =>
      membership(
        operator,
        left(row),
        all.map((one) => one(row)),
      );
  }
  const right = compile(list, scope);
  if (operator === "and") return (row) => and(truth(left(row)), truth(right(row)));
  if (operator === "or") return (row) => or(truth(left(row)), truth(right(row)));
  const compare = comparisons[operator];
  if (compare) return (row) => compare(left(row), right(row));
  const whole = wholeTypes.has(typeOf(must(node, "Left"))) && wholeTypes.has(typeOf(list));
  if ("+-*/%".includes(operator)) return (row) => calculate(operator, left(row), right(row), whole);
  throw unsupported(`The operator '${operator}'`);
}
