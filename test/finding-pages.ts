import type { Artifact, FindingPage, Vulnerability } from "../src/domain/findings/model/finding.ts";

/** What a reading returned, put together as a snapshot would: artifacts by key, with their vulnerabilities by key. */
export function gathered() {
  const pages: FindingPage[] = [];
  const artifacts = new Map<number, Omit<Artifact, "findings" | "models" | "exempted" | "disabled">>();
  const groups = new Map<number, Vulnerability[]>();
  const take = (page: FindingPage) => {
    pages.push(page);
    for (const { ref, artifact } of page.artifacts) {
      const known = artifacts.get(ref);
      const places = [...(known?.places ?? []), ...artifact.places];
      artifacts.set(ref, { ...known, ...artifact, places, uses: [...(known?.uses ?? []), ...artifact.uses] });
    }
    for (const { ref, vulnerabilities } of page.groups) groups.set(ref, vulnerabilities);
  };
  const findings = () => {
    const result = new Set<string>();
    for (const { pairs } of pages)
      for (let at = 0; at < pairs.length; at += 2)
        for (const { id, package: name, version } of groups.get(pairs[at + 1]!) ?? [])
          result.add(`${artifacts.get(pairs[at]!)!.key} ${id} ${name} ${version}`);
    return [...result].sort();
  };
  const byKey = () => new Map([...artifacts.values()].map((artifact) => [artifact.key, artifact]));
  const vulnerabilities = () => [...groups.values()].flat();
  return { take, pages, findings, byKey, vulnerabilities };
}
