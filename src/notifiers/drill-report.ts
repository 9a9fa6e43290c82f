import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { SimulationEvent } from "../domain/simulations/events.ts";
import { reportMessage } from "../message/simulations/report.ts";
import { runReply } from "../message/simulations/run-message.ts";

const event = z.custom<SimulationEvent>(
  (value) => typeof (value as SimulationEvent | null)?.run?.id === "string",
  "a simulation run",
);

export default notifier<SimulationEvent>({
  texts: {
    en: { summary: "The report of a finished simulation or drill, updated when a late alert arrives" },
    ja: { summary: "完了したシミュレーションまたは訓練のレポート。遅れて検出されたら更新" },
  },
  topic: "drills",
  event,
  filters: ["scope"],
  place: ({ run }) => run.cluster ?? run.registry ?? { subscription: run.subscription },
  key: ({ run }) => run.id,
  at: ({ run }) => run.at[run.state] ?? run.at.requested ?? "",
  render: (one, { language }) => reportMessage(one, language),
  changed: (before, after, { language }) => runReply(before, after, language),
});
