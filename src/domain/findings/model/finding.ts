import { hashOf } from "../../../text/hash.ts";
import type { ShapeReading } from "../../reading/drift.ts";
import type { Unread } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import type { Severity } from "../../severity.ts";

/**
 * The models in which Defender for Containers reports vulnerabilities [facts/defender.md, section 3]: today's
 * individual recommendations, and the five grouped ones, removed from the public cloud in July 2026.
 */
export const findingModels = [
  "individual",
  "grouped-registry",
  "grouped-running",
  "grouped-registry-preview",
  "grouped-running-preview",
  "grouped-nodes",
] as const;
export type FindingModel = (typeof findingModels)[number];
/**
 * Kinds of things of which the individual model tells. Each comes from a part of Defender that can be switched off alone
 * [facts/defender.md, section 2]: one that falls silent is reported as a silent model.
 */
export const individualKinds = ["individual-registry", "individual-running", "individual-nodes"] as const;
export type IndividualKind = (typeof individualKinds)[number];

/** One vulnerability in one installed version of a package: what a dictionary holds once, whoever has it. */
export type Vulnerability = {
  /** `CVE-2024-3094`, upper case; the scanner's own id where it has no CVE. */
  id: string;
  package: string;
  /** The installed version; "" where the model does not say. */
  version: string;
  severity: Severity;
  /** Where the severity comes from; left out by what versions before 0.2 stored. */
  from?: SeveritySource;
  fix: "available" | "none" | "unknown";
  /** The version that fixes it, where known. */
  fixed?: string;
  /** True where an exploit is known: in an exploit kit, published or verified. */
  exploit: boolean;
  /** Probability of exploitation in 30 days (EPSS), in percent, where known. */
  epss?: number;
  /** CVSS base score, where known. */
  cvss?: number;
  /** ISO day of publication, where known. */
  published?: string;
  /** ISO day of the scan that met it first, in whatever artifact; left out for what the first scan of all had. */
  seen?: string;
};

/**
 * What makes two findings of one artifact the same, from day to day and across the models: vulnerability, package,
 * installed version, whatever the letter case and white space.
 */
export function vulnerabilityKey({
  id,
  package: name,
  version,
}: Pick<Vulnerability, "id" | "package" | "version">): string {
  const key = `${id}|${name}|${version}`.toLowerCase();
  // Tens of thousands come through here, and nearly none has any white space.
  if (!/\s/.test(key)) return key;
  return [id, name, version].map((part) => part.replace(/\s+/g, " ").trim().toLowerCase()).join("|");
}

/** Tells the packages of one artifact apart, whatever the letter case and white space. */
export function packageMark(name: string): number {
  return hashOf(name.replace(/\s+/g, " ").trim().toLowerCase()) % 2 ** 32;
}

/** A place in a registry where an image lies. `tags`: undefined where the registry could not be asked. */
export type ImagePlace = Located & { registry: string; repository: string; tags?: string[]; pushed?: string };

/** A workload that runs an image. */
export type ImageUse = Located & { cluster: string; namespace: string; workload: string; container: string };

/**
 * What a scanner looks at: an image by its digest, wherever it lies or runs, or a node pool. `findings` are ids of the
 * dictionary, ascending, each once.
 */
export type Artifact = {
  /** `sha256:…` in lower case, or the lower-case resource id of the node pool. */
  key: string;
  kind: "image" | "node-pool";
  /** What a person calls it where it lies nowhere: the name of the node pool, the image as it was pulled. */
  name: string;
  places: ImagePlace[];
  uses: ImageUse[];
  /** Of a node pool: where it is. */
  at?: Located;
  models: FindingModel[];
  /** ISO; when it was last scanned, where a model says so. */
  scanned?: string;
  /** True where Defender says that it can be reached from the internet. */
  exposed?: boolean;
  /** Packages whose findings are not counted as open: by an exemption, by a disable rule. */
  exempted: number;
  disabled: number;
  /** Marks of these packages, ascending: what is not open in one of them is not fixed. */
  closed?: number[];
  findings: Uint32Array;
  /** ISO time of the snapshot that it was taken over from, where this part could not be read since. */
  stale?: string;
  /** True where it is new and only a part of it could be read: it is compared when it has been read whole. */
  partial?: boolean;
};

