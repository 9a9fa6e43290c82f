import type { Unread } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import type { Vulnerability } from "../model/finding.ts";
import type { DayCount, SeverityCounts, SnapshotHead } from "../model/snapshot.ts";

/**
 * What happened to a finding between two snapshots; each word is defined in docs/findings.md.
 */
export const changeKinds = [
  "new",
  "new-image",
  "fixed",
  "withdrawn",
  "raised",
  "news",
  "regressed",
  "gone",
  "scan-missing",
  "not-read",
  "first-read",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One finding that changed. For kinds that concern a whole artifact there is one change for each of its findings. */
export type FindingChange = {
  kind: ChangeKind;
  vulnerability: Vulnerability;
  /** How it was before, for `raised` and `news`. */
  before?: Pick<Vulnerability, "severity" | "fix" | "fixed" | "exploit">;
  /** `contoso/frontend:1.8`, or the node pool; what a person recognises. */
  image: string;
  /** Digest of the artifact (`sha256:…`), and of the one before where the tag, workload or pool moved on. */
  artifact: string;
  previous?: string;
  kindOfArtifact: "image" | "node-pool";
  /** Every registry, cluster and subscription that it lies or runs in, for filters. */
  where: Located[];
  registries: string[];
  clusters: string[];
  running: boolean;
  exposed: boolean;
  /** ISO day on which the finding was first seen, where known. */
  since?: string;
};

/** `frontend:1.8 (was a1b2, now c3d4): 12 fixed, 2 new`. */
export type Rebuilt = {
  image: string;
  from: string;
  to: string;
  fixed: number;
  added: number;
  by: "tag" | "workload" | "push-time" | "node-pool";
  where: Located[];
};

/** Findings of a place, with what changed there. */
export type PlaceCount = {
  name: string;
  kind: "registry" | "cluster";
  open: SeverityCounts;
  added: number;
  fixed: number;
};

/** What the digest of one slot says to channels with the same filter. JSON-able: it is stored in the outbox. */
export type RescanDigest = {
  v: 1;
  slot: string;
  /** Of the snapshot that it is compared with; none: the first one, a baseline. */
  before?: { slot: string; asOf: string };
  /** CVEs of which details are known since they can be read; left out where there are none. */
  learned?: number;
  /** Names the filter, so that channels with the same one share the event. */
  filter: string;
  filtered: boolean;
  head: SnapshotHead;
  /** What the filter lets through of the open findings. */
  open: SeverityCounts;
  counts: Partial<Record<ChangeKind, SeverityCounts>>;
  newImages: number;
  goneImages: number;
  places: PlaceCount[];
  rebuilt: Rebuilt[];
  /** New, regressed, raised and news, the worst first; then those of new images; at most 20. */
  worst: FindingChange[];
  trend: DayCount[];
  /**
   * Nothing of it may be read as "fixed". `shrunk`: far fewer findings than before and no error: compared is nothing,
   * `head` and `open` are those of the last snapshot that is trusted. `silent`: models that answered nothing. `scans`:
   * for how many scans in a row. Findings that were read: `before`, `now`.
   */
  suspicious?: { shrunk: boolean; silent: string[]; before: number; now: number; scans: number };
  unread: Unread[];
  /**
   * Every change as deflated JSON lines in base64, one array of cells a line, the header first; the message attaches it
   * as CSV. `rows`: how many there are; `kept`: how many are in it, where that is fewer, the worst first.
   */
  changes: { rows: number; kept?: number; deflated: string };
};
