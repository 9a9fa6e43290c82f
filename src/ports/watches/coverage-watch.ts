import type { DayCoverage } from "../../domain/coverage/history.ts";
import type { WatchState } from "../../domain/coverage/watch/watch-state.ts";
import type { WatchedStatePort } from "./watched-state.ts";

export type CoverageWatchPort = WatchedStatePort<WatchState> & {
  /** The figures of the last days, the oldest first. */
  days(): Promise<DayCoverage[]>;
  /** Notes the figures of a day in place of its earlier ones, and forgets those past their retention. */
  noteDay(day: DayCoverage): Promise<void>;
};
