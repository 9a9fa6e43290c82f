import { rowsOf } from "./table.ts";

/** A vulnerability as scanners tell it; the same for every package that has it. */
export type Cve = {
  id: string;
  severity: "Critical" | "High" | "Medium" | "Low" | "Unknown";
  /** CVSS base score; none where the scanner has no vector. */
  base?: number;
  exploit?: boolean;
  /** ISO. */
  published?: string;
  /** ISO; when its entry changed last. */
  modified?: string;
  /** Probability of exploitation, from 0 to 1. */
  epss?: number;
  /** Withdrawn: scanners may name it for a while. */
  rejected?: boolean;
};
/** A software package as it is installed; `fixed` is "" where no version fixes it. */
export type Package = { name: string; type: string; version: string; fixed: string; cves: string[] };

/** Id, severity, base score, probability of exploitation, publication, `exploit` where one is known [the CVE list, cve.org]. */
const cves = `
CVE-2022-0778 | High | 7.5 | 0.09 | 2022-03-15T17:15:00Z
CVE-2023-0286 | High | 7.4 |  | 2023-02-08T20:15:00Z
CVE-2021-44228 | Critical | 10 | 0.9446 | 2021-12-10T10:15:00Z | exploit
CVE-2021-45046 | Critical | 9 | 0.943 | 2021-12-14T19:15:00Z | exploit
CVE-2022-37434 | Critical | 9.8 | 0.92 | 2022-08-05T07:15:00Z | exploit
CVE-2023-38545 | Critical | 9.8 | 0.28 | 2023-10-18T04:15:00Z | exploit
CVE-2023-38546 | Low | 3.7 |  | 2023-10-18T04:15:00Z
CVE-2024-2961 | High | 7.3 | 0.91 | 2024-04-17T18:15:00Z
CVE-2021-23337 | High | 7.2 |  | 2021-02-15T13:15:00Z
CVE-2024-3094 | Critical | 10 | 0.85 | 2024-03-29T17:15:00Z | exploit
CVE-2023-44487 | High | 7.5 | 0.944 | 2023-10-10T14:15:00Z | exploit
CVE-2024-0567 | Medium | 5.9 |  | 2024-01-16T14:15:00Z
CVE-2023-31486 | Unknown |  |  | 2023-04-29T00:15:00Z
`;

/** Published vulnerabilities of packages that old images carry. */
export const knownCves: readonly Cve[] = rowsOf(cves).map(
  ([id = "", severity, base, epss, published, exploit]) => ({
    id,
    severity: severity as Cve["severity"],
    ...(base && { base: Number(base) }),
    ...(exploit && { exploit: true }),
    ...(published && { published }),
    ...(epss && { epss: Number(epss) }),
  }),
);

/** Name, type, version, the version that fixes it, and its vulnerabilities. */
const packages = `
openssl | OS | 1.1.1k | 1.1.1w | CVE-2022-0778 CVE-2023-0286
log4j-core | Maven | 2.14.1 | 2.17.1 | CVE-2021-44228 CVE-2021-45046
zlib | OS | 1.2.11 | 1.2.13 | CVE-2022-37434
curl | OS | 7.74.0 | 8.4.0 | CVE-2023-38545 CVE-2023-38546
glibc | OS | 2.31 |  | CVE-2024-2961
lodash | npm | 4.17.15 | 4.17.21 | CVE-2021-23337
xz-utils | OS | 5.6.1 | 5.6.2 | CVE-2024-3094
nghttp2 | OS | 1.52.0 | 1.57.0 | CVE-2023-44487
gnutls | OS | 3.7.9 |  | CVE-2024-0567
perl | OS | 5.36.0 |  | CVE-2023-31486
`;

const known: readonly Package[] = rowsOf(packages).map(
  ([name = "", type = "", version = "", fixed = "", ids = ""]) => ({
    ...{ name, type, version, fixed },
    cves: ids.split(" "),
  }),
);

/** A package of the catalogue, with what is different about it. Throws for a name that is not in it. */
export function knownPackage(name: string, differs: Partial<Package> = {}): Package {
  const match = known.find((one) => one.name === name);
  if (!match) throw new Error(`the catalogue has no package ${name}`);
  return { ...match, cves: [...match.cves], ...differs };
}

/** Names of the packages that the first images of a registry are drawn from. */
export const commonPackages = ["openssl", "log4j-core", "zlib", "curl", "glibc", "lodash"] as const;
