import {
  artifactName,
  clusterNamer,
  isRunning,
  registriesOf,
} from "../../domain/findings/model/artifact-name.ts";
import { isReadWhole } from "../../domain/findings/model/completeness.ts";
import type { Artifact, Vulnerability } from "../../domain/findings/model/finding.ts";
import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import { isUrgent, worseVulnerability } from "../../domain/findings/search/find-artifacts.ts";
import type { Affected } from "../../domain/findings/search/find-vulnerability.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { artifactLabel, scanLines, someOf } from "../../message/findings/artifact.ts";
import { exploitText, versionText, vulnerabilityCell } from "../../message/findings/finding.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { severityCell } from "../../message/words.ts";
import { filtered } from "./filters-text.ts";
import { findingsFile } from "./findings-file.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    absent_one: "{{id}} not found in the {{number}} image or node pool that was scanned",
    absent_other: "{{id}} not found in the {{number}} images and node pools that were scanned",
    filtered: "{{id}} not found with these filters; without them: {{number}}",
    unsure: "{{id}} not found in what could be read",
    some_one: "{{id}} affects {{number}} image or node pool{{running}}",
    some_other: "{{id}} affects {{number}} images and node pools{{running}}",
    running: ", {{running}} running in {{clusters}}",
    somewhere: ", {{running}} running",
    idle: ", none of them running",
    cluster_one: "{{count}} cluster",
    cluster_other: "{{count}} clusters",
    severity: "Severity",
    packages: "Package",
    exploit: "Exploit",
    published: "Published",
    seen: "First seen here",
    registries: "Registries",
    clusters: "Clusters",
    open: "Show findings of …",
    caption: "Affected images (running first)",
    image: "Image or node pool",
    lies: "Registry",
    cluster: "Cluster",
    namespace: "Namespace",
    workload: "Workload",
    container: "Container",
    versions: "Installed → fixed",
  },
  ja: {
    absent_other: "スキャン済みのイメージとノード プール {{number}} 個に {{id}} は見つかりません",
    filtered: "この条件に合う {{id}} は見つかりません (条件なしでは {{number}} 個)",
    unsure: "読み取れた範囲に {{id}} は見つかりません",
    some_other: "{{id}} の影響を受けるイメージとノード プール: {{number}} 個{{running}}",
    running: "、うち {{running}} 個が {{clusters}}で実行中",
    somewhere: "、うち {{running}} 個が実行中",
    idle: "、実行中のものはありません",
    cluster_other: "{{count}} 個のクラスター",
    severity: "重大度",
    packages: "パッケージ",
    exploit: "エクスプロイト",
    published: "公開日",
    seen: "この環境での初検出",
    registries: "レジストリ",
    clusters: "クラスター",
    open: "検出結果を表示…",
    caption: "影響を受けるもの (実行中のものから)",
    image: "イメージまたはノード プール",
    lies: "レジストリ",
    cluster: "クラスター",
    namespace: "名前空間",
    workload: "ワークロード",
    container: "コンテナー",
    versions: "インストール済み → 修正版",
  },
});

type Shown = { head: SnapshotHead; filters: Filters; csv: boolean; language: Language; all: number };

/** "Who is affected by CVE-…?": images, registries, what runs them where, and the fix. */
export function affectedMessage(id: string, affected: readonly Affected[], shown: Shown): Message {
  const { head, filters, language } = shown;
  const end = scanLines(head, language);
  if (affected.length === 0) {
    const unsure = !isReadWhole(head) || head.artifacts === 0;
    const key = shown.all > 0 ? "filtered" : unsure ? "unsure" : "absent";
    const count = shown.all || head.artifacts;
    const headline = say(language)(key, { id, count, number: formatNumber(count, language) });
    // No green check: a mistyped id is in no image either.
    return {
      headline: filtered(headline, filters, language),
      tone: unsure ? "warning" : "neutral",
      parts: end,
    };
  }
  const worst = affected.flatMap(({ matches }) => matches).sort(worseVulnerability)[0]!;
  const running = affected.filter(({ artifact }) => isRunning(artifact));
  return {
    headline: filtered(headline(id, affected, running, language), filters, language),
    tone: running.length > 0 ? "bad" : "warning",
    parts: [
      { facts: factsOf(worst, affected, language) },
      table(affected, language),
      {
        actions: [
          {
            label: say(language)("open"),
            menu: "select",
            options: affected.map(({ artifact }) => wayDown(artifact)),
          },
        ],
      },
      ...(shown.csv ? findingsFile(affected.map(fileRowOf), head, language) : []),
      ...end,
    ],
  };
}

