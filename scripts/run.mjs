/**
 * Runs a part of the project on the pinned Node, after making sure that everything is installed:
 * `node scripts/run.mjs FILE.ts [ARGUMENTS]`, or `node scripts/run.mjs test|check|bench|chaos [ARGUMENTS]`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pinnedNode, root, setUp } from "./set-up.mjs";

/** What the short names stand for; the first of each line is run by the pinned Node. */
const names = {
  test: ["node_modules/vitest/vitest.mjs", "run"],
  check: ["scripts/check.ts"],
  bench: ["bench/bench.ts"],
  chaos: ["playground/chaos/chaos.ts"],
};

const [name = "", ...args] = process.argv.slice(2);
const [file, ...fixed] = names[name] ?? [name];
if (!existsSync(join(root, file)) && !names[name]) {
  const known = Object.keys(names).join(", ");
  console.error(`There is no ${name || "file to run"}. Give a .ts file, or one of: ${known}.`);
  process.exit(64);
}

const remote = Boolean(process.env.REDIS_URL) && file.startsWith("src/");
setUp({ redis: name !== "check" && !remote });

const child = spawn(pinnedNode, [join(root, file), ...fixed, ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    // Named here, the cache holds the first file too: without it Node loads its TypeScript compiler for that one alone.
    NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
    // glibc keeps what each thread frees for that thread: with one pool for all, a scan takes 40 MB less.
    MALLOC_ARENA_MAX: "1",
    ...process.env,
    // Programs that are started by name find the pinned Node and the project's own tools first.
    PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
  },
});
// Ctrl-C in a terminal reaches the child by itself; a second one would hurry it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY) || child.kill(signal));
}
child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
