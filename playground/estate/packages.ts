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

/** Published vulnerabilities of packages that old images carry [the CVE list, cve.org]. */
export const knownCves: readonly Cve[] = [
  { id: "CVE-2022-0778", severity: "High", base: 7.5, published: "2022-03-15T17:15:00Z", epss: 0.09 },
  { id: "CVE-2023-0286", severity: "High", base: 7.4, published: "2023-02-08T20:15:00Z" },
  {
    id: "CVE-2021-44228",
    severity: "Critical",
    base: 10,
    exploit: true,
    published: "2021-12-10T10:15:00Z",
    epss: 0.9446,
  },
  {
    id: "CVE-2021-45046",
    severity: "Critical",
    base: 9,
    exploit: true,
    published: "2021-12-14T19:15:00Z",
    epss: 0.943,
  },
  {
    id: "CVE-2022-37434",
    severity: "Critical",
    base: 9.8,
    exploit: true,
    published: "2022-08-05T07:15:00Z",
    epss: 0.92,
  },
  {
    id: "CVE-2023-38545",
    severity: "Critical",
    base: 9.8,
    exploit: true,
    published: "2023-10-18T04:15:00Z",
    epss: 0.28,
  },
  { id: "CVE-2023-38546", severity: "Low", base: 3.7, published: "2023-10-18T04:15:00Z" },
  { id: "CVE-2024-2961", severity: "High", base: 7.3, published: "2024-04-17T18:15:00Z", epss: 0.91 },
  { id: "CVE-2021-23337", severity: "High", base: 7.2, published: "2021-02-15T13:15:00Z" },
  {
    id: "CVE-2024-3094",
    severity: "Critical",
    base: 10,
    exploit: true,
    published: "2024-03-29T17:15:00Z",
    epss: 0.85,
  },
  {
    id: "CVE-2023-44487",
    severity: "High",
    base: 7.5,
    exploit: true,
    published: "2023-10-10T14:15:00Z",
    epss: 0.944,
  },
  { id: "CVE-2024-0567", severity: "Medium", base: 5.9, published: "2024-01-16T14:15:00Z" },
  { id: "CVE-2023-31486", severity: "Unknown", published: "2023-04-29T00:15:00Z" },
];

const known: readonly Package[] = [
  {
    name: "openssl",
    type: "OS",
    version: "1.1.1k",
    fixed: "1.1.1w",
    cves: ["CVE-2022-0778", "CVE-2023-0286"],
  },
  {
    name: "log4j-core",
    type: "Maven",
    version: "2.14.1",
    fixed: "2.17.1",
    cves: ["CVE-2021-44228", "CVE-2021-45046"],
  },
  { name: "zlib", type: "OS", version: "1.2.11", fixed: "1.2.13", cves: ["CVE-2022-37434"] },
  { name: "curl", type: "OS", version: "7.74.0", fixed: "8.4.0", cves: ["CVE-2023-38545", "CVE-2023-38546"] },
  { name: "glibc", type: "OS", version: "2.31", fixed: "", cves: ["CVE-2024-2961"] },
  { name: "lodash", type: "npm", version: "4.17.15", fixed: "4.17.21", cves: ["CVE-2021-23337"] },
  { name: "xz-utils", type: "OS", version: "5.6.1", fixed: "5.6.2", cves: ["CVE-2024-3094"] },
  { name: "nghttp2", type: "OS", version: "1.52.0", fixed: "1.57.0", cves: ["CVE-2023-44487"] },
  { name: "gnutls", type: "OS", version: "3.7.9", fixed: "", cves: ["CVE-2024-0567"] },
  { name: "perl", type: "OS", version: "5.36.0", fixed: "", cves: ["CVE-2023-31486"] },
];

/** A package of the catalogue, with what is different about it. Throws for a name that is not in it. */
export function knownPackage(name: string, differs: Partial<Package> = {}): Package {
  const match = known.find((one) => one.name === name);
  if (!match) throw new Error(`the catalogue has no package ${name}`);
  return { ...match, cves: [...match.cves], ...differs };
}

/** Names of the packages that the first images of a registry are drawn from. */
export const commonPackages = ["openssl", "log4j-core", "zlib", "curl", "glibc", "lodash"] as const;
