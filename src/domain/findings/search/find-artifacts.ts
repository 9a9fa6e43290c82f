import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import { inScope, type Located, type Scope } from "../../scope/scope.ts";
import { atLeast, bySeverity, type Severity, severities } from "../../severity.ts";
import { isRunning } from "../model/artifact-name.ts";
import { type About, type ArtifactRecord, artifactOf } from "../model/artifact-record.ts";
import type { Dictionary } from "../model/dictionary.ts";
import type { Artifact, Vulnerability } from "../model/finding.ts";
import type { SeverityCounts, Snapshot } from "../model/snapshot.ts";

/** What is looked for; what is left out does not matter. */
export type ArtifactQuery = {
  scope?: Scope;
  /** `contoso/frontend`, `contoso/frontend:1.8`, with or without the registry, or the beginning of a digest. */
  image?: string;
  kind?: Artifact["kind"];
  running?: boolean;
  /** Findings of this severity and worse. */
  severity?: Severity;
  /** Findings that a fix is known for. */
  fixable?: boolean;
};

/** An artifact with the findings that fit. */
export type MatchedArtifact = {
  artifact: Artifact;
  counts: SeverityCounts;
  total: number;
  fixable: number;
  /** How many have a known exploit. */
  exploits: number;
  /** How many of these can be fixed; 0 where it does not run. */
  urgent: number;
  /** The worst first. */
  findings(): Vulnerability[];
};

/**
 * Artifacts with at least one finding that fits, the worst first: by what runs, is exploited and can be fixed, then by
 * the number of critical, then of high ones, and so on. An image that was asked for by name, or asked for without a filter of findings, is there even without findings.
 */
export async function findArtifacts(
  snapshot: Snapshot,
  query: ArtifactQuery = {},
): Promise<MatchedArtifact[]> {
  const matches: MatchedArtifact[] = [];
  const breathe = breather();
  const filtered = query.severity !== undefined || query.fixable === true;
  const judge = judgeOf(snapshot.dictionary, query);
  for (const record of snapshot.records) {
    if (!query.image || mayBe(record, query.image)) {
      const artifact = fits(record, query) ? artifactOf(record) : undefined;
      if (artifact && (!query.image || isImage(artifact, query.image))) {
        const one = judge(artifact);
        if (one.total > 0 || query.image || !filtered) matches.push(one);
      }
      const pause = breathe(artifactWork + (artifact?.findings.length ?? 0));
      if (pause) await pause;
    }
  }
  return matches.sort(worstFirst);
}

/** True where a place or use of the artifact, or the pool itself, lies in the scope; no scope is everything. */
export function artifactInScope(
  { places = [], uses = [], at }: { places?: Located[]; uses?: Located[]; at?: Located },
  scope: Scope | undefined,
): boolean {
  return scope === undefined || [...places, ...uses, ...(at ? [at] : [])].some((one) => inScope(one, scope));
}

function fits({ about }: ArtifactRecord, { scope, kind, running }: ArtifactQuery): boolean {
  if (!scope && !kind && !running) return true;
  const parsed = JSON.parse(about) as About;
  if (kind && kind !== (parsed.node ? "node-pool" : "image")) return false;
  if (running && !parsed.node && !parsed.uses?.length) return false;
  return artifactInScope(parsed, scope);
}

/** Quick, and never wrong with a no: the name of the repository, the pool or the digest must be there. */
function mayBe({ key, about }: ArtifactRecord, image: string): boolean {
  const wanted = image.trim().toLowerCase();
  const repository = wanted.split("@", 1)[0]!.replace(/:[^/:]*$/, "");
  const last = repository.split("/").at(-1) ?? "";
  return key.includes(wanted) || about.toLowerCase().includes(last);
}

function isImage({ key, name, places }: Artifact, image: string): boolean {
  const wanted = image.trim().toLowerCase();
  const [before = "", digest] = wanted.split("@");
  const startsWith = (part: string) =>
    part !== "" && (key.startsWith(part) || key.startsWith(`sha256:${part}`));
  if (digest !== undefined) return startsWith(digest);
  if (/^(sha256:)?[0-9a-f]{6,64}$/.test(wanted) && startsWith(wanted)) return true;
  if (key === wanted || name.toLowerCase() === wanted) return true;
  return places.some(({ registry, repository, tags = [] }) => {
    const names = [repository, `${registry}/${repository}`].map((one) => one.toLowerCase());
    const own = withShortRegistry(before);
    return names.some((one) => own === one || tags.some((tag) => own === `${one}:${tag.toLowerCase()}`));
  });
}

/** `acme.azurecr.io/web` → `acme/web`. */
function withShortRegistry(image: string): string {
  const slash = image.indexOf("/");
  const host = image.slice(0, Math.max(0, slash));
  const dot = host.indexOf(".");
  return dot > 0 && host.includes("azurecr.", dot + 1) ? `${host.slice(0, dot)}${image.slice(slash)}` : image;
}

function judgeOf(
  dictionary: Dictionary,
  { severity, fixable }: ArtifactQuery,
): (artifact: Artifact) => MatchedArtifact {
  const passes = (one: Vulnerability) =>
    (!severity || atLeast(one.severity, severity)) && (!fixable || one.fix === "available");
  return (artifact) => {
    const runs = isRunning(artifact);
    const one: MatchedArtifact = {
      artifact,
      counts: {},
      total: 0,
      fixable: 0,
      exploits: 0,
      urgent: 0,
      findings() {
        const all = [...artifact.findings].flatMap((id) => dictionary.vulnerability(id) ?? []);
        return all.filter(passes).sort(worseVulnerability);
      },
    };
    for (const id of artifact.findings) {
      const vulnerability = dictionary.vulnerability(id);
      if (!vulnerability || !passes(vulnerability)) continue;
      one.total++;
      one.counts[vulnerability.severity] = (one.counts[vulnerability.severity] ?? 0) + 1;
      if (vulnerability.fix === "available") one.fixable++;
      if (vulnerability.exploit) one.exploits++;
      if (runs && isUrgent(vulnerability)) one.urgent++;
    }
    return one;
  };
}

/** True where an exploit is known, and a fix too: what is to be done first. */
export function isUrgent({ exploit, fix }: Pick<Vulnerability, "exploit" | "fix">): boolean {
  return exploit && fix === "available";
}

/** Sorts the worst first: exploited and fixable, severity, a known exploit, its probability, a fix, then by name. */
export function worseVulnerability(a: Vulnerability, b: Vulnerability): number {
  return (
    Number(isUrgent(b)) - Number(isUrgent(a)) ||
    bySeverity(a.severity, b.severity) ||
    Number(b.exploit) - Number(a.exploit) ||
    (b.epss ?? 0) - (a.epss ?? 0) ||
    Number(b.fix === "available") - Number(a.fix === "available") ||
    compareText(a.id, b.id) ||
    compareText(a.package, b.package) ||
    compareText(a.version, b.version)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function worstFirst(a: MatchedArtifact, b: MatchedArtifact): number {
  if (a.urgent !== b.urgent) return b.urgent - a.urgent;
  for (const severity of severities) {
    const difference = (b.counts[severity] ?? 0) - (a.counts[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareText(a.artifact.key, b.artifact.key);
}
