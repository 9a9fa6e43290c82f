import { createHash } from "node:crypto";
import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { fastFiles } from "./test/fast-files.ts";

/** Of every order and every generated value of the run: `SEED=… npm test` gives the same ones again. */
process.env.SEED ??= String(Date.now() % 2 ** 31);
const seed = process.env.SEED;
if (!/^\d{1,10}$/.test(seed)) throw new Error("SEED takes a whole number of at most ten digits");

/** Files that wait most of their time, for clocks, kills and peers. */
const waiting =
  /chaos\/|(simulation-(scenarios|approval|wire)|feed|feed-(rolled-up|truth)|operation|one-file|channel-ids-wire|shared-readings|kubernetes-wire|redis-urls|docker|slack-(socket|listener)|(enablement|exemptions|hunt-watch)-wire|rescan-digest|queue-schedules)\.test\.ts$/;

/** Those that wait are spread over the first part of the run, so that they overlap with those that compute; none is left to the end. */
const waitingPart = 0.5;

class WaitingSpread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const hash = ({ moduleId, project }: TestSpecification) =>
      createHash("sha256")
        .update(`${seed} ${relative(project.config.root, moduleId)}`)
        .digest("hex");
    const shuffled = files.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
    const { waits = [], computes = [] } = Object.groupBy(shuffled, ({ moduleId }) =>
      waiting.test(moduleId) ? "waits" : "computes",
    );
    // Those of chaos take longest.
    waits.sort((a, b) => Number(b.moduleId.includes("/chaos/")) - Number(a.moduleId.includes("/chaos/")));
    const placed = [
      ...waits.map((file, index) => ({ file, at: (waitingPart * index) / waits.length })),
      ...computes.map((file, index) => ({ file, at: index / computes.length })),
    ];
    return placed.sort((a, b) => a.at - b.at).map(({ file }) => file);
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
    maxWorkers: 6,
    // Limits say that something hangs, never how fast it has to be: a machine may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 30_000 } },
    // No test may lean on the one before it.
    sequence: { seed: Number(seed), shuffle: { files: false, tests: true }, sequencer: WaitingSpread },
    setupFiles: ["./test/seed.ts"],
    globalSetup: ["./test/temporary.ts"],
    reporters: ["default", "./test/reporter.ts"],
    passWithNoTests: false,
  },
});
