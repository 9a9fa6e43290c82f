/**
 * Finds regular expressions that take more than linear time: one such pattern on outside text blocks every request.
 * `recheck` decides it, with a proof or by search; what it once passed is remembered, because it takes seconds.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CallExpression, type NewExpression, parseSync, Visitor } from "oxc-parser";
import { check } from "recheck";

export type Pattern = { source: string; flags: string; line: number };

/** The patterns of a program. Built at run time (`new RegExp`), one has no source that could be judged. */
export function patternsOf(file: string, text: string): (Pattern | { built: true; line: number })[] {
  const patterns: ReturnType<typeof patternsOf> = [];
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const built = ({ callee, start }: NewExpression | CallExpression) => {
    if (callee.type === "Identifier" && callee.name === "RegExp")
      patterns.push({ built: true, line: lineOf(start) });
  };
  const visitor = new Visitor({
    Literal(node) {
      if ("regex" in node)
        patterns.push({ source: node.regex.pattern, flags: node.regex.flags, line: lineOf(node.start) });
    },
    NewExpression: built,
    CallExpression: built,
  });
  visitor.visit(parseSync(file, text).program);
  return patterns;
}

/** What is wrong with a pattern; undefined where its time is linear. */
export async function faultOf({
  source,
  flags,
}: Pick<Pattern, "source" | "flags">): Promise<string | undefined> {
  // Limits in steps, not in time, and one seed: the verdict must not hang on how busy the machine is.
  const steady = { randomSeed: 1, incubationTimeout: null, attackTimeout: null, timeout: 300_000 };
  const judged = await check(source, flags, steady);
  if (judged.status === "safe") return undefined;
  if (judged.status === "unknown") return `could not be judged (${judged.error.kind})`;
  return `${judged.complexity.summary}, for example with ${judged.attack.pattern.slice(0, 120)}`;
}

/** One line for each pattern below `src` that is not linear. */
export async function superLinearPatterns(
  src: string,
  files: readonly string[],
  memory: string,
): Promise<string[]> {
  const passed = new Set(read(memory));
  const said: string[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    for (const pattern of patternsOf(file, readFileSync(join(src, file), "utf8"))) {
      const place = `${file}:${pattern.line}`;
      if ("built" in pattern) {
        said.push(`${place}: RegExp() builds a pattern that cannot be judged; write a literal`);
        continue;
      }
      const key = `/${pattern.source}/${pattern.flags}`;
      const fault = passed.has(key) ? undefined : await faultOf(pattern);
      if (fault) said.push(`${place}: ${key} ${fault}`);
      else seen.add(key);
    }
  }
  mkdirSync(join(memory, ".."), { recursive: true });
  writeFileSync(memory, JSON.stringify([...seen]));
  return said;
}

function read(memory: string): string[] {
  try {
    return JSON.parse(readFileSync(memory, "utf8")) as string[];
  } catch {
    return [];
  }
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const src = join(root, "src");
  const memory = join(root, "node_modules", ".cache", "breakwater", "linear-patterns.json");
  const said = await superLinearPatterns(src, globSync("**/*.ts", { cwd: src }), memory);
  for (const line of said) console.error(line);
  process.exit(said.length > 0 ? 1 : 0);
}
