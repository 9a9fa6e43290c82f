import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Everything that is checked without running the product; all of it, so that one run tells every problem. */
const checks: { what: string; command: string; args: string[] }[] = [
  { what: "lint and format", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { what: "types", command: "tsc", args: ["-p", "."] },
  { what: "regular expressions", command: "node", args: ["scripts/linear-patterns.ts"] },
  {
    what: "import directions and supply chain",
    command: "vitest",
    args: ["run", "test/unit/imports.test.ts", "test/unit/supply-chain.test.ts"],
  },
  { what: "words", command: "cspell", args: ["lint", "--no-progress", "--no-summary"] },
  { what: "unused code and dependencies", command: "knip", args: [] },
];

const failed = checks.filter(({ what, command, args }) => {
  console.log(`\n— ${what}: ${[command, ...args].join(" ")}`);
  const program = join(root, "node_modules", ".bin", command);
  return spawnSync(program, args, { cwd: root, stdio: "inherit" }).status !== 0;
});

console.log(`\n${checks.length - failed.length} of ${checks.length} checks passed`);
for (const { what } of failed) console.log(`failed: ${what}`);
process.exitCode = failed.length > 0 ? 1 : 0;
