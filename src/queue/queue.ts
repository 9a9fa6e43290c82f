import { Queue as BullQueue, type JobsOptions } from "bullmq";
import type { Cluster, Redis } from "ioredis";
import type { JobDefinition, Lane } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock, LateJob, Log, Metrics, Queue } from "../ports/process.ts";
import { type LastSlot, previousSlot } from "./cron.ts";
import { type Schedule, type Slots, schedules, schedulesOf } from "./schedules.ts";
import { keyOf, laneNames, lanes, limits, slotId, type Work } from "./work.ts";
import { startWorker } from "./worker.ts";

export type WorkQueue = {
  queue: Queue;
  /** Roles all and worker. */
  startWorkers(): Promise<void>;
  /** Roles all and web. */
  startSchedules(): Promise<void>;
  /** Stops schedules, takes up nothing more, and finishes or gives back what runs, within the seconds. */
  stop(seconds: number): Promise<void>;
};

/**
 * The queues of work. Building opens no connection.
 * @param options.connect makes a connection of BullMQ's own: "queue" where a command may wait for ever
 * @param options.prefix of the keys, with a hash tag in braces for Redis Cluster
 */
export function workQueue(options: {
  connect: (use: "commands" | "queue") => Redis | Cluster;
  prefix: string;
  log: Log;
  metrics: Metrics;
  jobs: ReadonlyMap<string, JobDefinition>;
  ports: () => Ports;
  schedules: Settings["schedules"];
  slots: Slots;
  clock: Clock;
}): WorkQueue {
  const { connect, prefix, log, jobs } = options;
  const opened: (Redis | Cluster)[] = [];
  const open = (use: "commands" | "queue") => {
    const connection = connect(use);
    opened.push(connection);
    return connection;
  };
  const queues = new Map<Lane, BullQueue<Work>>();
  let shared: Redis | Cluster | undefined;
  let workers: ReturnType<typeof startWorker>[] = [];
  const queueOf = (lane: Lane) => {
    const known = queues.get(lane);
    if (known) return known;
    shared ??= open("commands");
    const streams = { events: { maxLen: 100 } };
    const made = new BullQueue<Work>(lanes[lane].queue, { connection: shared, prefix, streams });
    made.on("error", (error) => log.debug({ error: error.message }, "queue"));
    queues.set(lane, made);
    return made;
  };

  async function add(
    name: string,
    payload: unknown,
    more: { delay?: number; slot?: string; wake?: boolean },
  ): Promise<void> {
    const definition = jobs.get(name);
    if (!definition) throw new Error(`There is no job "${name}" in src/jobs/.`);
    const parsed = definition.payload.parse(payload);
    const key = keyOf(name, definition, parsed);
    const how: JobsOptions = {
      attempts: definition.retries + 1,
      backoff: { type: "custom" },
      removeOnComplete: limits.keep,
      removeOnFail: limits.keep,
      ...(more.delay && { delay: Math.round(more.delay * 1000) }),
      ...(more.slot && { jobId: slotId(name, more.slot) }),
      ...(key !== undefined && {
        deduplication: { id: key, keepLastIfActive: true, ...(more.wake && { reschedule: true }) },
      }),
    };
    await queueOf(definition.lane ?? "general").add(name, { v: 1, payload, slot: more.slot }, how);
  }

  const { slots, clock } = options;
  const scheduled = schedulesOf(jobs, options.schedules);
  const cron = schedules({
    schedules: scheduled,
    slots,
    clock,
    log,
    enqueue: (name, slot) => add(name, {}, { slot }),
  });

  return {
    queue: {
      enqueue: (job, payload, more = {}) => add(job, payload, more),
      previousSlot: (line, after, now) => previousSlot(line, options.schedules.timezone, after, now),
      async counts() {
        const states = ["waiting", "active", "delayed", "failed"] as const;
        const all = await Promise.all(laneNames.map((lane) => queueOf(lane).getJobCounts(...states)));
        const sum = (state: string) => all.reduce((total, counts) => total + (counts[state] ?? 0), 0);
        return Object.fromEntries(states.map((state) => [state, sum(state)]));
      },
      late: () => lateJobs({ schedules: scheduled, slots, clock }),
    },
    async startWorkers() {
      if (workers.length > 0) return;
      workers = laneNames.map((lane) => startWorker({ ...options, lane, connection: open("queue") }));
    },
    startSchedules: () => cron.start(),
    async stop(seconds) {
      await cron.stop();
      await Promise.all(workers.map((worker) => worker.stop(seconds)));
      for (const queue of queues.values()) await queue.close();
      for (const connection of opened) connection.disconnect();
    },
  };
}

const minuteMs = 60_000;
/** A run may take as long as three of its intervals, within these. */
const graceMs = { least: 3 * minuteMs, most: 30 * minuteMs };

/**
 * The scheduled jobs of which a slot is due that has not finished in time: because nothing enqueued it, no process took
 * it up, or its run failed.
 */
async function lateJobs(options: {
  schedules: readonly Schedule[];
  slots: Pick<Slots, "finished">;
  clock: Clock;
}): Promise<LateJob[]> {
  const finished = await options.slots.finished();
  const now = Date.parse(options.clock.now());
  return options.schedules.flatMap(({ name, lastSlot }): LateJob[] => {
    const last = finished[name];
    if (last === undefined) return [{ job: name }];
    const due = lastSlot(last, iso(now - graceOf(lastSlot, now)));
    return due === undefined ? [] : [{ job: name, due, finished: last }];
  });
}

function graceOf(lastSlot: LastSlot, now: number): number {
  const long = iso(now - 2 * graceMs.most);
  const last = lastSlot(long, iso(now));
  const before = last && lastSlot(long, iso(Date.parse(last) - 1));
  const interval = last && before ? Date.parse(last) - Date.parse(before) : graceMs.most;
  return Math.min(Math.max(3 * interval, graceMs.least), graceMs.most);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
