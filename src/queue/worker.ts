import { DelayedError, type Job, UnrecoverableError, Worker } from "bullmq";
import type { Cluster, Redis } from "ioredis";
import type { JobDefinition, JobRun, Lane } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import { UpstreamError } from "../errors.ts";
import type { Log, Metrics } from "../ports/process.ts";
import { type Failing, failingJobs } from "./failing.ts";
import type { Slots } from "./schedules.ts";
import { lanes, limits, type Work } from "./work.ts";

type Held = Map<string, { job: Job<Work>; token: string }>;

export type WorkerOptions = {
  lane: Lane;
  connection: Redis | Cluster;
  prefix: string;
  log: Log;
  metrics: Metrics;
  jobs: ReadonlyMap<string, JobDefinition>;
  ports: () => Ports;
  slots: Pick<Slots, "finish">;
};

/** Takes up jobs of one lane until it is stopped. Payloads are never logged. */
export function startWorker(options: WorkerOptions): {
  /** Takes up nothing more, waits for what runs, and gives back what is not finished after the seconds. */
  stop(seconds: number): Promise<void>;
} {
  const { connection, prefix, lane, log } = options;
  const failing = failingJobs(options.ports);
  const held: Held = new Map();
  const worker = new Worker<Work>(
    lanes[lane].queue,
    async (job, token = "") => {
      held.set(String(job.id), { job, token });
      try {
        return await run(job, token, options, failing);
      } finally {
        held.delete(String(job.id));
      }
    },
    {
      connection,
      prefix,
      concurrency: lanes[lane].concurrency,
      lockDuration: limits.lockMilliseconds,
      stalledInterval: limits.stalledCheckMilliseconds,
      // Any run may be killed at any time, any number of times, and is run again.
      maxStalledCount: 1_000_000,
      // After Redis was away.
      runRetryDelay: 1000,
      settings: { backoffStrategy: pause },
    },
  );
  // The connection says when Redis is away and back; without a listener BullMQ prints each error.
  worker.on("error", (error) => log.debug({ error: error.message }, "queue worker"));
  worker.on("stalled", (id) => log.warn({ job: id }, "a run was lost with its process and is run again"));
  return {
    async stop(seconds) {
      // A closing worker cannot be hurried any more: it is paused first, which takes up nothing and waits as well.
      const finished = await Promise.race([worker.pause().then(() => true), after(seconds * 1000)]);
      if (!finished) await giveBack(held, log);
      await worker.close(!finished);
    },
  };
}

async function run(
  job: Job<Work>,
  token: string,
  options: WorkerOptions,
  failing: Failing,
): Promise<string | undefined> {
  const { log, metrics, jobs } = options;
  const about = { job: job.name, id: job.id, attempt: job.attemptsMade + 1 };
  const definition = jobs.get(job.name);
  if (!definition) return later(job, token, log);
  const payload = definition.payload.safeParse(job.data.payload);
  if (!payload.success) {
    const wrong = payload.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`);
    log.error({ ...about, wrong }, "a job's payload does not fit its schema; it is not run");
    metrics.count("jobs_total", { job: job.name, outcome: "invalid" });
    throw new UnrecoverableError(`payload: ${wrong.join(", ")}`);
  }
  const started = performance.now();
  const ended = (outcome: string) => {
    metrics.count("jobs_total", { job: job.name, outcome });
    metrics.observe("job_seconds", (performance.now() - started) / 1000, { job: job.name });
  };
  const key = definition.key?.(payload.data);
  const named = { name: job.name, ...(key !== undefined && { key }) };
  const jobRun: JobRun = { id: String(job.id), attempt: job.attemptsMade + 1, slot: job.data.slot };
  try {
    const outcome = await definition.run(payload.data, options.ports(), jobRun);
    ended(outcome.kind);
    await failing.worked(named);
    if (outcome.kind === "done") {
      await finished(job, options);
      log.debug({ ...about, note: outcome.note }, "job done");
      return outcome.note;
    }
    await job.moveToDelayed(Date.now() + Math.max(0, Math.round(outcome.seconds * 1000)), token);
  } catch (error) {
    ended("failed");
    const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    log[last ? "error" : "warn"](
      { ...about, err: error },
      last ? "job failed for good" : "job failed; tried again",
    );
    await failing.failed(named, error);
    throw error;
  }
  // BullMQ's way to say that the job was put back, without counting an attempt (docs.bullmq.io, Process Step Jobs).
  throw new DelayedError();
}

/** Notes that a slot ran. Not knowing it is reported as a late job, and must not run the job again. */
async function finished({ name, data }: Job<Work>, { slots, metrics, log }: WorkerOptions): Promise<void> {
  if (data.slot === undefined) return;
  metrics.gauge("schedule_finished_timestamp_seconds", Date.now() / 1000, { job: name });
  await slots
    .finish(name, data.slot)
    .catch((error: unknown) => log.warn({ job: name, err: error }, "failed to store that a slot finished"));
}

/** A job that this version does not know: another process may, while a new version is rolled out. */
async function later(job: Job<Work>, token: string, log: Log): Promise<never> {
  const unknown = `there is no job "${job.name}" in this version`;
  if (Date.now() - job.timestamp > 3_600_000) {
    log.error({ job: job.name, id: job.id }, `${unknown}; it is given up`);
    throw new UnrecoverableError(unknown);
  }
  log.warn({ job: job.name, id: job.id }, `${unknown}; it is left to another process`);
  await job.moveToDelayed(Date.now() + 10_000, token);
  throw new DelayedError();
}

/** Milliseconds before the next attempt: doubling from a second to a minute, or as long as the system asked for. */
function pause(attemptsMade: number, _type?: string, error?: Error): number {
  const doubling = Math.min(2 ** (attemptsMade - 1), 60) * 1000;
  const asked = error instanceof UpstreamError ? (error.retryAfter ?? 0) * 1000 : 0;
  return Math.round(Math.max(asked, doubling * (0.75 + Math.random() / 2)));
}

/** What cannot be finished in time is taken up by another process at once, not only when its lock has run out. */
async function giveBack(held: Held, log: Log): Promise<void> {
  await Promise.all(
    [...held.values()].map(async ({ job, token }) => {
      try {
        await job.moveToWait(token);
        log.info({ job: job.name, id: job.id }, "given back unfinished");
      } catch (error) {
        log.warn({ job: job.name, id: job.id, err: error }, "left to be taken over when its lock runs out");
      }
    }),
  );
}

function after(milliseconds: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref();
  });
}
