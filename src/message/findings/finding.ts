import type { ChangeKind } from "../../domain/findings/digest/delta.ts";
import type { ModelReading, Vulnerability } from "../../domain/findings/model/finding.ts";
import type { DayCount, SeverityCounts, SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import { severities } from "../../domain/severity.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Cell, Chart } from "../message.ts";
import { slotLabels } from "../slot-labels.ts";
import { severityCounts, severityWord } from "../words.ts";

const say = sentences({
  en: {
    new: "New",
    "new-image": "In new images",
    fixed: "Fixed",
    withdrawn: "Withdrawn",
    raised: "Severity raised",
    news: "New exploit or fix",
    regressed: "Regressed",
    gone: "Image deleted",
    "scan-missing": "Scan missing",
    "not-read": "Couldn't be read",
    "first-read": "Read for the first time",
    counted: "{{sum}} ({{said}})",
    "counted-none": "{{sum}}",
    known: "known",
    epss: "{{known}} (EPSS {{percent}}%)",
    likely: "EPSS {{percent}}%",
    "no-access": "Severity and exploits incomplete: no access to CVE details. Run doctor for the fix.",
    failed: "Severity and exploits may be outdated: CVE details couldn't be read.",
    version: "{{installed}} → {{fixed}}",
    available: "{{installed}}, fix available",
    none: "{{installed}}, no fix",
    unknown: "{{installed}}",
    trend: "Open findings by severity",
    findings: "findings",
    individual: "individual recommendations (today's)",
    "grouped-registry": "registry images (grouped)",
    "grouped-running": "running images (grouped)",
    "grouped-registry-preview": "registry images (grouped, preview pair)",
    "grouped-running-preview": "running images (grouped, preview pair)",
    "grouped-nodes": "nodes (grouped)",
    "individual-registry": "registry images (individual recommendations)",
    "individual-running": "running containers (individual recommendations)",
    "individual-nodes": "nodes (individual recommendations)",
    "model-rows": "{{model}}: {{rows}} rows",
    "models-nothing": "no rows: {{models}}",
    "model-silent": "{{model}}: returned no rows, but had findings before",
    "model-error": "{{model}}: {{rows}} rows, then failed: {{error}}",
  },
  ja: {
    new: "新規",
    "new-image": "新しいイメージ",
    fixed: "修正済み",
    withdrawn: "報告対象外",
    raised: "重大度の引き上げ",
    news: "エクスプロイトまたは修正版が公開",
    regressed: "再発",
    gone: "イメージ削除により消失",
    "scan-missing": "スキャンなし",
    "not-read": "読み取り不可",
    "first-read": "初めて読み取り",
    counted: "{{sum}} 件 ({{said}})",
    "counted-none": "{{sum}} 件",
    known: "あり",
    epss: "{{known}} (EPSS {{percent}}%)",
    likely: "EPSS {{percent}}%",
    "no-access":
      "CVE の詳細にアクセスできないため、重大度とエクスプロイト情報は不完全です。doctor で対処方法を確認できます。",
    failed: "CVE の詳細を読み取れなかったため、重大度とエクスプロイト情報が古い可能性があります。",
    version: "{{installed}} → {{fixed}}",
    available: "{{installed}} (修正版あり)",
    none: "{{installed}} (修正版なし)",
    unknown: "{{installed}}",
    trend: "重大度別の未対応件数",
    findings: "件",
    individual: "個別の推奨事項 (現行)",
    "grouped-registry": "レジストリのイメージ (グループ化)",
    "grouped-running": "実行中のイメージ (グループ化)",
    "grouped-registry-preview": "レジストリのイメージ (グループ化、プレビュー版)",
    "grouped-running-preview": "実行中のイメージ (グループ化、プレビュー版)",
    "grouped-nodes": "ノード (グループ化)",
    "individual-registry": "レジストリのイメージ (個別の推奨事項)",
    "individual-running": "実行中のコンテナー (個別の推奨事項)",
    "individual-nodes": "ノード (個別の推奨事項)",
    "model-rows": "{{model}}: {{rows}} 行",
    "models-nothing": "0 行: {{models}}",
    "model-silent": "{{model}}: 以前は検出結果があったのに、0 行でした",
    "model-error": "{{model}}: {{rows}} 行の後、読み取れませんでした: {{error}}",
  },
});

/** How many findings of all severities. */
export function sumOf(counts: SeverityCounts | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + (count ?? 0), 0);
}

