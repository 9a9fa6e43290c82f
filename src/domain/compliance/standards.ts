/** What `--standard` takes for the two that matter most to clusters, whatever version Azure has of them. */
export const standardAliases = { "cis-aks": isCisAks, mcsb: isCloudBenchmark } as const;

/** `Microsoft-cloud-security-benchmark` → `Microsoft cloud security benchmark`, as Defender's own queries do. */
export function standardName(resource: string): string {
  return resource.replaceAll("-", " ").trim() || resource;
}

/** True for the CIS benchmark of AKS in any version, not for those of other clouds' Kubernetes. */
export function isCisAks(name: string): boolean {
  return /\bCIS\b/i.test(name) && /\bAKS\b|Azure[- ]Kubernetes/i.test(name);
}

/** True for the Microsoft Cloud Security Benchmark in any version. */
export function isCloudBenchmark(name: string): boolean {
  return /\bMCSB\b|Microsoft[- ]cloud[- ]security[- ]benchmark/i.test(name);
}

/** `CIS AKS` · `MCSB`: where there is little room; others as they are. */
export function shortStandardName(name: string): string {
  return isCisAks(name) ? "CIS AKS" : isCloudBenchmark(name) ? "MCSB" : name;
}

/** CIS AKS first, then the Microsoft Cloud Security Benchmark, then by name. */
export function byImportance(a: { name: string }, b: { name: string }): number {
  return rank(a.name) - rank(b.name) || a.name.localeCompare(b.name, "en");
}

function rank(name: string): number {
  return isCisAks(name) ? 0 : isCloudBenchmark(name) ? 1 : 2;
}

/** The same for all versions of a standard: `CIS … v1.5.0` and `CIS … v1.6.0` are one family. */
export function familyOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter((word) => !/^v?\d[\d.]*$/.test(word) && !/^\[?preview\]?:?$/.test(word))
    .join(" ");
}
