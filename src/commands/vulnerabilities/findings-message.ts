import type { FoundArtifact } from "../../domain/find-artifacts.ts";
import type { Question } from "../../domain/question.ts";
import { severities } from "../../domain/severity.ts";
import type { SeverityCounts, SnapshotHead } from "../../domain/snapshot.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import {
  artifactName,
  clustersOf,
  findingsFile,
  registriesOf,
  scanLines,
  someOf,
} from "../../message/artifact.ts";
import { countedText, sumOf } from "../../message/finding.ts";
import { commandLine } from "../../message/line.ts";
import type { Action, Cell, Message, Part } from "../../message/message.ts";
import { severityCounts } from "../../message/words.ts";
import { filtersText } from "./filters-text.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    some_one: "{{number}} open finding in {{artifacts}}{{of}}: {{severities}}",
    some_other: "{{number}} open findings in {{artifacts}}{{of}}: {{severities}}",
    none: "No open finding{{of}}",
    unknown: "Nothing in the last scan is called {{what}}",
    of: " of {{what}}",
    running: "Running",
    "running-value": "{{findings}} in {{artifacts}}",
    artifacts_one: "{{number}} image or node pool",
    artifacts_other: "{{number}} images and node pools",
    fixable: "Fixable",
    exploits: "Exploit known",
    closed: "Not counted",
    "closed-value": "{{exempted}} exempted, {{disabled}} disabled",
    registries: "By registry",
    clusters: "By running cluster",
    caption: "Images and node pools, worst first",
    number: "#",
    name: "Image or node pool",
    place: "Registry",
    runs: "Runs in",
    critical: "Critical",
    high: "High",
    all: "All",
    open: "{{index}}. {{name}}",
    more: "and {{count}} more",
  },
  ja: {
    some_one: "{{of}}未対応の検出結果 {{number}} 件 ({{artifacts}}): {{severities}}",
    some_other: "{{of}}未対応の検出結果 {{number}} 件 ({{artifacts}}): {{severities}}",
    none: "{{of}}未対応の検出結果はありません",
    unknown: "最後のスキャンに {{what}} という名前のものはありません",
    of: "{{what}}: ",
    running: "実行中",
    "running-value": "{{artifacts}}に {{findings}} 件",
    artifacts_one: "イメージとノード プール {{number}} 個",
    artifacts_other: "イメージとノード プール {{number}} 個",
    fixable: "修正可能",
    exploits: "悪用あり",
    closed: "対象外",
    "closed-value": "除外 {{exempted}} 件、無効化 {{disabled}} 件",
    registries: "レジストリ別",
    clusters: "実行中のクラスター別",
    caption: "イメージとノード プール (重要な順)",
    number: "#",
    name: "イメージまたはノード プール",
    place: "レジストリ",
    runs: "実行先",
    critical: "重大",
    high: "高",
    all: "合計",
    open: "{{index}}. {{name}}",
    more: "ほか {{count}} 件",
  },
});

type Shown = {
  head: SnapshotHead;
  filters: Filters;
  csv: boolean;
  language: Language;
  what?: string;
  of: Question;
};
const withButtons = 8;
const placesShown = 5;
const rowsShown = 1000;

/** Findings of a part of the estate: in all, by place, and each image and node pool, with the way down. */
export function findingsMessage(found: readonly FoundArtifact[], shown: Shown): Message {
  const { head, filters, csv, language, what } = shown;
  const words = say(language);
  const counts = added(found.map((one) => one.counts));
  const total = sumOf(counts);
  const of = what ? words("of", { what }) : "";
  const end = [...filtersText(filters, language), ...scanLines(head, language)];
  if (found.length === 0 && shown.of.kind === "image")
    return { headline: words("unknown", { what: what ?? "" }), tone: "warning", parts: end };
  if (total === 0) return { headline: words("none", { of }), tone: "good", parts: end };
  const number = formatNumber(total, language);
  const artifacts = artifactsText(found.filter((one) => one.total > 0).length, language);
  return {
    headline: words("some", {
      count: total,
      number,
      artifacts,
      of,
      severities: severityCounts(counts, language),
    }),
    tone: (counts.critical ?? 0) + (counts.high ?? 0) > 0 ? "bad" : "warning",
    parts: [
      { facts: factsOf(found, language) },
      ...places("registries", found, registriesOf, language),
      ...places("clusters", found, clustersOf, language),
      table(found, language),
      { actions: found.slice(0, withButtons).map((one, index) => wayDown(one, index, filters, language)) },
      ...(csv ? findingsFile(found, head, language) : []),
      ...end,
    ],
  };
}

