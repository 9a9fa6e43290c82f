import { bySeverity } from "../../severity.ts";
import { type Vulnerability, vulnerabilityKey } from "./finding.ts";

/**
 * Vulnerabilities by number. Numbers are given once and never change: a vulnerability whose severity or fix changes is
 * a new entry of the same identity.
 */
export type Dictionary = {
  /** The number of an entry; a new one where it was not met before. */
  id(vulnerability: Vulnerability): number;
  /** Takes over an entry that has a number already. */
  know(id: number, vulnerability: Vulnerability): void;
  vulnerability(id: number): Vulnerability | undefined;
  /** The same for entries that are one finding: see `vulnerabilityKey`. Undefined for a number never given. */
  identity(id: number): number | undefined;
  /** The one entry of all of these, which have one identity. */
  merged(ids: readonly number[]): number;
  /** The number that the next new entry gets. */
  next(): number;
  /** Every entry from a number on, in ascending order. */
  entries(from?: number): Iterable<[number, Vulnerability]>;
};

/**
 * @param known entries with their numbers
 * @param next the first free number
 * @param day ISO day on which what is new was seen first; left out where that is unknown
 */
export function dictionary(
  known: Iterable<[number, Vulnerability]> = [],
  next = 0,
  day?: string,
): Dictionary {
  /** By number; those that were never given are holes. */
  const entries: Vulnerability[] = [];
  const identityOf: number[] = [];
  const ids = new Map<string, number>();
  const identities = new Map<string, number>();
  /** By identity: the day on which it was seen first, whatever became of its severity and fix since. */
  const days: (string | undefined)[] = [];
  let free = next;

  function put(id: number, vulnerability: Vulnerability, name: string, key: string): void {
    const known = identities.get(name);
    const identity = known ?? identities.size;
    if (known === undefined) {
      days[identity] = vulnerability.seen;
      identities.set(name, identity);
    }
    entries[id] = vulnerability;
    identityOf[id] = identity;
    // Two numbers for one entry can only come from a store written by another version: the first one is used on.
    if (!ids.has(key)) ids.set(key, id);
    free = Math.max(free, id + 1);
  }

  function know(id: number, vulnerability: Vulnerability): void {
    const name = vulnerabilityKey(vulnerability);
    if (!entries[id]) put(id, vulnerability, name, entryKey(vulnerability, name));
  }

  for (const [id, vulnerability] of known) know(id, vulnerability);
  const self: Dictionary = {
    id(given) {
      const vulnerability = tidy(given);
      const name = vulnerabilityKey(vulnerability);
      const key = entryKey(vulnerability, name);
      const existing = ids.get(key);
      if (existing !== undefined) return existing;
      const id = free;
      const identity = identities.get(name);
      const seen = identity === undefined ? day : days[identity];
      put(id, { ...vulnerability, ...(seen !== undefined && { seen }) }, name, key);
      return id;
    },
    know,
    vulnerability: (id) => entries[id],
    identity: (id) => identityOf[id],
    merged(some) {
      const first = some[0]!;
      if (some.length === 1) return first;
      return self.id(some.map((id) => entries[id]!).reduce(mergeVulnerabilities));
    },
    next: () => free,
    *entries(from = 0) {
      for (let id = from; id < entries.length; id++) if (entries[id]) yield [id, entries[id]!];
    },
  };
  return self;
}

/**
 * What two reports of one finding say together, in whatever order: the worst severity that is known, a fix and an
 * exploit where any of them knows one.
 */
export function mergeVulnerabilities(a: Vulnerability, b: Vulnerability): Vulnerability {
  return {
    id: least(a.id, b.id)!,
    package: least(a.package, b.package)!,
    version: least(a.version, b.version)!,
    // "unknown" comes last.
    ...severityOf(bySeverity(a.severity, b.severity) <= 0 ? a : b),
    fix: fixes.find((fix) => fix === a.fix || fix === b.fix)!,
    ...optional("fixed", least(a.fixed, b.fixed)),
    exploit: a.exploit || b.exploit,
    ...score("epss", most(a.epss, b.epss)),
    ...score("cvss", most(a.cvss, b.cvss)),
    ...optional("published", least(a.published, b.published)),
  };
}

const fixes = ["available", "none", "unknown"] as const;

function least(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a <= b ? a : b;
}

function most(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function severityOf({ severity, from }: Vulnerability): Pick<Vulnerability, "severity" | "from"> {
  return { severity, ...(from && { from }) };
}

function score<Key extends "epss" | "cvss">(key: Key, value: number | undefined): { [K in Key]?: number } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: number };
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string };
}

/** Texts of a row are untrusted, and may be of any size. */
const longest = 300;

function tidy(given: Vulnerability): Vulnerability {
  const text = (value: string) =>
    (/\s/.test(value) ? value.replace(/\s+/g, " ").trim() : value).slice(0, longest);
  return {
    id: text(given.id),
    package: text(given.package),
    version: text(given.version),
    ...severityOf(given),
    fix: given.fix,
    ...optional("fixed", given.fixed && text(given.fixed)),
    exploit: given.exploit,
    ...score("epss", given.epss),
    ...score("cvss", given.cvss),
    ...optional("published", given.published?.slice(0, 10)),
  };
}

/** Letter case is no difference: the spelling that came first stays. */
function entryKey(one: Vulnerability, name: string): string {
  return [
    name,
    one.severity,
    one.from ?? "",
    one.epss ?? "",
    one.cvss ?? "",
    one.fix,
    one.fixed?.toLowerCase() ?? "",
    one.exploit,
    one.published ?? "",
  ].join("|");
}
