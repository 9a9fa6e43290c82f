import type { Estate, Resource } from "./estate.ts";
import { azureTime, draw, guid } from "./identifiers.ts";

type Package = {
  name: string;
  type: string;
  version: string;
  fixed: string;
  cves: [id: string, severity: string, base: number][];
};

/** Published vulnerabilities of packages that old images carry [the CVE list, cve.org]. */
const packages: Package[] = [
  {
    name: "openssl",
    type: "OS",
    version: "1.1.1k",
    fixed: "1.1.1w",
    cves: [
      ["CVE-2022-0778", "High", 7.5],
      ["CVE-2023-0286", "High", 7.4],
    ],
  },
  {
    name: "log4j-core",
    type: "Maven",
    version: "2.14.1",
    fixed: "2.17.1",
    cves: [
      ["CVE-2021-44228", "Critical", 10],
      ["CVE-2021-45046", "Critical", 9],
    ],
  },
  {
    name: "zlib",
    type: "OS",
    version: "1.2.11",
    fixed: "1.2.13",
    cves: [["CVE-2022-37434", "Critical", 9.8]],
  },
  {
    name: "curl",
    type: "OS",
    version: "7.74.0",
    fixed: "8.4.0",
    cves: [
      ["CVE-2023-38545", "Critical", 9.8],
      ["CVE-2023-38546", "Low", 3.7],
    ],
  },
  { name: "glibc", type: "OS", version: "2.31", fixed: "", cves: [["CVE-2024-2961", "High", 7.3]] },
  {
    name: "lodash",
    type: "npm",
    version: "4.17.15",
    fixed: "4.17.21",
    cves: [["CVE-2021-23337", "High", 7.2]],
  },
];
const repositories = ["web", "checkout", "team/api-gateway", "batch"];

function cve([id, severity, base]: [string, string, number], fixed: string) {
  return {
    CveId: id,
    AdditionalIdentifiers: [],
    Description: `${id}: see its entry in the CVE list.`,
    Cvss: [{ Key: "3.1", Value: { Base: base, CvssVectorString: "" } }],
    Severity: severity,
    FixStatus: fixed ? "FixAvailable" : "NoFixAvailable",
    FixedVersion: fixed,
    ExploitabilityDetails: { IsInExploitKit: false, IsPubliclyDisclosed: base >= 9, IsVerified: base >= 9.5 },
    References: [],
    Tags: [],
  };
}

/** One row for each software package of each image: how findings are told since May 2026 [Defender docs]. */
export function softwareUpdates(estate: Estate, now: Date): Resource[] {
  return estate.registries.flatMap((registry) =>
    repositories.flatMap((repository) =>
      packages
        .filter((one) => draw(`${registry.name} ${repository} ${one.name}`, 10) < 5)
        .map((one) => update(registry, repository, one, now)),
    ),
  );
}

function update(registry: Resource, repository: string, software: Package, now: Date): Resource {
  const digest = `sha256:${guid(`${registry.name}/${repository}`).replaceAll("-", "").repeat(2)}`;
  const image = `${registry.id}/repositories/${repository.replaceAll("/", "-")}/images/${digest}`;
  const name = guid(`update ${software.name}`);
  const worst = software.cves.reduce((a, b) => (b[2] > a[2] ? b : a));
  const seen = azureTime(new Date(now.getTime() - (1 + draw(image + software.name, 40)) * 86_400_000));
  return {
    id: `${registry.id}/providers/Microsoft.Security/assessments/${guid(`${image} ${software.name}`)}`,
    name: guid(`${image} ${software.name}`),
    type: "Microsoft.Security/assessments",
    properties: {
      resourceDetails: {
        source: "Azure",
        id: image,
        resourceType: ".containerimage",
        nativeResourceId: image,
      },
      displayName: `Update ${software.name}`,
      status: { code: "Unhealthy", statusChangeDate: seen, firstEvaluationDate: seen },
      additionalData: {
        SoftwareName: software.name,
        PackageType: software.type,
        FixStatus: software.fixed ? "FixAvailable" : "NoFixAvailable",
        MaxCvssScore: String(worst[2]),
        CvesDetails: JSON.stringify(software.cves.map((one) => cve(one, software.fixed))),
        ScannersDetails: {
          mdvm: {
            category: "SoftwareUpdate",
            PackageType: software.type,
            DetectedSoftwareVersions: [software.version],
          },
        },
      },
      resourceAdditionalData: JSON.stringify({
        Digest: digest,
        RepositoryDetails: { RepositoryName: repository, LastPushedToRegistryUTC: seen },
      }),
      metadata: {
        displayName: `Update ${software.name}`,
        assessmentType: "BuiltIn",
        recommendationCategory: "SoftwareUpdate",
        severity: worst[1] === "Critical" ? "High" : worst[1],
        categories: ["Container"],
        assessmentKey: name,
      },
    },
  };
}
