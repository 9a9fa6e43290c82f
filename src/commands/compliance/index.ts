import { z } from "zod";
import { flag, freshTexts, scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: {
      summary: "Regulatory standards: passed, failed, skipped and manual controls",
      detail:
        "The menus lead from a standard to its controls, their assessments and the resources that fail them. --standard takes cis-aks, mcsb, or a name.",
    },
    ja: {
      summary: "規制標準のコントロール (合格、不合格、スキップ、手動確認)",
      detail:
        "メニューから、標準、コントロール、評価、不合格のリソースの順に詳細を表示できます。--standard には cis-aks、mcsb、または標準の名前を指定します。",
    },
  },
  examples: [
    "compliance",
    "compliance --standard cis-aks",
    "compliance sub:* --standard mcsb --control LT-1",
    "compliance --csv",
  ],
  arguments: z.object({
    scope: scope.optional(),
    standard: text("NAME", 200).optional(),
    control: text("ID", 200).optional(),
    assessment: text("KEY", 200).optional(),
    csv: flag,
    fresh: flag,
  }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    standard: { en: "The controls of this standard.", ja: "この標準のコントロールを表示。" },
    control: { en: "The assessments of this control.", ja: "このコントロールの評価を表示。" },
    assessment: {
      en: "The resources that fail this assessment; the menus use it.",
      ja: "この評価に不合格のリソースを表示 (メニューが使います)。",
    },
    csv: { en: "Adds every row as a CSV file.", ja: "すべての行を CSV ファイルで添付します。" },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
