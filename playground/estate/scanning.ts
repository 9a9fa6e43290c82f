import type { Image, NodePool, ScannedPackage } from "./contents.ts";
import type { Estate } from "./estate.ts";
import type { Cve, Package } from "./packages.ts";

type Scanned = Image | NodePool;

function packageOf(scanned: Scanned, name: string): ScannedPackage {
  const one = scanned.packages.find((known) => known.name === name);
  if (!one) throw new Error(`no package ${name} there`);
  return one;
}

/** The scanner learns of a vulnerability: in a package that it reported before, or in one that it now reports. */
export function addVulnerability(estate: Estate, scanned: Scanned, wish: Package, cve: Cve, at: Date): void {
  estate.contents.cves.set(cve.id, cve);
  const known = scanned.packages.find(({ name, version }) => name === wish.name && version === wish.version);
  if (known) known.cves.push(cve.id);
  else scanned.packages.push({ ...wish, cves: [cve.id], since: at.toISOString() });
  estate.revision++;
}

/** The scanner takes a vulnerability back: the package is the same, the finding is withdrawn. */
export function withdraw(estate: Estate, scanned: Scanned, cve: string): void {
  for (const one of scanned.packages) one.cves = one.cves.filter((id) => id !== cve);
  scanned.packages = scanned.packages.filter(({ cves }) => cves.length > 0);
  estate.revision++;
}

/** Changes what is known of a vulnerability, wherever it is: its severity, or that an exploit is published. */
export function changeCve(estate: Estate, id: string, change: Partial<Omit<Cve, "id">>): void {
  const known = estate.contents.cves.get(id);
  if (!known) throw new Error(`unknown CVE ${id}`);
  estate.contents.cves.set(id, { ...known, modified: new Date().toISOString(), ...change });
  estate.revision++;
}

/** A version that fixes a package comes out: every finding of it shows that. */
export function publishFix(estate: Estate, name: string, version: string, fixed: string): void {
  for (const { packages } of [...estate.contents.images, ...estate.contents.pools])
    for (const one of packages) if (one.name === name && one.version === version) one.fixed = fixed;
  estate.revision++;
}

/** An exemption or a disable rule closes the findings of a package; without `why` they are open again. */
export function close(estate: Estate, scanned: Scanned, name: string, why?: ScannedPackage["closed"]): void {
  packageOf(scanned, name).closed = why;
  estate.revision++;
}
