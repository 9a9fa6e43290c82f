import { z } from "zod";
import { choice, scope } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: { summary: "Fixes, features and clusters in detail; the buttons of status use it" },
    ja: { summary: "対処方法、機能別、クラスター別の詳細 (status のボタンが使います)" },
  },
  examples: ["status-details fixes", "status-details features sub:*", "status-details clusters"],
  arguments: z.object({
    view: choice("VIEW", ["fixes", "features", "clusters"]),
    scope: scope.optional(),
  }),
  positional: ["view", "scope"],
  argumentTexts: {
    view: { en: "What to show.", ja: "表示する内容。" },
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
  },
  access: "anyone",
  effect: "none",
  shows: "modal",
  hidden: true,
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
