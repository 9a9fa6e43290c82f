import { expect, it, vi } from "vitest";
import { UpstreamError } from "../../src/errors.ts";
import { type Unwritable, writeWatch } from "../../src/process/write-watch.ts";
import { quiet } from "../quiet.ts";

const full = new UpstreamError("Redis did not do what it was asked", {
  system: "redis",
  code: "OOM",
  retryable: true,
  cause: new Error("OOM command not allowed when used memory > 'maxmemory'."),
});

it("tells the admin once of writes that fail three times in a row, and once of their end", async () => {
  let [writes, ticks] = [0, 0];
  let fails = true;
  let lost = 1;
  const reported: Unwritable[] = [];
  const watch = writeWatch({
    write: async () => {
      writes++;
      if (fails) throw full;
    },
    tell: async (about) => {
      if (lost-- > 0) throw new Error("Slack does not answer");
      reported.push(about);
    },
    log: quiet,
    now: () => `t${ticks++}`,
    everyMs: 1,
  });
  const after = async (more: number) => {
    const until = writes + more;
    await vi.waitUntil(() => writes >= until, { timeout: 30_000, interval: 1 });
  };
  watch.start();
  await after(8);
  // The first message was lost; the next attempt is reported, with the time at which it began.
  expect(reported).toEqual([
    { since: "t0", detail: "OOM command not allowed when used memory > 'maxmemory'." },
  ]);
  fails = false;
  await after(4);
  expect(reported).toMatchObject([{}, { since: "t0", ended: "t1" }]);
  watch.stop();
});

it("tells nothing of a server that is started again", async () => {
  const outcomes = [false, false, true, false, false, true, true, true];
  const tell = vi.fn(async () => {});
  let writes = 0;
  const write = async () => {
    if (outcomes[writes++] === false) throw full;
  };
  const watch = writeWatch({ write, tell, log: quiet, now: () => "t", everyMs: 1 });
  watch.start();
  await vi.waitUntil(() => writes >= outcomes.length, { timeout: 30_000, interval: 1 });
  watch.stop();
  expect(tell).not.toHaveBeenCalled();
});
