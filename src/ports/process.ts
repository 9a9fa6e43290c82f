/**
 * A scheduled job whose slot `due` should have finished by now; `finished` is the last slot that did. Without `due`:
 * no process has fired its schedule yet.
 */
export type LateJob = { job: string; due?: string; finished?: string };

/** Work in the background. */
export type Queue = {
  /**
   * Asks for a run of a job; requests with the same key fold into one. `delay` in seconds; `wake`: one that waits for
   * its time is called now.
   */
  enqueue(job: string, payload: unknown, options?: { delay?: number; wake?: boolean }): Promise<void>;
  /**
   * The latest time (ISO) at which a cron line was due in (`after`, `now`], in the time zone of the schedules;
   * undefined where there was none.
   */
  previousSlot(line: string, after: string, now: string): string | undefined;
  /** Jobs waiting, active, delayed and failed, by name of the queue. */
  counts(): Promise<Record<string, number>>;
  /** Scheduled jobs that did not run as they should have. */
  late(): Promise<LateJob[]>;
};

export type Clock = {
  /** ISO, milliseconds. */
  now(): string;
};

export type Log = {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
  debug(about: object, message: string): void;
};

/** Counters and gauges; names are given without the `breakwater_` prefix. */
export type Metrics = {
  count(name: string, labels?: Record<string, string>, by?: number): void;
  gauge(name: string, value: number, labels?: Record<string, string>): void;
  /** Seconds. */
  observe(name: string, seconds: number, labels?: Record<string, string>): void;
};
