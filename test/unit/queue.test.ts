import { afterEach, expect, it, vi } from "vitest";
import { again, done, type JobDefinition } from "../../src/definitions/job.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Log } from "../../src/ports/process.ts";
import { noted, queueOf } from "../queues.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const started: { stop(seconds: number): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((queue) => queue.stop(2)));
});

async function running(
  jobs: Record<string, JobDefinition>,
  options: Parameters<typeof queueOf>[3] & { prefix?: string } = {},
) {
  const made = queueOf(redis, options.prefix ?? redis.prefix(), jobs, options);
  started.push(made);
  await made.startWorkers();
  return made;
}

const idle = (made: ReturnType<typeof queueOf>) =>
  expect
    .poll(() => made.queue.counts(), { timeout: 45_000 })
    .toMatchObject({ waiting: 0, active: 0, delayed: 0 });

it("runs what is asked for, once, with its payload, and counts it", async () => {
  const { definition, runs } = noted();
  const made = await running({ poll: definition });
  await Promise.all([1, 2, 3].map((n) => made.queue.enqueue("poll", { n })));
  await idle(made);
  expect(runs.map(({ n }) => n).sort()).toEqual([1, 2, 3]);
  expect(made.counted).toContainEqual({ name: "jobs_total", labels: { job: "poll", outcome: "done" } });
  expect(made.counted).toContainEqual({ name: "job_seconds", labels: { job: "poll" } });
});

it("calls a run again after some seconds, as often as it asks, without counting attempts", async () => {
  const { definition, runs } = noted((_n, run) => (run < 4 ? again(0.05) : done()));
  const made = await running({ pump: definition });
  await made.queue.enqueue("pump", {});
  await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(4);
  await idle(made);
  expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
});

it("never lets runs of one key overlap, and folds requests made meanwhile into one further run", async () => {
  let inside = 0;
  let most = 0;
  const gates: (() => void)[] = [];
  const { definition, runs } = noted(
    async () => {
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => gates.push(resolve));
      inside--;
      return done();
    },
    { key: () => "C1" },
  );
  const prefix = redis.prefix();
  const made = await running({ deliver: definition }, { prefix });
  await running({ deliver: definition }, { prefix });
  await made.queue.enqueue("deliver", { n: 1 });
  await expect.poll(() => gates.length).toBe(1);
  for (const n of [2, 3, 4]) await made.queue.enqueue("deliver", { n });
  gates[0]!();
  await expect.poll(() => gates.length, { timeout: 30_000 }).toBe(2);
  gates[1]!();
  await idle(made);
  expect(runs).toHaveLength(2);
  expect(most).toBe(1);
});

it("runs once more where a request came while the run waited to be called again", async () => {
  const { definition, runs } = noted((_n, run) => (run === 1 ? again(0.3) : done()), { key: () => "C1" });
  const made = await running({ deliver: definition });
  await made.queue.enqueue("deliver", {});
  await expect.poll(async () => (await made.queue.counts()).delayed).toBe(1);
  await made.queue.enqueue("deliver", {});
  await idle(made);
  expect(runs).toHaveLength(2);
  await made.queue.enqueue("deliver", {});
  await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(3);
});

it("tries again what threw, as often as the definition says, and then gives up", async () => {
  const { definition, runs } = noted(
    () => {
      throw new UpstreamError("busy", { system: "azure", retryable: true });
    },
    { retries: 1 },
  );
  const made = await running({ poll: definition });
  await made.queue.enqueue("poll", {});
  await expect.poll(async () => (await made.queue.counts()).failed, { timeout: 30_000 }).toBe(1);
  expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

it("tells of a job that failed three times in a row, once, and again when it works", async () => {
  let fails = true;
  const { definition, runs } = noted(() => {
    if (fails) throw new UpstreamError("busy", { system: "azure", code: "Throttled", retryable: true });
    return done();
  });
  const other = noted();
  const made = await running({ poll: definition, other: other.definition });
  const run = async (times: number) => {
    for (const until = runs.length + times; runs.length < until; ) {
      const before = runs.length;
      await made.queue.enqueue("poll", {});
      await made.queue.enqueue("other", {});
      await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(before + 1);
      await idle(made);
    }
  };
  await run(2);
  fails = false;
  await run(1);
  fails = true;
  await run(2);
  expect(made.troubles).toEqual(["job:poll works"]);
  await run(3);
  const reported = "job job:poll: azure Throttled: busy";
  // What is reported again is the same trouble, which is posted once (test/unit/store-state.test.ts).
  expect(made.troubles).toEqual(["job:poll works", reported, reported, reported]);
  fails = false;
  await run(2);
  expect(made.troubles.slice(4)).toEqual(["job:poll works"]);
});

it("refuses a request that does not fit the schema, and does not run one that was stored so", async () => {
  const strict = noted();
  const lax = noted(undefined, { payload: { parse: (x: unknown) => x } as never });
  const prefix = redis.prefix();
  const log: Log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() };
  const asks = queueOf(redis, prefix, { poll: lax.definition });
  started.push(asks);
  const made = await running({ poll: strict.definition }, { prefix, log });
  await expect(made.queue.enqueue("poll", { n: "secret words" })).rejects.toThrow();
  await expect(made.queue.enqueue("unheard-of", {})).rejects.toThrow("unheard-of");
  await asks.queue.enqueue("poll", { n: "secret words" });
  await expect.poll(async () => (await made.queue.counts()).failed, { timeout: 30_000 }).toBe(1);
  expect(strict.runs).toEqual([]);
  const said = JSON.stringify([log.error, log.warn, log.info].map((call) => vi.mocked(call).mock.calls));
  expect(said).toContain("n: invalid_type");
  expect(said).not.toContain("secret words");
});

it("leaves a job of a newer version to a process that knows it", async () => {
  const prefix = redis.prefix();
  const known = noted();
  const newer = queueOf(redis, prefix, { novel: known.definition });
  started.push(newer);
  const older = await running({}, { prefix });
  await newer.queue.enqueue("novel", { n: 5 });
  await expect.poll(async () => (await older.queue.counts()).delayed).toBe(1);
  expect(await older.queue.counts()).toMatchObject({ failed: 0 });
});

it("waits with a delayed request", async () => {
  const { definition, runs } = noted();
  const made = await running({ later: definition });
  // Longer than a busy machine needs to ask for the counts.
  await made.queue.enqueue("later", {}, { delay: 3 });
  expect(await made.queue.counts()).toMatchObject({ delayed: 1 });
  await expect.poll(() => runs.length, { timeout: 30_000 }).toBe(1);
});

it("delivers and reads alerts while all other workers are busy", async () => {
  let free = () => {};
  const busy = new Promise<void>((resolve) => {
    free = resolve;
  });
  const slow = noted(() => busy.then(() => done()));
  const urgent = (["delivery", "alerts"] as const).map((lane) => noted(undefined, { lane }));
  const [deliver, poll] = urgent;
  const made = await running({
    slow: slow.definition,
    deliver: deliver!.definition,
    poll: poll!.definition,
  });
  for (let n = 0; n < 30; n++) await made.queue.enqueue("slow", { n });
  await vi.waitUntil(() => slow.runs.length === 20, 30_000);
  await Promise.all(["deliver", "poll"].map((name) => made.queue.enqueue(name, {})));
  await vi.waitUntil(() => urgent.every(({ runs }) => runs.length === 1), 30_000);
  expect(slow.runs).toHaveLength(20);
  free();
});