/** `12 (1 Critical, 11 High)` · `12 件 (重大 1 件、高 11 件)`. */
export function countedText(counts: SeverityCounts | undefined, language: Language): string {
  const sum = formatNumber(sumOf(counts), language);
  const said = severityCounts(counts, language);
  return say(language)(said ? "counted" : "counted-none", { sum, said });
}

/** The word for a class of change; docs/findings.md defines each. */
export function changeWord(kind: ChangeKind, language: Language): string {
  return say(language)(kind);
}

/** `CVE-2024-3094` as a link to the National Vulnerability Database; other ids have no address that is known. */
export function vulnerabilityCell(id: string): Cell {
  return /^CVE-\d{4}-\d{4,}$/i.test(id)
    ? { link: id, url: `https://nvd.nist.gov/vuln/detail/${id.toUpperCase()}` }
    : id;
}

/** `5.6.0 → 5.6.2`, or what is known of a fix. */
export function versionText(
  { version, fix, fixed }: Pick<Vulnerability, "version" | "fix" | "fixed">,
  language: Language,
): string {
  const installed = version || "?";
  if (fix === "available" && fixed) return say(language)("version", { installed, fixed });
  return say(language)(fix, { installed });
}

/** `known (EPSS 94%)`, or a dash: below a heading that says of what. */
export function exploitText(
  { exploit, epss = 0 }: Pick<Vulnerability, "exploit" | "epss">,
  language: Language,
): string {
  const words = say(language);
  if (epss < 1) return exploit ? words("known") : "–";
  return exploit
    ? words("epss", { known: words("known"), percent: epss })
    : words("likely", { percent: epss });
}

/** One line where details of CVEs could not be read. */
export function detailsLine({ details }: Pick<SnapshotHead, "details">, language: Language): string[] {
  const state = details?.state;
  return state === "no-access" || state === "failed" ? [say(language)(state)] : [];
}

/** Open findings of the last 20 scans, a line for each severity that ever occurs; undefined for fewer than two scans. */
export function trendChart(days: readonly DayCount[], language: Language): Chart | undefined {
  const shown = days.slice(-20);
  if (shown.length < 2) return undefined;
  const drawn = severities.filter((severity) => shown.some(({ open }) => (open[severity] ?? 0) > 0));
  if (drawn.length === 0) return undefined;
  return {
    chart: {
      title: say(language)("trend"),
      kind: "line",
      categories: slotLabels(shown.map(({ slot }) => slot)),
      series: drawn.map((severity) => ({
        name: severityWord(severity, language),
        values: shown.map(({ open }) => open[severity] ?? 0),
      })),
      unit: say(language)("findings"),
    },
  };
}

/** How each model answered, in lines; those that never had anything in one. */
export function modelLines(models: readonly ModelReading[], language: Language): string[] {
  const words = say(language);
  const empty = models.filter(({ rows, error, silent }) => rows === 0 && !error && !silent);
  const answered = models.filter((one) => !empty.includes(one)).map((one) => modelText(one, language));
  const names = modelNames(
    empty.map(({ model }) => model),
    language,
  );
  return names ? [...answered, words("models-nothing", { models: names })] : answered;
}

/** `individual recommendations (today's)`: models in words; one that this version does not know, as it is called. */
export function modelNames(models: readonly string[], language: Language): string {
  const words = models.map((model) => say(language)(model as ModelReading["model"]));
  return formatItems(words, language);
}

/** `individual recommendations (today's): 40,112 rows`: how a model answered that had something, or failed. */
export function modelText({ model, rows, error, silent }: ModelReading, language: Language): string {
  const words = say(language);
  const key = error ? "model-error" : silent ? "model-silent" : "model-rows";
  return words(key, { model: words(model), rows: formatNumber(rows, language), error: error ?? "" });
}
