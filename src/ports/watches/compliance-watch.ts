import type { ComplianceState, DayCompliance } from "../../domain/compliance/watch/state.ts";

/** `newer`: a newer version of the bot wrote it; this one leaves it alone. */
export type LoadedCompliance = {
  mark: string;
  texts: Record<string, string>;
  state?: ComplianceState;
  newer?: true;
};

export type ComplianceWatchPort = {
  load(): Promise<LoadedCompliance>;
  /** All of it at once; undefined where another process wrote meanwhile, else what `load` would answer now. */
  save(before: LoadedCompliance, state: ComplianceState): Promise<LoadedCompliance | undefined>;
  /** Controls by state of the last days, of everything that is in scope, the oldest first. */
  days(): Promise<DayCompliance[]>;
};
