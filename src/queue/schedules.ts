import { type ScheduledTask, schedule } from "node-cron";
import type { JobDefinition } from "../definitions/job.ts";
import type { Clock, Log } from "../ports.ts";
import type { Settings } from "../settings/settings.ts";
import { previousSlot } from "./cron.ts";

/** Where the last slot of each job that was put into the queue is remembered. */
export type Slots = {
  last(job: string): Promise<string | undefined>;
  set(job: string, slot: string): Promise<void>;
};

type Scheduled = { name: string; line: string };

/**
 * Puts scheduled jobs into the queue. Every process of the roles all and web fires; the id of a run is made of its
 * slot, so that only the first one counts. The last slot is recorded after it is in the queue: whatever was missed,
 * because no process lived or Redis did not answer, is caught up once, with its latest slot.
 */
export function schedules(options: {
  jobs: ReadonlyMap<string, JobDefinition>;
  settings: Settings["schedules"];
  slots: Slots;
  clock: Clock;
  log: Log;
  enqueue: (name: string, slot: string) => Promise<void>;
}): { start(): Promise<void>; stop(): Promise<void> } {
  const { jobs, settings, slots, clock, log, enqueue } = options;
  const timezone = settings.timezone;
  const tasks: ScheduledTask[] = [];
  const retries = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  async function fire({ name, line }: Scheduled, slot: string): Promise<void> {
    try {
      await enqueue(name, slot);
      await slots.set(name, slot);
    } catch (error) {
      log.warn(
        { job: name, slot, err: error },
        "a scheduled job could not be put into the queue; tried again",
      );
      retry({ name, line });
    }
  }

  async function catchUp(scheduled: Scheduled): Promise<void> {
    const { name, line } = scheduled;
    try {
      const now = clock.now();
      const last = await slots.last(name);
      // On the very first start nothing was missed; from now on it is known what will be.
      if (last === undefined) return await slots.set(name, now);
      const missed = previousSlot(line, timezone, last, now);
      if (missed) {
        log.info({ job: name, slot: missed }, "catching up with a slot that was missed");
        await fire(scheduled, missed);
      }
    } catch (error) {
      log.warn({ job: name, err: error }, "it is not known whether a slot was missed; asked again");
      retry(scheduled);
    }
  }

  function retry(scheduled: Scheduled): void {
    if (stopped || retries.has(scheduled.name)) return;
    const timer = setTimeout(() => {
      retries.delete(scheduled.name);
      void catchUp(scheduled);
    }, 5000);
    retries.set(scheduled.name, timer.unref());
  }

  return {
    async start() {
      const all: Scheduled[] = [...jobs].flatMap(([name, { schedule: when }]) =>
        when === undefined ? [] : [{ name, line: typeof when === "string" ? settings[when] : when.cron }],
      );
      await Promise.all(all.map(catchUp));
      for (const scheduled of all) {
        const task = schedule(scheduled.line, ({ date }) => fire(scheduled, date.toISOString()), {
          timezone,
          name: scheduled.name,
          suppressMissedWarning: true,
        });
        // A busy or sleeping process fires too late for node-cron.
        task.on("execution:missed", () => catchUp(scheduled));
        tasks.push(task);
      }
    },

    async stop() {
      stopped = true;
      for (const timer of retries.values()) clearTimeout(timer);
      await Promise.all(tasks.map((task) => task.destroy()));
    },
  };
}
