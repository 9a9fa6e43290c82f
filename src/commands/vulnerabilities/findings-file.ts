import { artifactName, clustersOf, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { useText } from "../../message/findings/artifact.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: {
    title_one: "Findings ({{number}} row)",
    title_other: "Findings ({{number}} rows)",
    left: "The file has the worst {{kept}} findings; {{left}} are left out.",
  },
  ja: {
    title_other: "検出結果 ({{number}} 行)",
    left: "ファイルには重要な順に {{kept}} 件を含め、{{left}} 件は省略しました。",
  },
});

/** No more rows than these in a file: about 10 MB. */
const mostRows = 50_000;
const columns = [
  "severity",
  "vulnerability",
  "package",
  "installed",
  "fixed",
  "fix",
  "exploit",
  "published",
  "first-seen",
  "image",
  "kind",
  "artifact",
  "registries",
  "clusters",
  "workloads",
  "exempted",
  "disabled",
  "scanned",
  "stale",
];

/** Every finding of these artifacts as a file named after the scan; says what it had no room for. */
export function findingsFile(
  artifacts: readonly MatchedArtifact[],
  head: SnapshotHead,
  language: Language,
): Part[] {
  const rows: (string | number)[][] = [];
  for (const one of artifacts) {
    if (rows.length >= mostRows) break;
    rows.push(...rowsOf(one).slice(0, mostRows - rows.length));
  }
  const all = artifacts.reduce((sum, { total }) => sum + total, 0);
  const words = say(language);
  const number = formatNumber(rows.length, language);
  const name = `vulnerabilities-${head.asOf.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  const file = {
    file: { name, title: words("title", { count: rows.length, number }), csv: [columns, ...rows] },
  };
  const left = formatNumber(all - rows.length, language);
  return all > rows.length ? [file, { note: words("left", { kept: number, left }) }] : [file];
}

function rowsOf({ artifact, findings }: MatchedArtifact): (string | number)[][] {
  const places = [
    artifactName(artifact),
    artifact.kind,
    artifact.key,
    registriesOf(artifact).join(" "),
    clustersOf(artifact).join(" "),
    artifact.uses.map(useText).join("; "),
    artifact.exempted,
    artifact.disabled,
    artifact.scanned ?? "",
    artifact.stale ?? "",
  ];
  return findings().map((one) => [
    one.severity,
    one.id,
    one.package,
    one.version,
    one.fixed ?? "",
    one.fix,
    one.exploit ? "yes" : "no",
    one.published ?? "",
    one.seen ?? "",
    ...places,
  ]);
}
