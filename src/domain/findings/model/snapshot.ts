import type { Unread } from "../../reading/reading.ts";
import type { Severity } from "../../severity.ts";
import type { ArtifactRecord } from "./artifact-record.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Artifact, DetailsRead, ModelReading, Vulnerability } from "./finding.ts";

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
  /** Why, where the registry was asked. */
  untaggedWhy?: Unread[];
  artifacts: number;
  findings: number;
  exempted: number;
  disabled: number;
  /** Open findings by severity, each once for its artifact. */
  open: SeverityCounts;
  /** Artifacts taken over from an earlier snapshot, because their part could not be read. */
  stale: number;
  /** Artifacts that are new and were read in part only; left out where there are none. */
  partial?: number;
  /** Findings that were read for it, and not taken over. */
  told?: number;
  /** Subscriptions that are no longer listed, and in how many scans in a row. */
  absent?: { id: string; name: string; scans: number }[];
  /** The estate had shrunk, and every scan since said the same: what is missing is gone or withdrawn, never fixed. */
  accepted?: boolean;
  /** How the details of CVEs were read; left out by versions before 0.2. */
  details?: DetailsRead;
};

/**
 * A complete snapshot, packed in memory: about 2 bytes a finding. Records and artifacts come in ascending order of
 * their key.
 */
export type Snapshot = {
  head: SnapshotHead;
  dictionary: Dictionary;
  records: readonly ArtifactRecord[];
  /** By dictionary id. */
  vulnerability(id: number): Vulnerability | undefined;
  /** Unpacked one by one; other work of the process comes in between. */
  artifacts(): AsyncIterable<Artifact>;
};

/** Open findings of one scan, for the trend, with what was fixed and what was added since the one before. */
export type DayCount = { slot: string; open: SeverityCounts; fixed: number; added: number };
