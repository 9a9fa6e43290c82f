import { z } from "zod";
import { command } from "../../definitions/command.ts";
import { doctorMessage } from "./doctor-message.ts";
import { examine } from "./examine.ts";

export default command({
  texts: {
    en: {
      summary: "Every right and connection that I need, and how to mend what is missing",
      detail:
        "Slack scopes and channels, Azure rights per subscription, memory, alert feed, scan of findings, outbox, queue, clusters of simulations.",
    },
    ja: {
      summary: "必要な権限と接続をすべて確認し、不足の直し方を示します",
      detail:
        "Slack のスコープとチャンネル、サブスクリプションごとの Azure の権限、記憶域、アラートの取得、検出結果のスキャン、送信待ち、キュー、シミュレーション対象のクラスター。",
    },
  },
  examples: ["doctor"],
  arguments: z.object({}),
  access: "member",
  effect: "none",
  async run(_, ports, { language }) {
    return doctorMessage(await examine(ports), ports.clock.now(), language);
  },
});
