/**
 * Runs a part of the project on the pinned Node, after making sure that everything is installed:
 * `node scripts/run.mjs FILE.ts [ARGUMENTS]`, or `node scripts/run.mjs test|fast|check|bench|chaos [ARGUMENTS]`.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pinnedNode, root, setUp } from "./set-up.mjs";

/** What the short names stand for; the first of each line is run by the pinned Node. */
const names = {
  test: ["node_modules/vitest/vitest.mjs", "run"],
  fast: ["node_modules/vitest/vitest.mjs", "run", "--project", "fast"],
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
setUp({ redis: !["check", "fast"].includes(name) && !remote });

/**
 * What keeps a process small, and its start short, that serves or is measured; docker/Dockerfile has the same.
 * glibc: one pool for all threads, and what is larger than a megabyte (pages of findings) goes back to the system when it
 * is freed, instead of lying between what stays. V8: a young generation that is collected often frees buffers of the
 * network before their size makes V8 mark the whole heap, which it did for each page of a scan; and it cannot grow to
 * 128 MB. Node: the paths of the 1,500 files that a start loads are not looked through for symbolic links, which there are
 * none of; that saves a seventh of its processor time.
 */
function processSettings() {
  if (["test", "fast", "check"].includes(name)) return {};
  const settings = JSON.parse(readFileSync(join(root, "scripts", "process.json"), "utf8"));
  const options = [settings.NODE_OPTIONS, process.env.NODE_OPTIONS].filter(Boolean).join(" ");
  return { ...settings, ...process.env, NODE_OPTIONS: options };
}

const child = spawn(pinnedNode, [join(root, file), ...fixed, ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    // Named here, the cache holds the first file too: without it Node loads its TypeScript compiler for that one alone.
    NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
    ...process.env,
    ...processSettings(),
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
