import { join, sep } from "node:path";
import { type SourceFile, sourceFiles } from "./source-files.ts";

/** What a test of pure functions needs none of: processes, the network, Redis. */
const slow = /^(node:(child_process|http|https|net|tls)|ws|ioredis|bullmq|@slack\/(bolt|web-api))$/;
/** Parts of the product that begin with those. */
const slowRooms =
  /(^|\/)src\/(store|redis|queue|slack\/(edge|delivery|chat)|kubernetes\/clusters|build|main)\b/;
/** Pure, but each takes seconds. */
const heavy =
  /^test\/\w+\/(documents|findings-parsing|findings-properties|commands-examples|load)\.test\.ts$/;

/** The test files that reach nothing slow, by what they import, and by what that imports in `test/` and `playground/`. */
export function fastFiles(root: string): string[] {
  const files = new Map<string, SourceFile>();
  for (const folder of ["test", "playground"])
    for (const file of sourceFiles(join(root, folder))) files.set(`${folder}/${file.path}`, file);
  const inRoot = (path: string, to: string) =>
    to.startsWith("node:") || !to.endsWith(".ts")
      ? to
      : join(path.split("/", 1)[0]!, to).split(sep).join("/");
  const importsOf = new Map(
    [...files].map(([path, { imports }]) => [
      path,
      imports.flatMap(({ to, type }) => (type ? [] : inRoot(path, to))),
    ]),
  );
  const reached = (path: string, seen = new Set<string>()): Set<string> => {
    for (const next of importsOf.get(path) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reached(next, seen);
    }
    return seen;
  };
  const isSlow = (path: string) =>
    heavy.test(path) || [...reached(path)].some((to) => slow.test(to) || slowRooms.test(to));
  return [...files.keys()].filter((path) => path.endsWith(".test.ts") && !isSlow(path)).sort();
}
