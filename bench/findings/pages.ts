import { createHash } from "node:crypto";
import { cveOf } from "./cves.ts";

/** An estate of findings as a table of rows: images × packages, with some vulnerabilities in each package. */
export type Estate = { images: number; packages: number; cves: number; texts: number };

/**
 * 200 findings in each image. By default as many distinct CVEs as large estates have: 40,000 in a million findings, and
 * 8,000 in a tenth of them, as facts of real registries have them.
 */
export function estateOf(findings: number, distinctCves?: number): Estate {
  const texts = (distinctCves ?? Math.min(40_000, Math.max(8000, findings * 0.04))) / 4;
  return { images: findings / 200, packages: 50, cves: 4, texts };
}

const subscription = "7d5c1a52-3f0e-4b53-9a6e-0c1f2d3e4a5b";
/** The columns of `queries/findings-individual.kql`. */
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
  "fixed",
  "recommendation",
  "highest",
  "details",
];
const columns = JSON.stringify(names.map((name) => ({ name, type: "string" })));

const number = (text: string) => createHash("sha1").update(text).digest().readUInt32LE();

/** Each distinct text of details as pages carry it since August 2026: JSON in a JSON text, and ids only. */
export function detailTexts({ texts, cves }: Estate): Buffer[] {
  return Array.from({ length: texts }, (_, text) => {
    const list = Array.from({ length: cves }, (_, index) => ({
      CveId: cveOf(text * cves + index),
      FixStatus: index === 3 ? "NoFixAvailable" : "FixAvailable",
      FixedVersion: index === 3 ? "" : `2.${text % 40}.${index + 1}`,
    }));
    return Buffer.from(JSON.stringify(JSON.stringify(list)));
  });
}

/**
 * Which text a row has on a day: 1 % of the rows have another one than the day before, spread over all images, as a
 * scanner that learns of something new.
 */
function textOf({ packages, texts }: Estate, image: number, slot: number, day: number): number {
  // Half of the packages come from one of 50 base images, the others are the image's own.
  const half = packages / 2;
  const ofBase = Math.min(50, texts / packages);
  const ofOwn = texts / half - ofBase;
  const base =
    slot < half
      ? slot * ofBase + (number(`base ${image % 50} ${slot}`) % ofBase)
      : half * ofBase + (slot - half) * ofOwn + (number(`own ${image} ${slot}`) % ofOwn);
  let moved = 0;
  for (let one = 1; one <= day; one++) if ((image * packages + slot + one * 37) % 100 === 0) moved++;
  return (base + moved * 41) % texts;
}

/** The rows of each part, spread as a hash spreads them: some parts have more than a page takes. */
export function partsOf(rows: number, parts: number): number[][] {
  const all: number[][] = Array.from({ length: parts }, () => []);
  for (let row = 0; row < rows; row++) all[mixed(row) % parts]!.push(row);
  return all;
}

/** The last step of MurmurHash3. */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Makes pages of rows as bytes. `total`: of the part; `token`: where its next page is. */
export function pageMaker(estate: Estate) {
  const details = detailTexts(estate);
  return (rows: readonly number[], day: number, { total, token }: { total: number; token?: string }) => {
    const pieces = rows.flatMap((row, index) => {
      const [image, slot] = [Math.floor(row / estate.packages), row % estate.packages];
      const text = textOf(estate, image, slot, day);
      return [Buffer.from(`${index ? "," : ""}[${rowStart(image, slot, text)},`), details[text]!, close];
    });
    const next = token ? `"$skipToken":"${token}",` : "";
    const start = `{"totalRecords":${total},"count":${rows.length},${next}"resultTruncated":"false","facets":[],"data":{"columns":${columns},"rows":[`;
    return Buffer.concat([Buffer.from(start), ...pieces, Buffer.from("]}}")]);
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
    `2.${text % 40}.1`,
    "High",
    "Critical",
  ]
    .map((cell) => JSON.stringify(cell))
    .join(",");
}
