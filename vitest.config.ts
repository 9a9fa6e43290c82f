import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that play whole days with real processes, clocks and kills: they begin first, so that none is left to the end. */
const longest =
  /(feed-backlog|exactly-once-.*|rescan-.*|simulation-(scenarios|crash|approval)|feed|replicas|operation|redis-urls|docker|slack-socket|azure-failures|queue-stop)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const shuffled = files.map((file) => ({ file, at: Math.random() }));
    const late = ({ file }: { file: TestSpecification }) => (longest.test(file.moduleId) ? 0 : 1);
    return shuffled.sort((a, b) => late(a) - late(b) || a.at - b.at).map(({ file }) => file);
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Processes, not threads: tests start servers, send signals and set the environment.
    pool: "forks",
    // More than there are cores: most tests wait for a clock or a peer.
    maxWorkers: 5,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // No test may lean on the one before it.
    sequence: { shuffle: { files: false, tests: true }, sequencer: LongestFirst },
    reporters: ["default", "./test/reporter.ts"],
    passWithNoTests: false,
  },
});
