import type { JobDefinition, Lane } from "../definitions/job.ts";

/**
 * The BullMQ queues, whose keys are `PREFIX:work:…` and so on: what each runs waits for nothing in the others.
 * `concurrency`: runs at the same time in one process.
 */
export const lanes: Record<Lane, { queue: string; concurrency: number }> = {
  general: { queue: "work", concurrency: 20 },
  alerts: { queue: "work-alerts", concurrency: 2 },
  delivery: { queue: "work-delivery", concurrency: 20 },
};
export const laneNames = Object.keys(lanes) as Lane[];

/** What a job carries, by value. `slot` is the scheduled time (ISO) where a schedule asked for it. */
export type Work = { v: 1; payload: unknown; slot?: string };

/** What a run is bounded by: everything needed to run it again survives the process that holds it. */
export const limits = {
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
