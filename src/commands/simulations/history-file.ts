import type { Run } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";

const say = sentences({
  en: { file_one: "{{count}} simulation", file_other: "{{count}} simulations" },
  ja: { file_other: "シミュレーション {{count}} 件" },
});

const header = [
  "run",
  "scenario",
  "cluster",
  "registry",
  "subscription",
  "state",
  "requested",
  "started",
  "requester",
  "approver",
  "drill",
  "expectation",
  "required",
  "verdict",
  "seconds",
  "alert",
  "left",
  "reason",
];

/** Every run as rows, one for each expectation; a run without verdicts is one row. */
export function historyFile(runs: readonly Run[], now: string, language: Language): Part {
  const name = `simulations-${now.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  return {
    file: {
      name,
      title: say(language)("file", { count: runs.length }),
      csv: [header, ...runs.flatMap(rowsOf)],
    },
  };
}

function rowsOf(run: Run): (string | number)[][] {
  const about = [
    run.id,
    run.scenario,
    run.cluster?.name ?? "",
    run.registry?.name ?? "",
    run.subscription.name,
    run.state,
    run.at.requested ?? "",
    run.started ?? "",
    run.requester,
    run.approver ?? "",
    run.drill?.name ?? "",
  ];
  const end = [run.cleanUp ? run.cleanUp.left.length : "", run.reason];
  if (run.verdicts.length === 0) return [[...about, "", "", "", "", "", ...end]];
  return run.verdicts.map(({ title, required, verdict, seconds, sighting }) => [
    ...about,
    title.en,
    String(required),
    verdict,
    seconds ?? "",
    sighting?.id ?? "",
    ...end,
  ]);
}
