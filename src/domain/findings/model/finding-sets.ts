import { bySeverity } from "../../severity.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Vulnerability } from "./finding.ts";

/** Two lists of findings, compared by their identity. */
export type Compared = {
  /** Ids that only the later one has, by identity. */
  added: number[];
  /** Ids that only the earlier one has. */
  removed: number[];
  /** One identity, another entry: its severity, fix or exploit changed. */
  changed: { before: number; after: number }[];
};

/** @param before @param after ascending ids of one dictionary, each identity once */
export function compareFindings(before: Uint32Array, after: Uint32Array, dictionary: Dictionary): Compared {
  const compared: Compared = { added: [], removed: [], changed: [] };
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [a, b] = [before[i] ?? Infinity, after[j] ?? Infinity];
    if (a === b) {
      i++;
      j++;
    } else if (a < b) {
      compared.removed.push(a);
      i++;
    } else {
      compared.added.push(b);
      j++;
    }
  }
  if (compared.added.length === 0 || compared.removed.length === 0) return compared;
  const removed = new Map(compared.removed.map((id) => [dictionary.identity(id), id]));
  const added: number[] = [];
  for (const id of compared.added) {
    const identity = dictionary.identity(id);
    const old = removed.get(identity);
    if (old === undefined) added.push(id);
    else {
      compared.changed.push({ before: old, after: id });
      removed.delete(identity);
    }
  }
  return { added, removed: [...removed.values()], changed: compared.changed };
}

/**
 * True where the severity went up; one that becomes known counts too.
 * @param learning details of CVEs were not read before: what they say now is no change
 */
export function isRaised(before: number, after: number, dictionary: Dictionary, learning: boolean): boolean {
  const [a, b] = [dictionary.vulnerability(before), dictionary.vulnerability(after)];
  return (
    a !== undefined &&
    b !== undefined &&
    bySeverity(b.severity, a.severity) < 0 &&
    !(learning && isLearned(a, b))
  );
}

/** True where an exploit became known, or a fix available. */
export function isNews(before: number, after: number, dictionary: Dictionary, learning: boolean): boolean {
  const [a, b] = [dictionary.vulnerability(before), dictionary.vulnerability(after)];
  if (!a || !b) return false;
  const exploited = b.exploit && !a.exploit && !(learning && isLearned(a, b));
  return exploited || (b.fix === "available" && a.fix !== "available");
}

/** What is said of it now comes from details, and did not before. */
function isLearned(before: Vulnerability, after: Vulnerability): boolean {
  if (after.from !== "details" || before.from === "details" || before.from === "inline") return false;
  return before.from !== undefined || before.severity === "unknown";
}
