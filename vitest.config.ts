import { createHash } from "node:crypto";
import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { fastFiles } from "./test/fast-files.ts";

/** Of every order and every generated value of the run: `SEED=… npm test` gives the same ones again. */
process.env.SEED ??= String(Date.now() % 2 ** 31);
const seed = process.env.SEED;
if (!/^\d{1,10}$/.test(seed)) throw new Error("SEED takes a whole number of at most ten digits");

/** Files that play whole days with real processes, clocks and kills: they begin first, so that none is left to the end. */
const longest =
  /chaos\/|(simulation-(scenarios|approval)|feed|feed-rolled-up|operation|one-file|channel-ids-wire|shared-readings|kubernetes-wire|redis-urls|docker|slack-socket)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      const path = relative(project.config.root, moduleId);
      const at = createHash("sha256").update(`${seed} ${path}`).digest("hex");
      return `${longest.test(moduleId) ? 0 : 1} ${at}`;
    };
    return files.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  }
}

/** `npm run test:fast` runs the tests of pure functions alone. */
const fast = fastFiles(import.meta.dirname);

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: "fast", include: fast } },
      { extends: true, test: { name: "slow", include: ["test/**/*.test.ts"], exclude: fast } },
    ],
    // Processes, not threads: tests start servers, send signals and set the environment.
    pool: "forks",
    // Files leave nothing that another one could meet: a process loads the sources once for all that it runs.
    isolate: false,
    // More than there are cores: most tests wait for a clock or a peer.
    maxWorkers: 5,
    // Limits say that something hangs, never how fast it has to be: a machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 30_000 } },
    // No test may lean on the one before it.
    sequence: { seed: Number(seed), shuffle: { files: false, tests: true }, sequencer: LongestFirst },
    setupFiles: ["./test/seed.ts"],
    globalSetup: ["./test/temporary.ts"],
    reporters: ["default", "./test/reporter.ts"],
    passWithNoTests: false,
  },
});
