import { isRunning } from "../../domain/findings/model/artifact-name.ts";
import { isReadWhole } from "../../domain/findings/model/completeness.ts";
import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import type { MatchedArtifact } from "../../domain/findings/search/find-artifacts.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { scanLines } from "../../message/findings/artifact.ts";
import { sumOf } from "../../message/findings/finding.ts";
import type { Message } from "../../message/message.ts";
import { severityCounts } from "../../message/words.ts";
import { artifactsTable } from "./artifacts-table.ts";
import { addedCounts, byPlace } from "./by-place.ts";
import { filtered } from "./filters-text.ts";
import { findingsFile } from "./findings-file.ts";
import type { Filters } from "./look.ts";

const say = sentences({
  en: {
    some_one: "{{number}} open finding in {{artifacts}}{{of}}: {{severities}}",
    some_other: "{{number}} open findings in {{artifacts}}{{of}}: {{severities}}",
    none: "No open finding{{of}}",
    unsure: "No open finding{{of}} in what could be read",
    of: " of {{what}}",
    running: "Running",
    "running-value": "{{findings}} in {{artifacts}}",
    artifacts_one: "{{number}} image or node pool",
    artifacts_other: "{{number}} images and node pools",
    fixable: "Fixable",
    exploits: "Exploit known",
    closed: "Not counted",
    "closed-value": "{{exempted}} exempted, {{disabled}} disabled",
  },
  ja: {
    some_other: "{{of}}未対応の検出結果 {{number}} 件 ({{artifacts}}): {{severities}}",
    none: "{{of}}未対応の検出結果はありません",
    unsure: "{{of}}読み取れた範囲に未対応の検出結果はありません",
    of: "{{what}}: ",
    running: "実行中",
    "running-value": "{{artifacts}}に {{findings}} 件",
    artifacts_other: "イメージとノード プール {{number}} 個",
    fixable: "修正可能",
    exploits: "エクスプロイトあり",
    closed: "対象外",
    "closed-value": "除外 {{exempted}} 件、無効化 {{disabled}} 件",
  },
});

type Shown = { head: SnapshotHead; filters: Filters; csv: boolean; language: Language; what?: string };
/** Findings of a part of the estate: in all, by place, and each image and node pool, with the way down. */
export function findingsMessage(artifacts: readonly MatchedArtifact[], shown: Shown): Message {
  const { head, filters, csv, language, what } = shown;
  const words = say(language);
  const counts = addedCounts(artifacts.map((one) => one.counts));
  const total = sumOf(counts);
  const of = what ? words("of", { what }) : "";
  const end = scanLines(head, language);
  if (total === 0) {
    const whole = isReadWhole(head);
    const headline = filtered(words(whole ? "none" : "unsure", { of }), filters, language);
    return { headline, tone: whole ? "good" : "warning", parts: end };
  }
  const number = formatNumber(total, language);
  const images = artifactsText(artifacts.filter((one) => one.total > 0).length, language);
  const severities = severityCounts(counts, language);
  const headline = words("some", { count: total, number, artifacts: images, of, severities });
  return {
    headline: filtered(headline, filters, language),
    tone: (counts.critical ?? 0) + (counts.high ?? 0) > 0 ? "bad" : "warning",
    parts: [
      { facts: factsOf(artifacts, language) },
      ...byPlace(artifacts, language),
      ...artifactsTable(artifacts, filters, language),
      ...(csv ? findingsFile(artifacts, head, language) : []),
      ...end,
    ],
  };
}

function artifactsText(count: number, language: Language): string {
  return say(language)("artifacts", { count, number: formatNumber(count, language) });
}

function factsOf(artifacts: readonly MatchedArtifact[], language: Language): [string, string][] {
  const words = say(language);
  const sum = (of: (one: MatchedArtifact) => number, among = artifacts) =>
    among.reduce((all, one) => all + of(one), 0);
  const running = artifacts.filter(({ artifact, total }) => total > 0 && isRunning(artifact));
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