/** What one row tells of the artifact itself. */
export type SeenArtifact = Pick<
  Artifact,
  "key" | "kind" | "name" | "places" | "uses" | "at" | "scanned" | "exposed"
>;

/** What a reading hands over page by page: references count within one reading. */
export type FindingPage = {
  model: FindingModel;
  /** Artifacts not met before in this reading, or met again with a place or use not known yet. */
  artifacts: { ref: number; artifact: SeenArtifact }[];
  /** Groups of vulnerabilities not met before in this reading: those of one package of one text of details. */
  groups: { ref: number; vulnerabilities: Vulnerability[] }[];
  /** Pairs (artifact ref, group ref), one after the other; the same pair may come again. */
  pairs: Uint32Array;
  /**
   * Packages that are not open, by an exemption or a disable rule. `row` tells packages of one artifact apart
   * (`packageMark`): one that comes again, with its page, in another place or through another model, counts once.
   */
  closed: { ref: number; row: number; why: "exempted" | "disabled" }[];
  /** Artifacts with a row whose details could not be read: some of their findings are missing. */
  partly?: number[];
};

/**
 * How a model answered. `rows`: what it had; `error`: it could not be read, whole or in part. `silent`: it answered
 * nothing, without an error, in so many scans in a row, and had rows before (`had`).
 */
export type ModelReading = {
  model: FindingModel | IndividualKind;
  rows: number;
  error?: string;
  silent?: number;
  had?: number;
};

/** What a reading of findings says of itself when all pages are taken. */
export type FindingsRead = {
  /** ISO time at which reading ended. */
  asOf: string;
  /** Subscriptions asked, those that could not be read included. */
  subscriptions: number;
  /**
   * Ids of the subscriptions asked, in lower case: what lies in one that is no longer listed was not read. Left out by a
   * reading that does not compare.
   */
  listed?: string[];
  unread: Unread[];
  models: ModelReading[];
  /** How the details of CVEs were read, and what is new of them. */
  details?: DetailsRead;
  cves?: CveReading;
  /** What each reader could and could not place: see `watchShape`. */
  shapes?: ShapeReading[];
};

/** Tags and times of the images in one repository, from the registry's own API. */
export type RegistryImage = { digest: string; tags: string[]; pushed?: string };
/** `registry` is its name, `unread` says why it could not be asked. */
export type RegistryRead = { repositories: Map<string, RegistryImage[]>; unread?: Unread };

/** What is known of a CVE itself, whoever has it [microsoft.security/cvedetails]. */
export type CveDetail = {
  /** Upper case. */
  id: string;
  /** Left out where nothing is said; then the rows that name the CVE say how severe it is. */
  severity?: Severity;
  /** Withdrawn: it is no finding. */
  rejected?: true;
  /** ISO day. */
  published?: string;
  exploit: boolean;
  /** Probability of exploitation in 30 days, in percent. */
  epss?: number;
  /** Base score, of the newest version of CVSS that has one. */
  cvss?: number;
};

/**
 * One reading of details. `absent`: CVEs that were asked for, and of which there is no row. `refreshed`: ISO time up to
 * which changes of all others were asked for.
 */
export type CveReading = { at: string; refreshed?: string; details: CveDetail[]; absent: string[] };

/**
 * How the reading of details ended. `not-needed`: every row had its own; `no-access`: nothing at all came back, which is
 * what Azure answers without the permission. `unknown`: CVEs in use of which nothing is known.
 */
export type DetailsRead = {
  state: "read" | "not-needed" | "no-access" | "failed";
  wanted: number;
  unknown: number;
  error?: string;
};

/**
 * Where the severity of a finding may come from, the first one that says any. `none`: it is unknown; why is in
 * `SnapshotHead.details`.
 */
export const severitySources = ["details", "inline", "recommendation", "highest", "none"] as const;

export type SeveritySource = (typeof severitySources)[number];
