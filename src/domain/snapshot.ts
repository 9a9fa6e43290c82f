import type { Artifact, ModelReading, Vulnerability } from "./finding.ts";
import type { Unread } from "./reading.ts";
import type { Severity } from "./severity.ts";

export type SeverityCounts = Partial<Record<Severity, number>>;

/** Everything that a snapshot says of itself. */
export type SnapshotHead = {
  v: 1;
  /** ISO time of the slot that it was made for: the name of the snapshot. */
  slot: string;
  /** ISO time at which reading ended. */
  asOf: string;
  subscriptions: number;
  unread: Unread[];
  models: ModelReading[];
  /** Registries whose tags could not be read: images there are compared by push time. */
  untagged: string[];
  artifacts: number;
  findings: number;
  exempted: number;
  disabled: number;
  /** Open findings by severity, each once for its artifact. */
  open: SeverityCounts;
  /** Artifacts taken over from an earlier snapshot, because their part could not be read. */
  stale: number;
};

/** A complete snapshot that can be read; artifacts come in ascending order of their key. */
export type Snapshot = {
  head: SnapshotHead;
  /** By dictionary id. */
  vulnerability(id: number): Vulnerability | undefined;
  artifacts(): AsyncIterable<Artifact>;
};

/** Open findings of one day, for the trend. */
export type DayCount = { slot: string; open: SeverityCounts; fixed: number; added: number };
