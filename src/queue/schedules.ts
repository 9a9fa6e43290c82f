import { createTask } from "node-cron";
import type { JobDefinition } from "../definitions/job.ts";
import type { Settings } from "../domain/settings.ts";
import type { Clock, Log } from "../ports/process.ts";
import { type LastSlot, lastSlotOf } from "./cron.ts";

/** Where the slots of each job that were enqueued, and that finished, are stored. */
export type Slots = {
  last(job: string): Promise<string | undefined>;
  set(job: string, slot: string): Promise<void>;
  begin(job: string, at: string): Promise<void>;
  finish(job: string, slot: string): Promise<void>;
  finished(): Promise<Record<string, string>>;
};

export type Schedule = { name: string; lastSlot: LastSlot };

/** A schedule of this process; every slot until `checked` is in the queue. */
type Scheduled = Schedule & { checked?: string; busy?: boolean; pausedUntil: number };

const retryMs = 5000;
/** Between two looks at what is due. */
const tickMs = 1000;

/** The jobs that run on a schedule, each with its cron expression read. */
export function schedulesOf(
  jobs: ReadonlyMap<string, JobDefinition>,
  settings: Settings["schedules"],
): Schedule[] {
  return [...jobs].flatMap(([name, { schedule: when }]) => {
    if (when === undefined) return [];
    const line = typeof when === "string" ? settings[when] : when.cron;
    return [{ name, lastSlot: lastSlotOf(line, settings.timezone) }];
  });
}

/**
 * Puts scheduled jobs into the queue. Every process of the roles all and web does so; the id of a run is made of its
 * slot, so that only the first one counts. The last slot is recorded after it is in the queue: whatever was missed,
 * because no process lived or Redis did not answer, is caught up once, with its latest slot.
 */
export function schedules(options: {
  schedules: readonly Schedule[];
  slots: Slots;
  clock: Clock;
  log: Log;
  enqueue: (name: string, slot: string) => Promise<void>;
}): {
  start(): Promise<void>;
  /** Enqueues what became due since it was called last. */
  tick(): Promise<void>;
  stop(): Promise<void>;
} {
  const { slots, clock, log, enqueue } = options;
  const all = options.schedules.map((one): Scheduled => ({ ...one, pausedUntil: 0 }));
  let ticking: NodeJS.Timeout | undefined;

  async function check(scheduled: Scheduled): Promise<void> {
    if (scheduled.busy || performance.now() < scheduled.pausedUntil) return;
    scheduled.busy = true;
    try {
      await enqueueDue(scheduled);
    } catch (error) {
      scheduled.pausedUntil = performance.now() + retryMs;
      log.warn({ job: scheduled.name, err: error }, "failed to enqueue a scheduled job; retrying");
    } finally {
      scheduled.busy = false;
    }
  }

  async function enqueueDue(scheduled: Scheduled): Promise<void> {
    const { name, lastSlot } = scheduled;
    const now = clock.now();
    const first = scheduled.checked === undefined;
    const checked = scheduled.checked ?? (await slots.last(name));
    // On the very first start nothing was missed; from now on it is known what will be.
    if (checked === undefined) await slots.set(name, now);
    if (first) await slots.begin(name, checked ?? now);
    const due = checked === undefined ? undefined : lastSlot(checked, now);
    if (due !== undefined) {
      if (first) log.info({ job: name, slot: due }, "catching up with a slot that was missed");
      await enqueue(name, due);
      await slots.set(name, due);
    }
    // A clock that was set back must not make a slot due twice; one that once ran ahead must not stop the schedule.
    if (first || scheduled.checked! < now) scheduled.checked = now;
  }

  const tick = async () => void (await Promise.all(all.map(check)));
  // Never started: node-cron's own clock leaves out a repeated hour and can hold everything up (docs/decisions/0015).
  const task = createTask("* * * * * *", tick, { timezone: "UTC" });
  const atNextSecond = () => {
    ticking = setTimeout(
      () => {
        atNextSecond();
        void task.execute();
      },
      tickMs - (Date.now() % tickMs),
    );
  };

  return {
    tick,
    async start() {
      await tick();
      atNextSecond();
    },
    async stop() {
      clearTimeout(ticking);
      await task.destroy();
    },
  };
}
