import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { DrillRegression } from "../domain/simulations/events.ts";
import { targetName } from "../domain/simulations/simulation.ts";
import { sentences } from "../locales/sentences.ts";
import { commandLine } from "../message/line.ts";
import { comparisonSentences } from "../message/simulations/report.ts";

const say = sentences({
  en: {
    less: "Drill detected less than last time: {{scenario}} on {{target}}",
    slower: "Drill detection much slower than last time: {{scenario}} on {{target}}",
    details: "Drill report",
    before: "Previous run",
    status: "Coverage of {{target}}",
  },
  ja: {
    less: "訓練の検出数が前回より減っています: {{target}} での {{scenario}}",
    slower: "訓練の検出が前回より大幅に遅くなっています: {{target}} での {{scenario}}",
    details: "訓練のレポート",
    before: "前回の実行",
    status: "{{target}} のカバレッジ",
  },
});

const event = z.custom<DrillRegression>((value) => {
  const one = value as DrillRegression | null;
  return typeof one?.run?.id === "string" && typeof one.comparison === "object";
}, "a drill that detects less");

export default notifier<DrillRegression>({
  texts: {
    en: { summary: "A drill that detected less than the last run, or much later" },
    ja: { summary: "訓練の検出が前回より減った、または大幅に遅れた場合の通知" },
  },
  topic: "drills",
  event,
  filters: ["scope"],
  place: ({ run }) => run.cluster ?? run.registry ?? { subscription: run.subscription },
  key: ({ run }) => run.id,
  at: ({ run }) => run.at.reported ?? run.at.requested ?? "",
  render({ run, comparison }, { language }) {
    const words = say(language);
    const target = targetName(run);
    const scope = run.cluster ? `cluster:${run.cluster.name}` : `sub:${run.subscription.name}`;
    return {
      headline: words(comparison.lost.length > 0 ? "less" : "slower", { scenario: run.scenario, target }),
      tone: "bad",
      parts: [
        { list: comparisonSentences(run, comparison, language) },
        {
          actions: [
            { label: words("details"), line: commandLine(["simulations", run.id]), style: "primary" },
            { label: words("before"), line: commandLine(["simulations", comparison.with]) },
            { label: words("status", { target }), line: commandLine(["status", scope]) },
          ],
        },
      ],
    };
  },
});
