import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

/** A node or token of Microsoft's syntax tree, as far as the evaluator reads it. */
export type Syntax = {
  Kind: number;
  NameInParent: string | null;
  ChildCount: number;
  GetChild(index: number): Syntax | null;
  TextStart: number;
  /** Tokens only. */
  Text?: string;
  Value?: unknown;
  /** Expressions only, after analysis. */
  ResultType?: ResultType | null;
};
type List<T> = { Count: number; getItem(index: number): T };
type ResultType = { Name: string; Columns?: List<{ Name: string; Type: { Name: string } }> };
type Diagnostic = { Code: string; Severity: string; Message: string; Start: number };
type Code = { Syntax: Syntax; GetDiagnostics(): List<Diagnostic> };
type Language = {
  KustoCode: { ParseAndAnalyze(text: string, globals: unknown): Code; Parse(text: string): Code };
  GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  Syntax: { SyntaxKind: Record<string, number> };
  Symbols: {
    TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    DatabaseSymbol: new (name: string, tables: unknown[]) => unknown;
  };
};

let loaded: { language: Language; kinds: Map<number, string> } | undefined;

/** Loads Microsoft's parser at first use (about a second): the package is a pair of scripts, not a module. */
function load() {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  for (const name of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
    const path = require.resolve(`@kusto/language-service-next/${name}`);
    runInThisContext(readFileSync(path, "utf8"), { filename: name });
  }
  const language = (globalThis as unknown as { Kusto: { Language: Language } }).Kusto.Language;
  const kinds = new Map(Object.entries(language.Syntax.SyntaxKind).map(([name, kind]) => [kind, name]));
  loaded = { language, kinds };
  return loaded;
}

/**
 * Parses and analyses a query against tables given as Kusto schemas, `(id:string,…)` by name.
 * `problems` are Microsoft's own error diagnostics.
 */
export function analyse(text: string, schemas: Map<string, string>) {
  const { language } = load();
  const tables = [...schemas].map(([name, schema]) =>
    language.Symbols.TableSymbol.From(schema).WithName(name),
  );
  const database = new language.Symbols.DatabaseSymbol("graph", tables);
  const code = language.KustoCode.ParseAndAnalyze(text, language.GlobalState.Default.WithDatabase(database));
  const found = code.GetDiagnostics();
  const problems = Array.from({ length: found.Count }, (_, index) => found.getItem(index)).filter(
    (one) => one.Severity === "Error",
  );
  return { root: code.Syntax, problems };
}

/** The name of a node's kind, for example `FilterOperator`. */
export function kindOf(node: Syntax): string {
  return load().kinds.get(node.Kind) ?? String(node.Kind);
}

export function children(node: Syntax): Syntax[] {
  const all: Syntax[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child) all.push(child);
  }
  return all;
}

/** The child that plays a role in its parent (`Condition`, `Left`, …). */
export function child(node: Syntax, role: string): Syntax | undefined {
  return children(node).find((one) => one.NameInParent === role);
}

/** As {@link child}, for roles that the grammar guarantees. */
export function must(node: Syntax, role: string): Syntax {
  const found = child(node, role);
  if (!found) throw new Error(`${kindOf(node)} has no ${role}`);
  return found;
}

/** The elements of a comma-separated list that plays a role, without the commas. */
export function items(node: Syntax, role: string): Syntax[] {
  const list = child(node, role);
  if (!list) return [];
  return children(list).map((one) => (kindOf(one) === "SeparatedElement" ? one.GetChild(0)! : one));
}

/** The name in a reference or declaration, without the brackets and quotes of `['a b']`. */
export function nameOf(node: Syntax): string {
  const kind = kindOf(node);
  if (node.Text !== undefined) return typeof node.Value === "string" ? node.Value : node.Text;
  if (kind === "BracketedName" || kind === "NameReference" || kind === "NameDeclaration")
    return nameOf(must(node, "Name"));
  const token = node.GetChild(0);
  return token ? nameOf(token) : "";
}

/** Every node below (and with) this one, in order of the text. */
export function* walk(node: Syntax): Generator<Syntax> {
  yield node;
  for (const one of children(node)) yield* walk(one);
}

export type Column = { name: string; type: string };

/** The columns that Microsoft's analysis gives to the result of a tabular expression or operator. */
export function columnsOf(node: Syntax): Column[] {
  const columns = node.ResultType?.Columns;
  if (!columns) return [];
  return Array.from({ length: columns.Count }, (_, index) => {
    const column = columns.getItem(index);
    return { name: column.Name, type: column.Type.Name };
  });
}

/** The static type of an expression (`string`, `dynamic`, `long`, …). */
export function typeOf(node: Syntax): string {
  return node.ResultType?.Name ?? "unknown";
}
