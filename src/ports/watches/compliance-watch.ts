import type { ComplianceState, DayCompliance } from "../../domain/compliance/watch/state.ts";
import type { WatchedStatePort } from "./watched-state.ts";

export type ComplianceWatchPort = WatchedStatePort<ComplianceState> & {
  /** Controls by state of the last days, of everything that is in scope, the oldest first. */
  days(): Promise<DayCompliance[]>;
};
