/** Severities of alerts, recommendations and findings, worst first. "unknown" is a class of its own, never "low". */
export const severities = ["critical", "high", "medium", "low", "informational", "unknown"] as const;
export type Severity = (typeof severities)[number];

/** Reads Azure's word for a severity in any letter case; a word never seen is "unknown". */
export function readSeverity(word: unknown): Severity {
  if (typeof word !== "string") return "unknown";
  return severities.find((severity) => severity === word.toLowerCase()) ?? "unknown";
}

/** Sorts the worst first: negative where `a` is worse than `b`. */
export function bySeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** True where `severity` is at least as bad as `least`. What is unknown might be bad: it always passes. */
export function atLeast(severity: Severity, least: Severity): boolean {
  return severity === "unknown" || bySeverity(severity, least) <= 0;
}

/** How many there are of each severity; severities without any are left out. */
export function countBySeverity(items: Iterable<{ severity: Severity }>): Partial<Record<Severity, number>> {
  const counts: Partial<Record<Severity, number>> = {};
  for (const { severity } of items) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
