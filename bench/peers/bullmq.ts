import { performance } from "node:perf_hooks";
import { Queue, Worker } from "bullmq";
import type { Log } from "../../src/ports/process.ts";
import { connect } from "../../src/redis/connection.ts";
import { startPrivateRedis } from "../../src/redis/private-redis.ts";
import { answering } from "../peer.ts";

/** The bound: BullMQ on a Redis like the bot's own, with a job that does nothing for each delivery. */
export type Taken = { ms: number };

/** Runs at the same time: with fewer the worker is slower, with more it is not faster. */
const concurrency = 50;
const silent: Log = { info() {}, warn() {}, error() {}, debug() {} };
const { socket, ready } = await startPrivateRedis(process.env.BENCH_DIRECTORY!, silent);
await ready;
const queue = new Queue("bound", { connection: connect({ socket }, silent) });
let left = 0;
let done = () => {};
new Worker(
  "bound",
  async () => {
    left -= 1;
    if (left === 0) done();
  },
  { connection: connect({ socket }, silent, "queue"), concurrency },
);

answering(async ({ jobs }: { jobs: number }): Promise<Taken> => {
  left = jobs;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const started = performance.now();
  await queue.addBulk(
    Array.from({ length: jobs }, () => ({ name: "empty", data: {}, opts: { removeOnComplete: true } })),
  );
  await all;
  return { ms: performance.now() - started };
});
console.log("ready");
