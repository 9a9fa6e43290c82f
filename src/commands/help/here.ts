import type { Ports } from "../../definitions/ports.ts";
import { featureMatrixSteps } from "../../domain/coverage/feature-matrix.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf } from "../../message/as-of.ts";
import { featureShare } from "../../message/coverage/feature-share.ts";
import { commandLine } from "../../message/line.ts";
import type { Part, Sentence } from "../../message/message.ts";
import { withPods } from "../../readings/cluster-pods.ts";
import { inTurns } from "../../text/yield-to-event-loop.ts";

const say = sentences({
  en: {
    detects: "Can it occur here",
    assesses: "Is it assessed here",
    unread: "Unknown because Azure couldn't be read: {{detail}}",
    simulate: "To simulate it: {{line}} – {{summary}}",
    none: "No simulation provokes it.",
    start: "Simulate {{name}}",
    status: "Show coverage",
  },
  ja: {
    detects: "この環境での発生",
    assesses: "この環境での評価",
    unread: "不明 (Azure を読み取れませんでした: {{detail}})",
    simulate: "シミュレーション: {{line}} – {{summary}}",
    none: "これを発生させるシミュレーションはありません。",
    start: "{{name}} をシミュレート",
    status: "カバレッジを表示",
  },
});

/** Whether what a feature detects or assesses can come up here, from the coverage that everyone shares. */
export async function hereFacts(
  { feature, does }: { feature: string; does: "detects" | "assesses" },
  ports: Pick<Ports, "azure" | "clock" | "clusters" | "readings" | "log">,
  language: Language,
): Promise<{ facts: [string, Sentence][]; parts: Part[] }> {
  const words = say(language);
  try {
    const read = await ports.readings.coverage();
    const seen = await withPods(read.value, read, ports);
    const matrix = await inTurns(featureMatrixSteps(seen, read.asOf));
    return {
      facts: [[words(does), featureShare(matrix, feature, language)]],
      parts: [{ actions: [{ label: words("status"), line: "status" }] }, ...asOf(read, language)],
    };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ports.log.warn({ code: error.code, status: error.status }, "coverage could not be read for help");
    return { facts: [[words(does), words("unread", { detail: error.message.slice(0, 200) })]], parts: [] };
  }
}

/** The first of the scenarios that provoke something, and how it is started. */
export function simulationParts(
  names: readonly string[],
  { definitions }: Pick<Ports, "definitions">,
  language: Language,
): Part[] {
  const words = say(language);
  const [name] = names;
  const definition = name === undefined ? undefined : definitions.scenarios.get(name);
  if (name === undefined || !definition) return [{ note: words("none") }];
  const line =
    definition.target === "cluster" ? `/defender simulate ${name} CLUSTER` : `/defender simulate ${name}`;
  const about = { line: { code: line }, summary: definition.texts[language].summary };
  return [
    { sentence: words.rich("simulate", about) },
    { actions: [{ label: words("start", { name }), line: commandLine(["simulate", name]) }] },
  ];
}
