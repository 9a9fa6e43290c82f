import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from "yaml";
import { z } from "zod";
import type { ConfigProblem } from "../errors.ts";
import { nearest } from "../text/likeness.ts";
import { allowedBy, problemOf } from "./rule.ts";

const longestFile = 1_000_000;
/** What follows the first mistakes of syntax is mostly caused by them. */
const errorsShown = 5;

/**
 * Reads a YAML text by a schema; every problem carries the line on which it can be fixed.
 * @param where the file's name, as problems call it
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  where: string,
  schema: Schema,
): { value?: z.infer<Schema>; problems: ConfigProblem[] } {
  if (text.length > longestFile) {
    return { problems: [{ where, problem: "is too large", allowed: `at most ${longestFile} characters` }] };
  }
  const lines = new LineCounter();
  const parsed = parsedBy(() => {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const mistakes = mistakesOf(document);
    return { document, mistakes, value: mistakes.length > 0 ? {} : withoutNothing(document.toJS() ?? {}) };
  });
  if (typeof parsed === "string") return { problems: [{ where, problem: parsed }] };
  const { document, mistakes, value } = parsed;
  if (mistakes.length > 0) {
    const all = mistakes.map(({ at, ...about }) => ({ where, line: lines.linePos(at).line, ...about }));
    // The first of a line says what is wrong with it.
    const problems = all.filter(({ line }, index) => all.findIndex((one) => one.line === line) === index);
    return { problems: problems.slice(0, errorsShown) };
  }
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return { value: read.data, problems: [] };
  const line = (node: unknown) => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
  const problems = read.error.issues.flatMap((issue): ConfigProblem[] => {
    if (issue.code === "unrecognized_keys") {
      const known = keysAt(schema, issue.path);
      return issue.keys.map((key) => ({
        where,
        line: line(pairAt(document, [...issue.path, key])?.key),
        problem: unknownKey([...issue.path, key], nearest(key, known)),
        allowed: known.join(", "),
      }));
    }
    const node = nodeAt(document, issue.path);
    return [
      {
        where,
        line: line(node),
        problem: `${pathText(issue.path)} ${problemOf(issue)}`,
        allowed: allowedBy(issue),
      },
    ];
  });
  return { problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/**
 * What is wrong with the syntax, and where. A value that begins with `*` is an alias in YAML: one that names nothing was
 * meant as a glob or a cron line.
 */
function mistakesOf(document: Document): { at: number; problem: string; allowed?: string }[] {
  const anchors = new Set<string>();
  const stars: number[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) anchors.add(node.anchor ?? "");
      else if (node.source === "" || !anchors.has(node.source)) stars.push(node.range?.[0] ?? 0);
    },
  });
  const problem = "has a value that begins with * and is not in quotes";
  return [
    ...stars.map((at) => ({ at, problem, allowed: 'a text in quotes, for example "*-prod" or "* * * * *"' })),
    ...document.errors.map(({ message, pos: [at] }) => ({ at, problem: `is not YAML: ${message}` })),
  ];
}

/** What was parsed, or what is wrong with a file that the parser gave up on. */
function parsedBy<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    // The library's words for an alias that would become too many values.
    if (error instanceof ReferenceError) return "uses aliases (*name) too often";
    if (error instanceof RangeError) return "is nested too deeply";
    throw error;
  }
}

/** A key without a value counts as not written. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNothing(inner)]));
}

type Path = readonly PropertyKey[];

/** The value at a path, or the nearest thing around it that is there. */
function nodeAt(document: Document, path: Path): unknown {
  for (let length = path.length; length > 0; length--) {
    const some = path.slice(0, length);
    const node = document.getIn(some, true) as Node | undefined;
    // A block begins below its key: the key's line is where the reader looks.
    const pair = pairAt(document, some);
    if (node && !isScalar(node) && pair) return pair.key;
    if (node) return node;
  }
  return document.contents;
}

function pairAt(document: Document, path: Path): Pair | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = String(path.at(-1));
  return parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
}

/** The keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let at: unknown = schema;
  for (const step of [...path, undefined]) {
    while (at instanceof z.ZodOptional || at instanceof z.ZodDefault || at instanceof z.ZodPrefault)
      at = at.unwrap();
    if (step === undefined) break;
    at =
      at instanceof z.ZodArray ? at.element : at instanceof z.ZodObject ? at.shape[String(step)] : undefined;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unknownKey(path: Path, meant: string | undefined): string {
  return `${pathText(path)} is no setting${meant ? `; did you mean ${meant}?` : ""}`;
}

function pathText(path: Path): string {
  return (
    path.reduce<string>((text, step) => {
      if (typeof step === "number") return `${text}[${step}]`;
      return text === "" ? String(step) : `${text}.${String(step)}`;
    }, "") || "the file"
  );
}
