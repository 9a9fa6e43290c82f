import { z } from "zod";
import { changeAlert } from "../alerts/change.ts";
import { readAlert } from "../alerts/read.ts";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import { auditedRun } from "../domain/audit.ts";
import { ownAlerts } from "../domain/simulations/proofs/match.ts";
import type { Run, Sighting } from "../domain/simulations/simulation.ts";
import { UpstreamError, UserError } from "../errors.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message, Part } from "../message/message.ts";
import { languages } from "../text/language.ts";

const say = sentences({
  en: {
    done_one: "Dismissed {{count}} alert of run {{run}} in Azure",
    done_other: "Dismissed {{count}} alerts of run {{run}} in Azure",
    none: "Run {{run}} has no open alerts",
    already_one: "{{count}} was already dismissed.",
    already_other: "{{count}} were already dismissed.",
    failed: "These couldn't be changed in Azure and are still open:",
    likely_one: "{{count}} alert that only looks like one of this run is left: check it before you close it.",
    likely_other:
      "{{count}} alerts that only look like those of this run are left: check them before you close them.",
    reason: "Caused by simulation {{scenario}}, run {{run}}",
    "unknown-run": "Run “{{run}}” not found.",
  },
  ja: {
    done_other: "実行 {{run}} のアラート {{count}} 件を Azure で無視に変更しました",
    none: "実行 {{run}} によるアラートで、未対応のものはありません",
    already_other: "{{count}} 件はすでに無視されていました。",
    failed: "次のアラートは Azure で変更できませんでした (元のままです):",
    likely_other:
      "この実行のものと断定できないアラート {{count}} 件は変更していません。確認してから閉じてください。",
    reason: "シミュレーション {{scenario}} (実行 {{run}}) によるもの",
    "unknown-run": "実行「{{run}}」が見つかりません。",
  },
});

export default command({
  texts: {
    en: { summary: "Dismisses the alerts of a simulation in Azure; used by the button of a report" },
    ja: { summary: "シミュレーションによるアラートを Azure で無視にします (レポートのボタンで使用)" },
  },
  examples: ["dismiss-simulation <run>"],
  arguments: z.object({ run: text("RUN", 40) }),
  positional: ["run"],
  argumentTexts: {
    run: { en: "ID of the run whose alerts are dismissed.", ja: "アラートを無視にする実行の ID。" },
  },
  access: "operator",
  effect: {
    changes: {
      en: "Dismisses the alerts of a simulation in Azure",
      ja: "シミュレーションによるアラートを Azure で無視に変更します",
    },
    undo: { en: "Press Reopen on each alert.", ja: "各アラートの再アクティブ化ボタン。" },
    confirm: false,
  },
  audit: async ({ run: id }, { store }) => {
    const run = await store.runs.get(id);
    return run && auditedRun("dismiss", run, "simulation-alerts");
  },
  hidden: true,
  async run({ run: id }, ports, { caller, language }): Promise<Message> {
    const run = await ports.store.runs.get(id);
    if (!run) {
      const [en, ja] = languages.map((one) => say(one)("unknown-run", { run: id }));
      throw new UserError({ en: en!, ja: ja! }, "simulations");
    }
    // One after the other: Azure throttles writes sooner than reads.
    const outcomes: { sighting: Sighting; outcome: "done" | "already" | "failed"; detail: string }[] = [];
    for (const sighting of ownAlerts(run))
      outcomes.push({ sighting, ...(await dismiss(sighting, run, caller.person, ports, language)) });
    return outcomeMessage(run, outcomes, language);
  },
});

async function dismiss(
  { resource }: Sighting,
  run: Run,
  person: string,
  ports: Ports,
  language: Language,
): Promise<{ outcome: "done" | "already" | "failed"; detail: string }> {
  try {
    const alert = await readAlert(ports, resource);
    if (alert.state === "dismissed") return { outcome: "already", detail: "" };
    const reason = say(language)("reason", { scenario: run.scenario, run: run.id });
    await changeAlert(alert, { action: "dismiss", person, reason }, ports);
    return { outcome: "done", detail: "" };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system !== "azure") throw error;
    return { outcome: "failed", detail: error.message };
  }
}

function outcomeMessage(
  run: Run,
  outcomes: readonly { sighting: Sighting; outcome: string; detail: string }[],
  language: Language,
): Message {
  const words = say(language);
  const of = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted);
  const [done, already, failed] = [of("done").length, of("already").length, of("failed")];
  const likely = run.sightings.filter((one) => one.likely).length;
  const parts: Part[] = [
    ...(already > 0 ? [{ note: words("already", { count: already }) }] : []),
    ...(likely > 0 ? [{ note: words("likely", { count: likely }) }] : []),
    ...(failed.length > 0
      ? [
          { sentence: words("failed") },
          { list: failed.map(({ sighting, detail }) => `${sighting.title}: ${detail}`) },
        ]
      : []),
  ];
  const headline =
    done > 0 || failed.length > 0
      ? words("done", { count: done, run: run.id })
      : words("none", { run: run.id });
  return { headline, tone: failed.length > 0 ? "bad" : done > 0 ? "good" : "neutral", parts };
}
