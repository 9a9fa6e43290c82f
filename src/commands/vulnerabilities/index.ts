import { z } from "zod";
import { flag, severity, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";

export default command({
  texts: {
    en: {
      summary: "Open findings of the last scan: by image, by vulnerability, by place",
      detail:
        "Answers immediately from the last complete scan: which images have a CVE, what runs an image, and what fixes it.",
    },
    ja: {
      summary: "最後のスキャンの未対応の検出結果 (イメージ、脆弱性、場所ごと)",
      detail:
        "完了した最後のスキャンからすぐに回答します。CVE の影響を受けるもの、イメージの実行先、修正版が分かります。",
    },
  },
  examples: [
    "vulnerabilities",
    "vulnerabilities CVE-2024-3094",
    "vulnerabilities team/frontend:1.8",
    "vulnerabilities cluster:aks-* --running --fixable --severity high",
    "vulnerabilities nodes --csv",
  ],
  arguments: z.object({
    what: text("SCOPE|IMAGE|CVE-…", 300).optional(),
    severity: severity.optional(),
    fixable: flag,
    running: flag,
    csv: flag,
  }),
  positional: ["what"],
  argumentTexts: {
    what: {
      en: "A scope, an image (repository, repository:tag or digest), a CVE, or nodes. Default: everything.",
      ja: "範囲、イメージ (リポジトリ、リポジトリ:タグ、ダイジェスト)、CVE、または nodes。省略するとすべて。",
    },
    severity: { en: "This severity or higher.", ja: "この重大度以上。" },
    fixable: { en: "Only what a fix is known for.", ja: "修正版があるものだけ。" },
    running: { en: "Only images that run, and nodes.", ja: "実行中のイメージとノードだけ。" },
    csv: { en: "Adds every finding as a CSV file.", ja: "検出結果をすべて CSV ファイルで添付します。" },
  },
  access: "anyone",
  effect: "none",
  run: async (...all) => (await import("./answer.ts")).answer(...all),
});
