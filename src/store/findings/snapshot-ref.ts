import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";

/** Where the pieces of a snapshot are, in the order in which they are put together. */
export type SnapshotRef = {
  v: 1;
  head: SnapshotHead;
  /** Chunks of whole records. */
  base: string[];
  /** Of each later scan: what it changed. */
  patches: string[];
  dictionary: string[];
  /** The first number of the dictionary that is free. */
  next: number;
  /** Bytes of the base, and of all patches, as stored. */
  baseBytes: number;
  patchBytes: number;
};
