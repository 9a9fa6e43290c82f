/** Entries of `microsoft.security/cvedetails`, as the product's queries name their columns. */
const columns = JSON.stringify(
  [
    "id",
    "cve",
    "severity",
    "status",
    "published",
    "modified",
    "cvss",
    "kit",
    "disclosed",
    "verified",
    "epss",
  ].map((name) => ({ name, type: "string" })),
);
const severities = ["Critical", "High", "High", "Medium", "Medium", "Medium", "Low", ""];

export function cveOf(index: number): string {
  return `CVE-20${20 + (index % 7)}-${10_000 + index}`;
}

/** The number of a CVE that `cveOf` names. */
function indexOf(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1)) - 10_000;
}

/** The details of the CVEs of an estate on a day: on each day 1 % of them changed. */
export function cveDetails(count: number, day: number, timeOf: (day: number) => string) {
  const rows: { modified: string; text: string }[] = Array.from({ length: count }, (_, index) => {
    let changed = day;
    while (changed > 0 && (index + changed * 37) % 100 !== 0) changed--;
    const modified = changed > 0 ? timeOf(changed) : "2025-06-17T08:17:26.793Z";
    return { modified, text: rowOf(index, modified) };
  });
  const page = (some: readonly { text: string }[]) => ({
    rows: some.length,
    bytes: Buffer.from(
      `{"totalRecords":${some.length},"count":${some.length},"resultTruncated":"false","facets":[],"data":{"columns":${columns},"rows":[${some.map(({ text }) => text).join(",")}]}}`,
    ),
  });
  return {
    named: (ids: readonly string[]) => page(ids.flatMap((id) => rows[indexOf(id)] ?? [])),
    after: (time: string) => page(rows.filter(({ modified }) => modified > time)),
  };
}

function rowOf(index: number, modified: string): string {
  const id = cveOf(index);
  return JSON.stringify([
    `/providers/microsoft.security/cvedetails/${id.toLowerCase()}`,
    id,
    severities[(index * 5) % severities.length],
    "",
    "2025-03-04T12:15:00.000Z",
    modified,
    String(4 + (index % 60) / 10),
    "False",
    index % 200 === 0 ? "True" : "False",
    "False",
    String((index % 97) / 1000),
  ]);
}
