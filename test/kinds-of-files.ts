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

/**
 * Parts that ask for a token in the test's own process: the library keeps it for the process, whatever address it came
 * from [@azure/msal-node, ManagedIdentityApplication.nodeStorage].
 */
const ofTokens = /(^|\/)src\/azure\/azure\b|^@azure\/identity$/;

export type Kinds = {
  /** Reach nothing slow: pure functions. */
  fast: string[];
  /** Leave something in their process that another file could meet. */
  alone: string[];
};

/** Which test files are of a kind, by what they import, and by what that imports in `test/` and `playground/`. */
export function kindsOfFiles(root: string): Kinds {
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
  const tests = [...files.keys()].filter((path) => path.endsWith(".test.ts")).sort();
  const reachedBy = new Map(tests.map((path) => [path, [...reached(path)]]));
  const reaches = (path: string, pattern: RegExp) => reachedBy.get(path)!.some((to) => pattern.test(to));
  const isSlow = (path: string) => heavy.test(path) || reaches(path, slow) || reaches(path, slowRooms);
  return {
    fast: tests.filter((path) => !isSlow(path)),
    alone: tests.filter((path) => isSlow(path) && reaches(path, ofTokens)),
  };
}
