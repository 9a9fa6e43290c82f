import { writeSync } from "node:fs";
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

/** Ends the run with `N passed, M failed`, alone on the last line, after vitest's own report. */
export default class LastLine implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      // A file that cannot be loaded and a hook that throws fail too, although no test of theirs did.
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        if (state === "failed") failed++;
      }
    }
    // An interrupted run, and one in which nothing ran, has not succeeded.
    const bad = failed > 0 || passed === 0 || reason !== "passed";
    process.once("exit", () => {
      if (bad && !process.exitCode) process.exitCode = 1;
      writeSync(1, `\n${passed} passed, ${failed} failed\n`);
    });
  }
}
