import type { CausedBy } from "../domain/alerts/alert.ts";
import type { ClusterRef, Run } from "../domain/simulations/simulation.ts";

export type RunsPort = {
  get(id: string): Promise<Run | undefined>;
  /** Stores a new run; false where its id is taken. */
  add(run: Run): Promise<boolean>;
  /**
   * Changes a run by a pure function, which may be called several times. `undefined` from it leaves the run as it is.
   * @returns the run as it is now, and whether this call changed it; undefined where there is none
   */
  change(
    id: string,
    change: (run: Run) => Run | undefined,
  ): Promise<{ run: Run; changed: boolean } | undefined>;
  /** The newest first. `since`: requested after (ISO). `cluster`: a resource id. */
  list(filter?: { scenario?: string; cluster?: string; since?: string; limit?: number }): Promise<Run[]>;
  /** Those that are not over. */
  open(): Promise<Run[]>;
  /** Those that are over, but not reported yet. */
  untold(): Promise<Run[]>;
  /** Those that are over, and left something that is tried again. */
  left(): Promise<Run[]>;
  /** Those whose alerts may still come at this time (ISO). */
  watched(now: string): Promise<Run[]>;
  /** How many runs have their turn before this one; 0: it is this one's. */
  before(run: Run): Promise<number>;
  /** The run whose turn it is after this one is over. */
  next(run: Run): Promise<string | undefined>;
  /** Remembers that runs were made on a cluster. */
  visit(cluster: ClusterRef, now: string): Promise<void>;
  /** Forgets that runs were made on a cluster. */
  leave(cluster: ClusterRef): Promise<void>;
  /** Commands that Azure runs there for the sweeper; none are forgotten. */
  sweeping(cluster: Pick<ClusterRef, "id">, commands: NonNullable<Run["commands"]>): Promise<void>;
  visited(): Promise<{ cluster: ClusterRef; at: string; commands?: Run["commands"] }[]>;
  /** Remembers which run caused an alert. */
  claim(alert: string, claim: CausedBy): Promise<void>;
  /** The runs that caused these alerts, as far as one did. */
  claims(alerts: readonly string[]): Promise<Map<string, CausedBy>>;
  lastSlot(drill: string): Promise<string | undefined>;
  /** Never goes back; true where this call moved it on. */
  takeSlot(drill: string, slot: string): Promise<boolean>;
  trim(now: string): Promise<void>;
};
