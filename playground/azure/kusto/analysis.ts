import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Analysis, analyseAnew } from "./language.ts";
import type { Syntax } from "./tree.ts";

/** Where tools keep what they can make again. */
const folder = fileURLToPath(new URL("../../../node_modules/.cache/kusto", import.meta.url));

const require = createRequire(import.meta.url);
let version: string | undefined;

/** The version of the parser, and of what is kept of its trees. */
function versions(): string {
  const path = require.resolve("@kusto/language-service-next/package.json");
  version ??= `${(JSON.parse(readFileSync(path, "utf8")) as { version: string }).version} 2`;
  return version;
}

/** Values that differ from one question to the next: names that are looked for, and moments. */
const lists = /(?<= in~? \()'[^'\\\n]*'(?:, ?'[^'\\\n]*')*(?=\))/g;
const moments = /datetime\([\d.:TZ-]+\)/g;

/** The query with placeholders for its values, and the value of each. */
function general(text: string): { form: string; values: Map<string, string> } {
  const values = new Map<string, string>();
  const held = (value: string, place: string) => {
    values.set(place, value);
    return place;
  };
  const form = text
    .replaceAll(lists, (list) => list.replaceAll(/'[^']*'/g, (one) => held(one, `'value ${values.size}'`)))
    .replaceAll(moments, (one) => held(one, `datetime(${3000 + values.size}-01-01)`));
  return { form, values };
}

function withValues(node: Syntax, values: ReadonlyMap<string, string>): Syntax {
  const text = node.text === undefined ? undefined : values.get(node.text);
  return {
    ...node,
    children: node.children.map((child) => withValues(child, values)),
    ...(text !== undefined && { text, ...(node.value !== undefined && { value: text.slice(1, -1) }) }),
  };
}

/**
 * As {@link analyseAnew}, once for each form of a query and schema in a checkout: Microsoft's parser takes a second of a
 * core to load and warm up, which every process of the stand-in would need.
 */
export function analyse(text: string, schemas: ReadonlyMap<string, string>): Analysis {
  const { form, values } = general(text);
  const asked = JSON.stringify([versions(), form, [...schemas]]);
  const file = join(folder, `${createHash("sha256").update(asked).digest("hex")}.json`);
  let analysis = read(file);
  if (!analysis) {
    analysis = analyseAnew(form, schemas);
    keep(file, analysis);
  }
  // Problems name places in the text, which are others in the form.
  if (analysis.problems.length > 0) return analyseAnew(text, schemas);
  return { root: withValues(analysis.root, values), problems: [] };
}

function read(file: string): Analysis | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Analysis;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; a checkout that can't be written to goes without. */
function keep(file: string, analysis: Analysis): void {
  const part = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(part, JSON.stringify(analysis));
    renameSync(part, file);
  } catch {}
}
