import { z } from "zod";
import { flag } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: {
      summary: "Permissions, connections and background work, with a fix for each problem",
      detail:
        "Slack scopes and channels, Azure permissions per subscription, storage, alert polling, findings scan, outbox, queue, simulation clusters.",
    },
    ja: {
      summary: "必要な権限、接続、バックグラウンド処理を確認し、対処方法を示します",
      detail:
        "Slack のスコープとチャンネル、サブスクリプションごとの Azure の権限、データ ストア、アラートの取得、検出結果のスキャン、送信待ち、キュー、シミュレーション対象のクラスター。",
    },
  },
  examples: ["doctor", "doctor --verbose"],
  arguments: z.object({ verbose: flag }),
  argumentTexts: {
    verbose: {
      en: "Also lists the checks that passed, the queue and what Redis stores.",
      ja: "正常だった確認、キュー、Redis に保存している内容も表示します。",
    },
  },
  access: "member",
  effect: "none",
  async run({ verbose }, ports, { language }) {
    const [{ examine }, { doctorMessage }] = await Promise.all([
      import("./examine.ts"),
      import("./doctor-message.ts"),
    ]);
    return doctorMessage(await examine(ports, language), ports.clock.now(), { language, verbose });
  },
});
