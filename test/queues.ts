import { z } from "zod";
import { done, type JobDefinition, job, type Outcome } from "../src/definitions/job.ts";
import type { Ports } from "../src/definitions/ports.ts";
import type { Settings } from "../src/domain/settings.ts";
import { defaultSchedules } from "../src/domain/topics.ts";
import type { Log, Metrics } from "../src/ports/process.ts";
import { type WorkQueue, workQueue } from "../src/queue/queue.ts";
import { openStore } from "../src/store/store.ts";
import { quiet } from "./quiet.ts";
import type { TestRedis } from "./redis.ts";

const payload = z.object({ n: z.number().default(0) });

/** A job that notes each run and answers what the test says. */
export function noted(
  answer: (n: number, run: number) => Promise<Outcome> | Outcome = () => done(),
  more: Partial<JobDefinition<{ n: number }>> = {},
): { definition: JobDefinition; runs: { n: number; slot?: string; attempt: number; id: string }[] } {
  const runs: { n: number; slot?: string; attempt: number; id: string }[] = [];
  const definition = job<{ n: number }>({
    texts: { en: { summary: "Notes its runs" }, ja: { summary: "実行を記録します" } },
    payload,
    retries: 0,
    async run({ n }, _ports, { slot, attempt, id }) {
      runs.push({ n, slot, attempt, id });
      return answer(n, runs.length);
    },
    ...more,
  });
  return { definition: definition as JobDefinition, runs };
}

const everyMinute: Settings["schedules"] = {
  timezone: "UTC",
  ...defaultSchedules,
  drills: [],
};

/** A queue as a process of the bot has it; `counted` are its metrics. */
export function queueOf(
  redis: Pick<TestRedis, "connect">,
  prefix: string,
  jobs: Record<string, JobDefinition>,
  options: { log?: Log; now?: () => string; schedules?: Partial<Settings["schedules"]> } = {},
): WorkQueue & { counted: { name: string; labels?: Record<string, string> }[]; troubles: string[] } {
  const troubles: string[] = [];
  const counted: { name: string; labels?: Record<string, string> }[] = [];
  const metrics: Metrics = {
    count: (name, labels) => void counted.push({ name, labels }),
    gauge() {},
    observe: (name, _seconds, labels) => void counted.push({ name, labels }),
  };
  const store = openStore(redis.connect(), prefix, []);
  const made = workQueue({
    connect: (use) => redis.connect(use),
    prefix,
    log: options.log ?? quiet,
    metrics,
    jobs: new Map(Object.entries(jobs)),
    ports: () =>
      ({
        store,
        log: options.log ?? quiet,
        trouble: {
          tell: async ({ what, kind, detail }) => void troubles.push(`${kind} ${what}: ${detail}`),
          resolved: async (what) => void troubles.push(`${what} works`),
        } satisfies Ports["trouble"],
      }) as Partial<Ports> as Ports,
    schedules: { ...everyMinute, ...options.schedules },
    slots: store.slots,
    clock: { now: options.now ?? (() => new Date().toISOString()) },
  });
  return { ...made, counted, troubles };
}