function headline(
  id: string,
  affected: readonly Affected[],
  running: readonly Affected[],
  language: Language,
): string {
  const words = say(language);
  const artifacts = running.map(({ artifact }) => artifact);
  const clusters = new Set(artifacts.flatMap(clusterNamer(artifacts))).size;
  const key = running.length === 0 ? "idle" : clusters > 0 ? "running" : "somewhere";
  const where = words(key, { running: running.length, clusters: words("cluster", { count: clusters }) });
  const count = affected.length;
  return words("some", { id, count, number: formatNumber(count, language), running: where });
}

function factsOf(
  worst: Vulnerability,
  affected: readonly Affected[],
  language: Language,
): [string, Sentence][] {
  const words = say(language);
  const cell = vulnerabilityCell(worst.id);
  const said = severityCell(worst.severity, language);
  const packages = new Set(
    affected.flatMap(({ matches }) => matches.map((one) => packageText(one, language))),
  );
  const days = affected.flatMap(({ matches }) => matches.map((one) => one.seen));
  // Where one was there before the first scan, the date is unknown.
  const seen = days.every((day) => day !== undefined) ? days.sort()[0] : undefined;
  const registries = new Set(affected.flatMap(({ artifact }) => registriesOf(artifact)));
  const artifacts = affected.map(({ artifact }) => artifact);
  const clusters = new Set(artifacts.flatMap(clusterNamer(artifacts)));
  return [
    [
      words("severity"),
      typeof cell === "object" && "url" in cell ? [`${said} · `, { link: cell.link, url: cell.url }] : said,
    ],
    [words("packages"), someOf([...packages], 5, language)],
    [words("exploit"), exploitText(worst, language)],
    ...(worst.published ? [[words("published"), worst.published.slice(0, 10)] as [string, Sentence]] : []),
    ...(seen ? [[words("seen"), seen] as [string, Sentence]] : []),
    [words("registries"), someOf([...registries], 5, language)],
    [words("clusters"), someOf([...clusters], 5, language)],
  ];
}

const packageText = (one: Vulnerability, language: Language) =>
  `${one.package} ${versionText(one, language)}`;

/** One row for each workload that runs it, and one for what runs nowhere. */
function table(affected: readonly Affected[], language: Language): Part {
  const words = say(language);
  const labels = [
    "image",
    "lies",
    "cluster",
    "namespace",
    "workload",
    "container",
    "packages",
    "versions",
  ] as const;
  const named = clusterNamer(affected.map(({ artifact }) => artifact));
  const clusterOf = (where: Pick<Artifact, "uses" | "at">) => named(where)[0] ?? "–";
  const rows = affected.flatMap(({ artifact, matches }): Cell[][] => {
    const uses =
      artifact.uses.length > 0
        ? artifact.uses.map((use) => [clusterOf({ uses: [use] }), use.namespace, use.workload, use.container])
        : [[clusterOf(artifact), "–", "–", "–"]];
    return uses.map((use) => [
      artifactName(artifact),
      registriesOf(artifact).join(", ") || "–",
      ...use.map((word) => word || "–"),
      [...new Set(matches.map((one) => one.package))].join(", "),
      [...new Set(matches.map((one) => versionText(one, language)))].join(", "),
    ]);
  });
  return {
    table: {
      caption: words("caption"),
      columns: labels.map((label) => ({ label: words(label) })),
      rows,
      pageSize: 10,
    },
  };
}

function wayDown(artifact: Artifact): { label: string; line: string } {
  return {
    label: artifactLabel(artifact),
    line: commandLine(["vulnerabilities", artifact.key]),
  };
}

const fileRowOf = ({ artifact, matches }: Affected) => ({
  artifact,
  counts: {},
  total: matches.length,
  fixable: matches.filter(({ fix }) => fix === "available").length,
  exploits: matches.filter(({ exploit }) => exploit).length,
  urgent: matches.filter(isUrgent).length,
  findings: () => matches,
});
