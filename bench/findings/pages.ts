import { createHash } from "node:crypto";

/** An estate of findings as a table of rows: images × packages, with some vulnerabilities in each package. */
export type Estate = { images: number; packages: number; cves: number; texts: number };

/** 200 findings in each image; 8,000 pairs of vulnerability and package, as facts of real registries have them. */
export function estateOf(findings: number): Estate {
  return { images: findings / 200, packages: 50, cves: 4, texts: 2000 };
}

const subscription = "7d5c1a52-3f0e-4b53-9a6e-0c1f2d3e4a5b";
const names = [
  "id",
  "subscriptionId",
  "resourceType",
  "status",
  "cause",
  "asset",
  "about",
  "factors",
  "package",
  "versions",
  "fix",
  "details",
];
const head = `"data":{"columns":[${names.map((name) => `{"name":"${name}","type":"string"}`)}],"rows":[`;
const severities = ["Critical", "High", "High", "Medium", "Medium", "Medium", "Low", "Unknown"];
const words =
  "a flaw was found in the way this library parses input of a remote peer an attacker who controls the length field can write past the end of a buffer on the heap which leads to a crash or under conditions that are hard to meet to the execution of code versions before the fix are affected when built with the default options".split(
    " ",
  );

const number = (text: string) => createHash("sha1").update(text).digest().readUInt32LE();

function sentence(key: string, count: number): string {
  const start = number(key) % words.length;
  return Array.from({ length: count }, (_, index) => words[(start + index * 7) % words.length]).join(" ");
}

/** One vulnerability with all its fields, in the lengths that the live service has: about a kilobyte. */
function detail(text: number, index: number, day: number): object {
  const key = `${text} ${index}`;
  const id = `CVE-20${20 + (number(key) % 7)}-${10_000 + text * 4 + index}`;
  return {
    CveId: id,
    AdditionalIdentifiers: [],
    Description: sentence(key, 45),
    ExtendedDescription: sentence(`${key} more`, 20),
    Cvss: [
      {
        Key: "3.1",
        Value: {
          Base: 4 + (number(key) % 60) / 10,
          CvssVectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        },
      },
    ],
    CvssSource: "NVD",
    Severity: severities[number(`${key} severity`) % severities.length],
    PublishedDate: "2025-03-04T12:15:00Z",
    LastModifiedDate: `2025-09-${10 + day}T09:15:00Z`,
    Weaknesses: [{ Id: "CWE-787" }],
    FixStatus: index === 3 ? "NoFixAvailable" : "FixAvailable",
    FixedVersion: index === 3 ? "" : `2.${text % 40}.${index + 1}`,
    ExploitabilityDetails: { IsInExploitKit: false, IsPubliclyDisclosed: text % 50 === 0, IsVerified: false },
    References: [
      `https://nvd.nist.gov/vuln/detail/${id}`,
      `https://security-tracker.debian.org/tracker/${id}`,
      `https://access.redhat.com/security/cve/${id.toLowerCase()}`,
    ],
    Tags: [],
  };
}

/** Each distinct text of details, as it stands in a page: JSON in a JSON text. */
export function detailTexts({ texts, cves }: Estate): Buffer[] {
  return Array.from({ length: texts }, (_, text) => {
    const list = Array.from({ length: cves }, (_, index) => detail(text, index, 0));
    return Buffer.from(JSON.stringify(JSON.stringify(list)));
  });
}

/**
 * Which text a row has on a day: 1 % of the rows have another one than the day before, spread over all images, as a
 * scanner that learns of something new.
 */
function textOf({ packages, texts }: Estate, image: number, slot: number, day: number): number {
  // Half of the packages come from one of 50 base images, the others are the image's own.
  const from = slot < packages / 2 ? `base ${image % 50}` : `own ${image}`;
  const base = (slot * 40 + (number(`${from} ${slot}`) % 40)) % texts;
  let moved = 0;
  for (let one = 1; one <= day; one++) if ((image * packages + slot + one * 37) % 100 === 0) moved++;
  return (base + moved * 41) % texts;
}

/** A page of the part of the rows, as bytes; rows are told apart by their number. */
export function pageMaker(estate: Estate) {
  const details = detailTexts(estate);
  const rows = estate.images * estate.packages;
  return (part: number, parts: number, day: number): Buffer[] => {
    const pieces: Buffer[] = [];
    let count = 0;
    for (let row = part; row < rows; row += parts) {
      const [image, slot] = [Math.floor(row / estate.packages), row % estate.packages];
      const text = textOf(estate, image, slot, day);
      pieces.push(
        Buffer.from(`${count++ ? "," : ""}[${rowStart(image, slot, text)},`),
        details[text]!,
        close,
      );
    }
    const start = `{"totalRecords":${count},"count":${count},"resultTruncated":"false","facets":[],${head}`;
    return [Buffer.from(start), ...pieces, Buffer.from("]}}")];
  };
}

const close = Buffer.from("]");

function rowStart(image: number, slot: number, text: number): string {
  const acr = `registry${image % 20}`;
  const registry = `/subscriptions/${subscription}/resourceGroups/rg-containers/providers/Microsoft.ContainerRegistry/registries/${acr}`;
  const digest = `sha256:${createHash("sha256").update(String(image)).digest("hex")}`;
  const repository = `team-${image % 40}/app-${image % 1000}`;
  const about = JSON.stringify({
    Digest: digest,
    RepositoryDetails: {
      RepositoryName: repository,
      LastPushedToRegistryUTC: "2026-11-01T08:15:30.1234567Z",
    },
  });
  const name = number(`${image} ${slot}`).toString(16).padStart(8, "0");
  return [
    `${registry}/providers/Microsoft.Security/assessments/${name}-${slot}-4000-a000-${String(image).padStart(12, "0")}`,
    subscription,
    ".containerimage",
    "Unhealthy",
    "",
    `${registry}/repositories-${repository.replace("/", "-")}-images-${digest}`,
    about,
    "",
    `package-${text}`,
    JSON.stringify([`1.${text % 30}.${text % 7}`]),
    "FixAvailable",
  ]
    .map((cell) => JSON.stringify(cell))
    .join(",");
}
