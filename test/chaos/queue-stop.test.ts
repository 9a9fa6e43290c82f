import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { done } from "../../src/definitions/job.ts";
import { noted, queueOf } from "../queues.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const started: { stop(seconds: number): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((queue) => queue.stop(2)));
});

it("finishes what runs before it stops, and takes up nothing more", async () => {
  let finish = () => {};
  const { definition, runs } = noted(async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return done();
  });
  const made = queueOf(redis, redis.prefix(), { slow: definition });
  await made.startWorkers();
  await made.queue.enqueue("slow", { n: 1 });
  await expect.poll(() => runs.length).toBe(1);
  const stopped = made.stop(10);
  finish();
  await stopped;
  expect(made.counted).toContainEqual({ name: "jobs_total", labels: { job: "slow", outcome: "done" } });
});

it("gives back what it cannot finish in time, and another process takes it up at once", async () => {
  const stuck = noted(() => new Promise<never>(() => {}));
  const fine = noted();
  const prefix = redis.prefix();
  const first = queueOf(redis, prefix, { slow: stuck.definition });
  await first.startWorkers();
  await first.queue.enqueue("slow", { n: 7 });
  await expect.poll(() => stuck.runs.length).toBe(1);
  await first.stop(0.1);
  const second = queueOf(redis, prefix, { slow: fine.definition });
  started.push(second);
  await second.startWorkers();
  await expect.poll(() => fine.runs, { timeout: 8000 }).toMatchObject([{ n: 7, attempt: 1 }]);
});

it("runs again what a process held that was killed, however often", { timeout: 180_000 }, async () => {
  const prefix = redis.prefix();
  const fine = noted();
  const asks = queueOf(redis, prefix, { slow: fine.definition });
  started.push(asks);
  await asks.queue.enqueue("slow", { n: 9 });
  for (let round = 0; round < 2; round++) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL("../hold-a-job.ts", import.meta.url)), redis.socket, prefix],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toContain("holding 9");
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await asks.startWorkers();
  await expect.poll(() => fine.runs.length, { timeout: 75_000 }).toBe(1);
  expect(fine.runs).toMatchObject([{ n: 9, attempt: 1 }]);
});

it("goes on after Redis was killed and came back, and loses nothing", { timeout: 120_000 }, async () => {
  const { definition, runs } = noted(undefined, { retries: 3 });
  const made = queueOf(redis, redis.prefix(), { poll: definition });
  started.push(made);
  await made.startWorkers();
  for (let n = 0; n < 20; n++) {
    await made.queue.enqueue("poll", { n });
    if (n === 10) redis.kill();
  }
  await expect.poll(() => new Set(runs.map(({ n }) => n)).size, { timeout: 90_000 }).toBe(20);
});
