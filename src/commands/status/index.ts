import { z } from "zod";
import { flag, freshTexts, scope } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: {
      summary: "Which Defender features work, and what closes each gap",
      detail:
        "The plan, its extensions, each cluster's sensor and policy add-on, provisioning, and which features work as a result: on, partial, off, not applicable or unknown, with the evidence and the way to close each gap. For up to ten clusters, their pods are checked too.",
    },
    ja: {
      summary: "Defender の機能の状態と、不足への対処方法",
      detail:
        "プラン、拡張機能、クラスターごとのセンサーと Azure Policy アドオン、プロビジョニングを確認し、機能ごとの状態 (オン、一部、オフ、対象外、不明) を根拠と対処方法とともに示します。対象のクラスターが 10 個以下の場合は、ポッドも確認します。",
    },
  },
  examples: ["status", "status sub:*", "status --csv", "status --fresh", "status --attack"],
  arguments: z.object({ scope: scope.optional(), csv: flag, attack: flag, fresh: flag }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    csv: {
      en: "Adds every cluster and gap as a CSV file.",
      ja: "すべてのクラスターと不足を CSV ファイルで添付します。",
    },
    attack: {
      en: "The techniques of the Kubernetes threat matrix, with the last proof of detection for each cluster and a layer for ATT&CK Navigator.",
      ja: "Kubernetes の脅威マトリックスの手法と、クラスターごとに最後に検出を実証した日。ATT&CK Navigator のレイヤーも添付します。",
    },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
