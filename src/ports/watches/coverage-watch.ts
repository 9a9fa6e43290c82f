import type { DayCoverage } from "../../domain/coverage/history.ts";
import type { WatchState } from "../../domain/coverage/watch/watch-state.ts";

/** Everything but subscriptions and incidents, and the names of all subscriptions: one whose value is lost is no new one. */
export type WatchHead = Omit<WatchState, "subscriptions" | "incidents"> & { known: string[] };

/** `newer`: a newer version of the bot wrote it; this one leaves it alone. */
export type LoadedWatch = { mark: string; texts: Record<string, string>; state?: WatchState; newer?: true };

export type CoverageWatchPort = {
  load(): Promise<LoadedWatch>;
  /** All of it at once; undefined where another process wrote meanwhile, else what `load` would answer now. */
  save(before: LoadedWatch, state: WatchState): Promise<LoadedWatch | undefined>;
  /** The figures of the last days, the oldest first. */
  days(): Promise<DayCoverage[]>;
  /** Notes the figures of a day in place of its earlier ones, and forgets those past their retention. */
  noteDay(day: DayCoverage): Promise<void>;
};
