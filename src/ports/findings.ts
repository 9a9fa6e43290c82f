import type { FixedMemory } from "../domain/findings/comparison/fixed-before.ts";
import type { ArtifactRecord } from "../domain/findings/model/artifact-record.ts";
import type { KnownCves } from "../domain/findings/model/cve-details.ts";
import type { Dictionary } from "../domain/findings/model/dictionary.ts";
import type { CveReading } from "../domain/findings/model/finding.ts";
import type { DayCount, Snapshot, SnapshotHead } from "../domain/findings/model/snapshot.ts";

/** A scan that read far fewer findings than the last one that is trusted: reported, not taken over. */
export type HeldScan = {
  /** Slot of the scan. */
  slot: string;
  /** ISO; when its reading ended. */
  asOf: string;
  silent: string[];
  before: number;
  now: number;
  /** For how many scans in a row. */
  scans: number;
};

/** What is stored with a published digest. */
export type Published = {
  slot: string;
  /** Counts for the trend, by the name of a filter; "" is everything. */
  days: ReadonlyMap<string, DayCount>;
  /** What was fixed, as `packFixed` packs it. */
  fixed?: Uint8Array;
};

export type FindingsPort = CvesPort & {
  /** Head of the last complete snapshot. */
  current(): Promise<SnapshotHead | undefined>;
  /** Head of the one before it. */
  previous(): Promise<SnapshotHead | undefined>;
  /** The current or the previous snapshot, by its slot; undefined where it is no longer (or not yet) there. */
  open(slot: string): Promise<Snapshot | undefined>;
  /**
   * Every vulnerability with its number, to build the next snapshot with.
   * @param day ISO day on which those that are not there yet are seen first
   */
  dictionary(day?: string): Promise<Dictionary>;
  /**
   * Makes a snapshot the current one, in one step at the end. False where another process wrote one meanwhile, or did
   * so before: this one then is not used.
   * @param base slot of the snapshot that was current when the scan began
   */
  write(
    base: string | undefined,
    snapshot: { head: SnapshotHead; records: readonly ArtifactRecord[]; dictionary: Dictionary },
  ): Promise<boolean>;
  /** Records of the last scans of a filter, the oldest first, 35 days back; "" is everything. */
  days(filter?: string): Promise<DayCount[]>;
  /** What was fixed in earlier slots. */
  fixedBefore(slot: string): Promise<FixedMemory>;
  /** The scan that is held back, if the last one was. */
  held(): Promise<HeldScan | undefined>;
  hold(scan: HeldScan): Promise<void>;
  /** The last slot whose digests are all recorded in the outbox. */
  published(): Promise<string | undefined>;
  /** Notes that the digests of a slot are recorded, with everything stored with them, in one step. Safe to repeat. */
  setPublished(published: Published): Promise<void>;
  trim(now: string): Promise<void>;
};

export type CvesPort = {
  /** What earlier readings said of CVEs. */
  cves(): Promise<KnownCves>;
  /** Adds a reading; now and then all are written as one, with only what is in use where `used` says it. Safe to repeat. */
  keepCves(reading: CveReading, used?: ReadonlySet<string>): Promise<void>;
};
