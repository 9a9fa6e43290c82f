import type { z } from "zod";
import type { ScheduleName } from "../domain/topics.ts";
import type { Language } from "../locales/language.ts";
import type { Ports } from "./ports.ts";

/** What a run says of itself: finished, or to be called again with the same payload after some seconds. */
export type Outcome = { kind: "done"; note?: string } | { kind: "again"; seconds: number };

/** Finished; `note` goes to the log. */
export function done(note?: string): Outcome {
  return { kind: "done", note };
}

/** Not finished: called again after `seconds` (fractions allowed), without counting as a failure. */
export function again(seconds: number): Outcome {
  return { kind: "again", seconds };
}

/** Reading alerts and delivering messages have workers of their own: however long other work takes, both go on. */
export type Lane = "general" | "alerts" | "delivery";

export type JobDefinition<Payload = unknown> = {
  /** What it does, in half a sentence; for the reference pages. */
  texts: Record<Language, { summary: string }>;
  payload: z.ZodType<Payload>;
  /** A schedule of the settings, or a cron line of our own. Slots missed while all were down are caught up once. */
  schedule?: ScheduleName | { cron: string };
  /** How often a run that threw is tried again, with growing delays. */
  retries: number;
  /** Runs with the same key never overlap, and a request made while one waits is folded into it. */
  key?(payload: Payload): string;
  /** Which workers run it; "general" where it says nothing. */
  lane?: Lane;
  /** Where it needs many files, it imports them itself, as a command's does. */
  run(payload: Payload, ports: Ports, run: JobRun): Promise<Outcome>;
};

/** What a run knows of itself. `slot` is the scheduled time (ISO) where a schedule started it. */
export type JobRun = { id: string; attempt: number; slot?: string };

/** Declares one kind of background work; the file's name is its name. Any run may be killed and run again. */
export function job<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}
