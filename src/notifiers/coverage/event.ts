import { z } from "zod";
import type { Incident } from "../../domain/coverage/watch/watch-state.ts";

/** As the job publishes it: the incident without what only the watch itself needs. */
export type CoverageEvent = Omit<Incident, "revision" | "grown">;

export const coverageEvent: z.ZodType<CoverageEvent> = z.custom<CoverageEvent>((value) => {
  const one = value as CoverageEvent | null;
  return typeof one?.id === "string" && typeof one.sort === "string" && Array.isArray(one.members);
}, "a change of coverage");
