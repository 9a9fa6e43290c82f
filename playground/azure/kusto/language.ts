import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";
import type { Column, Syntax } from "./tree.ts";

/** A node or token of Microsoft's syntax tree, as far as it is read. */
type Node = {
  Kind: number;
  NameInParent: string | null;
  ChildCount: number;
  GetChild(index: number): Node | null;
  Text?: string;
  Value?: unknown;
  ResultType?: ResultType | null;
};
type List<T> = { Count: number; getItem(index: number): T };
type ResultType = { Name: string; Columns?: List<{ Name: string; Type: { Name: string } }> };
type Diagnostic = { Code: string; Severity: string; Message: string; Start: number };
type Code = { Syntax: Node; GetDiagnostics(): List<Diagnostic> };
type Language = {
  KustoCode: { ParseAndAnalyze(text: string, globals: unknown): Code };
  GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  Syntax: { SyntaxKind: Record<string, number> };
  Symbols: {
    TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    DatabaseSymbol: new (name: string, tables: unknown[]) => unknown;
  };
};

/** An error that Microsoft's analysis finds in a query; `start` counts characters. */
export type Problem = { code: string; message: string; start: number };
export type Analysis = { root: Syntax; problems: Problem[] };

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
export function analyseAnew(text: string, schemas: ReadonlyMap<string, string>): Analysis {
  const { language } = load();
  const tables = [...schemas].map(([name, schema]) =>
    language.Symbols.TableSymbol.From(schema).WithName(name),
  );
  const database = new language.Symbols.DatabaseSymbol("graph", tables);
  const code = language.KustoCode.ParseAndAnalyze(text, language.GlobalState.Default.WithDatabase(database));
  const problems = array(code.GetDiagnostics())
    .filter(({ Severity }) => Severity === "Error")
    .map(({ Code, Message, Start }) => ({ code: Code, message: Message, start: Start }));
  return { root: plain(code.Syntax), problems };
}

function array<T>(list: List<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}

function plain(node: Node): Syntax {
  const children: Syntax[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const one = node.GetChild(index);
    if (one) children.push(plain(one));
  }
  const { ResultType: result } = node;
  return {
    kind: load().kinds.get(node.Kind) ?? String(node.Kind),
    ...(node.NameInParent !== null && { role: node.NameInParent }),
    children,
    ...(node.Text !== undefined && { text: node.Text }),
    ...(typeof node.Value === "string" && { value: node.Value }),
    ...(result && { type: result.Name }),
    ...(result?.Columns && { columns: columns(result.Columns) }),
  };
}

function columns(list: NonNullable<ResultType["Columns"]>): Column[] {
  return array(list).map(({ Name, Type }) => ({ name: Name, type: Type.Name }));
}
