import { Queue as BullQueue, type JobsOptions } from "bullmq";
import type { Cluster, Redis } from "ioredis";
import type { JobDefinition } from "../definitions/job.ts";
import type { Clock, Log, Metrics, Ports, Queue } from "../ports/ports.ts";
import type { Settings } from "../settings/settings.ts";
import { previousSlot } from "./cron.ts";
import { lateJobs } from "./late.ts";
import { type Slots, schedules, schedulesOf } from "./schedules.ts";
import { keyOf, limits, queueName, slotId, type Work } from "./work.ts";
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
 * The queue of work. Building opens no connection.
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
  let bull: BullQueue<Work> | undefined;
  let worker: ReturnType<typeof startWorker> | undefined;
  const queueOf = () => {
    if (!bull) {
      const streams = { events: { maxLen: 100 } };
      bull = new BullQueue<Work>(queueName, { connection: open("commands"), prefix, streams });
      bull.on("error", (error) => log.debug({ error: error.message }, "queue"));
    }
    return bull;
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
    await queueOf().add(name, { v: 1, payload, slot: more.slot }, how);
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
      counts: () => queueOf().getJobCounts("waiting", "active", "delayed", "failed"),
      late: () => lateJobs({ schedules: scheduled, slots, clock }),
    },
    async startWorkers() {
      worker ??= startWorker({ ...options, connection: open("queue") });
    },
    startSchedules: () => cron.start(),
    async stop(seconds) {
      await cron.stop();
      await worker?.stop(seconds);
      await bull?.close();
      for (const connection of opened) connection.disconnect();
    },
  };
}
