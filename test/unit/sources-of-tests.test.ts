import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceFiles } from "../source-files.ts";

const files = sourceFiles(join(import.meta.dirname, "..")).filter(
  ({ path }) => path !== "unit/sources-of-tests.test.ts",
);
/** A server of the test's own fills a quota up again, as Resource Graph does after the seconds that it names. */
const withTimer = ["wire/azure-paging.test.ts"];

it("no test waits for a time, or measures one: a machine may be busy", () => {
  expect(files.length).toBeGreaterThan(200);
  const timed = files.filter(({ program }) =>
    /node:timers|\bsetTimeout\(|performance\.now\(|hrtime|cpuUsage\(|resourceUsage\(/.test(program),
  );
  expect(timed.map(({ path }) => path)).toEqual(withTimer);
});
