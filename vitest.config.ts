import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Processes, not threads: tests start servers, send signals and set the environment.
    pool: "forks",
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // No test may lean on the one before it.
    sequence: { shuffle: { files: true, tests: true } },
    reporters: ["default", "./test/reporter.ts"],
    passWithNoTests: false,
  },
});
