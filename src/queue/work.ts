import type { JobDefinition } from "../definitions/job.ts";

/** Name of the one BullMQ queue; its keys are `PREFIX:work:…`. */
export const queueName = "work";

/** What a job carries, by value. `slot` is the scheduled time (ISO) where a schedule asked for it. */
export type Work = { v: 1; payload: unknown; slot?: string };

/** What a run is bounded by: everything needed to run it again survives the process that holds it. */
export const limits = {
  /** Runs at the same time in one process. */
  concurrency: 20,
  /** A run whose process died is taken over after this, plus at most the interval of the check. */
  lockMilliseconds: 6_000,
  stalledCheckMilliseconds: 2_000,
  /** What is kept of finished runs: long enough that a late process does not put a slot in twice. */
  keep: { age: 86_400, count: 1000 },
};

/**
 * Runs of one key never overlap. A scheduled job has one key for all its runs, so that it never overlaps itself.
 */
export function keyOf(name: string, definition: JobDefinition, payload: unknown): string | undefined {
  const key = definition.key?.(payload) ?? (definition.schedule ? "" : undefined);
  return key === undefined ? undefined : `${name}|${key}`;
}

/** The id of a scheduled run, the same in every process. BullMQ allows no colon in it. */
export function slotId(name: string, slot: string): string {
  return `j-${name}-${slot.replaceAll(":", "")}`;
}
