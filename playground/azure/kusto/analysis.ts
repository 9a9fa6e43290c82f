import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Analysis, analyseAnew } from "./language.ts";

/** Where tools keep what they can make again. */
const folder = fileURLToPath(new URL("../../../node_modules/.cache/kusto", import.meta.url));

const require = createRequire(import.meta.url);
let version: string | undefined;

/** The version of the parser, and of what is kept of its trees. */
function versions(): string {
  const path = require.resolve("@kusto/language-service-next/package.json");
  version ??= `${(JSON.parse(readFileSync(path, "utf8")) as { version: string }).version} 1`;
  return version;
}

/**
 * As {@link analyseAnew}, once for each query and schema in a checkout: Microsoft's parser takes two seconds of a core to
 * load and warm up, which every process of the stand-in would need.
 */
export function analyse(text: string, schemas: ReadonlyMap<string, string>): Analysis {
  const asked = JSON.stringify([versions(), text, [...schemas]]);
  const file = join(folder, `${createHash("sha256").update(asked).digest("hex")}.json`);
  const kept = read(file);
  if (kept) return kept;
  const analysis = analyseAnew(text, schemas);
  keep(file, analysis);
  return analysis;
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
