import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { SimulationEvent } from "../domain/simulations/events.ts";
import { runMessage, runReply } from "../message/simulations/run-message.ts";

/** Events come from the runner, which reads runs from the store; only their presence is checked here. */
const event = z.custom<SimulationEvent>(
  (value) => typeof (value as SimulationEvent | null)?.run?.id === "string",
  "a simulation run",
);

export default notifier<SimulationEvent>({
  texts: {
    en: {
      summary:
        "A simulation: request, progress and report in one message, with its timeline and log in the thread",
    },
    ja: {
      summary: "シミュレーション: 申請、進行状況、レポートを 1 通のメッセージで。経過とログはスレッドに投稿",
    },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ run }) => run.channel,
  key: ({ run }) => run.id,
  at: ({ run }) => run.at.requested ?? "",
  render: (one, { language }) => runMessage(one, language),
  changed: (before, after, { language }) => runReply(before, after, language),
});
