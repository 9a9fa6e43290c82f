import { severitySources } from "../domain/findings/model/finding.ts";
import type { FieldDeclaration, ReaderDeclaration } from "../domain/reading/reader.ts";
import {
  alertFields,
  assessmentFields,
  clusterFields,
  complianceFields,
  type Declared,
  planFields,
  provisioningFields,
  registryFields,
  wholeAlertFields,
} from "./declared-fields.ts";
import { aboutPaths } from "./findings/read-artifact.ts";
import { type QueryName, queryText } from "./graph/queries.ts";
import { querySources } from "./graph/query-sources.ts";

type Absent = FieldDeclaration["absent"];
const noFinding: Absent = { en: "The row counts as unreadable.", ja: "読み取れない行として数えます。" };
const unknown: Absent = { en: "Unknown.", ja: "不明とします。" };
const shownWithout: Absent = { en: "Shown without it.", ja: "なしで表示します。" };
const fromId: Absent = {
  en: "Taken from the asset's id where it names it.",
  ja: "資産の ID に含まれていれば、そこから取得します。",
};
const notExploited: Absent = { en: "No exploit is known.", ja: "既知のエクスプロイトなしとします。" };

/** What follows where a column of the queries has nothing. */
const findingColumns: Record<string, Absent> = {
  cause: {
    en: "A row that isn't open isn't counted as exempted or disabled.",
    ja: "除外・無効化としては数えません。",
  },
  asset: noFinding,
  about: {
    en: "Digest and repository are taken from the asset's id.",
    ja: "ダイジェストとリポジトリは資産の ID から取得します。",
  },
  factors: { en: "Not known to be exposed.", ja: "インターネット公開は不明とします。" },
  package: shownWithout,
  versions: {
    en: "The installed version is shown as “?”.",
    ja: "インストール済みバージョンを「?」と表示します。",
  },
  fix: unknown,
  fixed: shownWithout,
  recommendation: { en: "The next source of the severity.", ja: "重大度の次の取得元を使います。" },
  highest: { en: "The next source of the severity.", ja: "重大度の次の取得元を使います。" },
  details: { en: "The image is marked as read in part.", ja: "イメージを一部読み取りとして扱います。" },
};
const detailColumns: Record<string, Absent> = {
  cve: noFinding,
  severity: { en: "The row that names the CVE says it.", ja: "CVE を挙げた行の重大度を使います。" },
  status: { en: "Not rejected.", ja: "Reject ではないとします。" },
  published: shownWithout,
  cvss: shownWithout,
  kit: notExploited,
  disclosed: notExploited,
  verified: notExploited,
  epss: { en: "Ranked as 0%.", ja: "0% として並べます。" },
};
const severityWhere: Record<(typeof severitySources)[number], string> = {
  details: "cvedetails: severity",
  inline: "CvesDetails[].Severity",
  recommendation: "properties.metadata.severity",
  highest: "properties.additionalData.HighestSeverity",
  none: "",
};

/** Every reader that declares its fields; one more is one more entry. */
export async function readerDeclarations(): Promise<ReaderDeclaration[]> {
  return [
    {
      reader: "findings",
      fields: [
        {
          field: "severity",
          sources: severitySources.map((source) => severityWhere[source]).filter(Boolean),
          absent: { en: "Unknown, with the reason.", ja: "理由を添えて不明とします。" },
        },
        ...(await columns("findings-individual", findingColumns)),
        ...Object.entries(aboutPaths).map(([field, paths]) => ({
          field: `about · ${field}`,
          sources: paths.map((path) => `resourceAdditionalData: ${path}`),
          absent: field === "pushed" ? shownWithout : fromId,
        })),
      ],
    },
    { reader: "cve-details", fields: await columns("cve-details", detailColumns) },
    { reader: "alerts", fields: await declared(alertFields, "alerts") },
    { reader: "alerts-api", fields: await declared(wholeAlertFields) },
    { reader: "assessments", fields: await declared(assessmentFields, "assessments") },
    { reader: "compliance", fields: await declared(complianceFields, "compliance-standards") },
    { reader: "clusters", fields: await declared(clusterFields, "clusters") },
    { reader: "registries", fields: await declared(registryFields, "registries") },
    { reader: "provisioning", fields: await declared(provisioningFields) },
    { reader: "plans", fields: await declared(planFields) },
  ];
}

/** Fields that say themselves where they come from, or leave it to the query. */
async function declared(fields: Declared, query?: QueryName): Promise<FieldDeclaration[]> {
  const own = Object.entries(fields).filter(([, { sources }]) => sources === undefined);
  const absent = Object.fromEntries(own.map(([field, one]) => [field, one.absent]));
  const read = query ? await columns(query, absent) : [];
  return Object.entries(fields).map(
    ([field, { absent, sources }]) =>
      read.find((one) => one.field === field) ?? { field, sources: sources ?? [], absent },
  );
}

/** Columns of a query with where it reads them. Throws where one is not declared: it would be missing in the documents. */
async function columns(name: QueryName, absent: Record<string, Absent>): Promise<FieldDeclaration[]> {
  const sources = querySources(await queryText(name));
  return Object.entries(absent).map(([field, follows]) => {
    const source = sources.get(field);
    if (!source) throw new Error(`${name} reads no column ${field}`);
    return { field, sources: source, absent: follows };
  });
}
