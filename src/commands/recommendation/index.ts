import { z } from "zod";
import { flag, scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: { summary: "The resources that one recommendation is about; buttons use it" },
    ja: { summary: "推奨事項 1 件の対象リソース (ボタンが使います)" },
  },
  examples: ["recommendation <recommendation>", "recommendation <recommendation> sub:* --csv"],
  arguments: z.object({ key: text("KEY", 100), scope: scope.optional(), csv: flag }),
  positional: ["key", "scope"],
  argumentTexts: {
    key: { en: "The key of the recommendation.", ja: "推奨事項のキー。" },
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    csv: {
      en: "Adds the affected resources as a CSV file.",
      ja: "対象リソースを CSV ファイルで添付します。",
    },
  },
  access: "anyone",
  effect: "none",
  hidden: true,
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