function artifactsText(count: number, language: Language): string {
  return say(language)("artifacts", { count, number: formatNumber(count, language) });
}

function factsOf(found: readonly FoundArtifact[], language: Language): [string, string][] {
  const words = say(language);
  const sum = (of: (one: FoundArtifact) => number, among = found) =>
    among.reduce((all, one) => all + of(one), 0);
  const running = found.filter(({ artifact, total }) => total > 0 && clustersOf(artifact).length > 0);
  const exempted = sum(({ artifact }) => artifact.exempted);
  const disabled = sum(({ artifact }) => artifact.disabled);
  const runningValue = words("running-value", {
    findings: formatNumber(
      sum(({ total }) => total, running),
      language,
    ),
    artifacts: artifactsText(running.length, language),
  });
  return [
    [words("running"), runningValue],
    [
      words("fixable"),
      formatNumber(
        sum(({ fixable }) => fixable),
        language,
      ),
    ],
    [
      words("exploits"),
      formatNumber(
        sum(({ exploits }) => exploits),
        language,
      ),
    ],
    ...(exempted + disabled > 0
      ? [[words("closed"), words("closed-value", { exempted, disabled })] as [string, string]]
      : []),
  ];
}

/** Open findings of each registry or cluster, the worst first; an image in two of them counts in both. */
function places(
  title: "registries" | "clusters",
  found: readonly FoundArtifact[],
  namesOf: (artifact: FoundArtifact["artifact"]) => string[],
  language: Language,
): Part[] {
  const groups = new Map<string, SeverityCounts[]>();
  for (const { artifact, counts, total } of found) {
    if (total === 0) continue;
    for (const name of namesOf(artifact)) {
      const group = groups.get(name);
      if (group) group.push(counts);
      else groups.set(name, [counts]);
    }
  }
  // One place is what was asked about: the first line has its counts.
  if (groups.size < 2) return [];
  const sorted = [...groups].map(([name, all]) => ({ name, counts: added(all) })).sort(worstFirst);
  const lines = sorted
    .slice(0, placesShown)
    .map(({ name, counts }) => [{ strong: name }, `: ${countedText(counts, language)}`]);
  const left = sorted.length - placesShown;
  const list = left > 0 ? [...lines, say(language)("more", { count: left })] : lines;
  return [{ sentence: { strong: say(language)(title) } }, { list }];
}

function table(found: readonly FoundArtifact[], language: Language): Part {
  const words = say(language);
  const rows = found
    .slice(0, rowsShown)
    .map(({ artifact, counts, total, fixable, exploits }, index): Cell[] => [
      { number: index + 1 },
      artifactName(artifact),
      someOf(registriesOf(artifact), 2, language),
      someOf(clustersOf(artifact), 2, language),
      { number: counts.critical ?? 0 },
      { number: counts.high ?? 0 },
      { number: total },
      { number: fixable },
      { number: exploits },
    ]);
  const right = (["critical", "high", "all", "fixable", "exploits"] as const).map((key) => ({
    label: words(key),
    align: "right" as const,
  }));
  const left = (["name", "place", "runs"] as const).map((key) => ({ label: words(key) }));
  const columns = [{ label: words("number"), align: "right" as const }, ...left, ...right];
  return { table: { caption: words("caption"), columns, rows, total: found.length, pageSize: 10 } };
}

function wayDown({ artifact }: FoundArtifact, index: number, filters: Filters, language: Language): Action {
  const name = artifactName(artifact).slice(0, 60);
  const { severity, fixable } = filters;
  return {
    label: say(language)("open", { index: index + 1, name }),
    line: commandLine(["vulnerabilities", artifact.key], { severity, fixable }),
  };
}

function added(all: readonly SeverityCounts[]): SeverityCounts {
  const sum: SeverityCounts = {};
  for (const counts of all)
    for (const severity of severities)
      if (counts[severity]) sum[severity] = (sum[severity] ?? 0) + counts[severity];
  return sum;
}

function worstFirst(
  a: { name: string; counts: SeverityCounts },
  b: { name: string; counts: SeverityCounts },
): number {
  for (const severity of severities) {
    const difference = (b.counts[severity] ?? 0) - (a.counts[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.name < b.name ? -1 : 1;
}
