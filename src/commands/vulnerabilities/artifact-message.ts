import { artifactName } from "../../domain/findings/model/artifact-name.ts";
import { isReadWhole } from "../../domain/findings/model/completeness.ts";
import type { Artifact } from "../../domain/findings/model/finding.ts";
import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { scanLines, someOf, useText } from "../../message/findings/artifact.ts";
import { exploitText, versionText, vulnerabilityCell } from "../../message/findings/finding.ts";
import { commandLine } from "../../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../../message/message.ts";
import { severityCell, severityCounts } from "../../message/words.ts";
import { filtered } from "./filters-text.ts";
import { findingsFile } from "./findings-file.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    some_one: "{{name}}: {{number}} open finding ({{severities}})",
    some_other: "{{name}}: {{number}} open findings ({{severities}})",
    none: "{{name}}: no open finding",
    unsure: "{{name}}: no open finding in what could be read",
    digest: "Digest",
    places: "Lies in",
    pushed: "Pushed",
    uses: "Runs as",
    nowhere: "nowhere, as far as Defender knows",
    cluster: "Cluster",
    scanned: "Scanned",
    closed: "Not counted",
    "closed-value": "{{exempted}} exempted, {{disabled}} disabled",
    fixable: "Fixable",
    exposed: "Exposed",
    "exposed-value": "Defender says that it can be reached from the internet",
    stale: "Couldn't be read",
    caption: "Findings, worst first",
    severity: "Severity",
    vulnerability: "Vulnerability",
    package: "Package",
    versions: "Installed → fixed",
    exploit: "Exploit",
    published: "Published",
    who: "Who has {{id}}?",
  },
  ja: {
    some_other: "{{name}}: 未対応の検出結果 {{number}} 件 ({{severities}})",
    none: "{{name}}: 未対応の検出結果はありません",
    unsure: "{{name}}: 読み取れた範囲に未対応の検出結果はありません",
    digest: "ダイジェスト",
    places: "レジストリ",
    pushed: "プッシュ",
    uses: "実行先",
    nowhere: "Defender が把握する範囲ではなし",
    cluster: "クラスター",
    scanned: "スキャン",
    closed: "対象外",
    "closed-value": "除外 {{exempted}} 件、無効化 {{disabled}} 件",
    fixable: "修正可能",
    exposed: "公開",
    "exposed-value": "Defender によると、インターネットから到達可能です",
    stale: "最後に読み取れた時点",
    caption: "検出結果 (重要な順)",
    severity: "重大度",
    vulnerability: "脆弱性",
    package: "パッケージ",
    versions: "インストール済み → 修正版",
    exploit: "エクスプロイト",
    published: "公開日",
    who: "{{id}} の影響範囲",
  },
});

type Shown = { head: SnapshotHead; filters: Filters; csv: boolean; language: Language };

/** One image or node pool: where it lies, who runs it, each finding and what fixes it. */
export function artifactMessage(one: MatchedArtifact, { head, filters, csv, language }: Shown): Message {
  const words = say(language);
  const { artifact, counts, total } = one;
  const values = {
    name: artifactName(artifact),
    count: total,
    number: formatNumber(total, language),
    severities: severityCounts(counts, language),
  };
  const findings = one.findings();
  const cves = [...new Set(findings.map(({ id }) => id))].filter((id) => /^CVE-/i.test(id)).slice(0, 3);
  const actions = cves.map((id) => ({
    label: words("who", { id }),
    line: commandLine(["vulnerabilities", id]),
  }));
  const none = isReadWhole(head) ? "none" : "unsure";
  const severe = (counts.critical ?? 0) + (counts.high ?? 0) > 0;
  const clean = total === 0 && none === "none";
  return {
    headline: filtered(words(total > 0 ? "some" : none, values), filters, language),
    tone: severe ? "bad" : clean ? "good" : "warning",
    parts: [
      { facts: factsOf(one, language) },
      ...(total > 0 ? [table(findings, language)] : []),
      ...(actions.length > 0 ? [{ actions }] : []),
      ...(csv && total > 0 ? findingsFile([one], head, language) : []),
      ...scanLines(head, language),
    ],
  };
}

function factsOf({ artifact, fixable, total }: MatchedArtifact, language: Language): [string, Sentence][] {
  const words = say(language);
  const { kind, key, places, uses, at, scanned, exempted, disabled, exposed, stale } = artifact;
  const pushed = places
    .flatMap((place) => place.pushed ?? [])
    .sort()
    .at(-1);
  const image = kind === "image";
  const facts: [string, Sentence | undefined][] = [
    [words("digest"), image ? { code: key } : undefined],
    [words("places"), image ? placesText(artifact, language) : undefined],
    [words("cluster"), image ? undefined : at?.cluster],
    [words("pushed"), pushed ? { time: pushed } : undefined],
    [
      words("uses"),
      image ? (uses.length > 0 ? someOf(uses.map(useText), 8, language) : words("nowhere")) : undefined,
    ],
    [
      words("fixable"),
      total > 0 ? `${formatNumber(fixable, language)} / ${formatNumber(total, language)}` : undefined,
    ],
    [words("closed"), exempted + disabled > 0 ? words("closed-value", { exempted, disabled }) : undefined],
    [words("exposed"), exposed ? words("exposed-value") : undefined],
    [words("scanned"), scanned ? { time: scanned } : undefined],
    [words("stale"), stale ? { time: stale } : undefined],
  ];
  return facts.filter((fact): fact is [string, Sentence] => fact[1] !== undefined);
}

/** `contosoprod/team/frontend (1.8, latest)`. */
function placesText({ places }: Artifact, language: Language): string {
  const names = places.map(
    ({ registry, repository, tags = [] }) =>
      `${registry}/${repository}${tags.length > 0 ? ` (${tags.slice(0, 5).join(", ")})` : ""}`,
  );
  return someOf(names, 5, language);
}

function table(findings: ReturnType<MatchedArtifact["findings"]>, language: Language): Part {
  const words = say(language);
  const labels = ["severity", "vulnerability", "package", "versions", "exploit", "published"] as const;
  const rows = findings
    .slice(0, 1000)
    .map((one): Cell[] => [
      severityCell(one.severity, language),
      vulnerabilityCell(one.id),
      one.package,
      versionText(one, language),
      exploitText(one, language),
      one.published?.slice(0, 10) ?? "–",
    ]);
  const columns = labels.map((label) => ({ label: words(label) }));
  return { table: { caption: words("caption"), columns, rows, total: findings.length, pageSize: 10 } };
}
