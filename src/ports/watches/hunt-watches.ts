import type { HuntWatch } from "../../domain/hunts/hunt-watch.ts";

/** The hunts that channels watch. */
export type HuntWatchesPort = {
  /** Of one channel, or all; each with the latest id of its channel, the oldest first. */
  list(channel?: string): Promise<HuntWatch[]>;
  /** Replaces the one with the same id. */
  put(watch: HuntWatch): Promise<void>;
  /** As `ExemptionsPort.change`; undefined where it was removed. */
  change(
    id: string,
    change: (watch: HuntWatch) => HuntWatch | undefined,
  ): Promise<{ watch: HuntWatch; changed: boolean } | undefined>;
  remove(ids: readonly string[]): Promise<void>;
};
