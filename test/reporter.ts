import { writeSync } from "node:fs";
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

/** Ends the run with what failed, a line each, and `N passed, M failed` alone on the last line, after vitest's own report. */
export default class LastLine implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    let passed = 0;
    // A log is often kept by its end only: what failed has to stand there, with its first line.
    const failed: string[] = [];
    const note = (where: string, { message }: { message?: string } = {}) =>
      failed.push(`failed: ${where}: ${message?.split("\n", 1)[0] ?? ""}`);
    for (const error of unhandled) note("outside of every test", error);
    for (const module of modules) {
      // A file that cannot be loaded and a hook that throws fail too, although no test of theirs did.
      for (const error of module.errors()) note(module.relativeModuleId, error);
      for (const suite of module.children.allSuites())
        for (const error of suite.errors()) note(`${module.relativeModuleId} > ${suite.fullName}`, error);
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === "passed") passed++;
        if (state === "failed") note(`${module.relativeModuleId} > ${test.fullName}`, errors[0]);
      }
    }
    // An interrupted run, and one in which nothing ran, has not succeeded.
    const bad = failed.length > 0 || passed === 0 || reason !== "passed";
    process.once("exit", () => {
      if (bad && !process.exitCode) process.exitCode = 1;
      writeSync(1, `\n${[...failed, `${passed} passed, ${failed.length} failed`].join("\n")}\n`);
    });
  }
}
