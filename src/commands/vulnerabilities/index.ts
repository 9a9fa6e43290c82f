import { z } from "zod";
import { flag, severity, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { findVulnerability } from "../../domain/findings/search/find-vulnerability.ts";
import { readQuestion } from "../../domain/findings/search/question.ts";
import type { Settings } from "../../domain/settings.ts";
import { atLeast } from "../../domain/severity.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { lastSnapshot } from "../../readings/last-snapshot.ts";
import { affectedMessage } from "./affected-message.ts";
import { artifactMessage } from "./artifact-message.ts";
import { findingsMessage } from "./findings-message.ts";
import { look } from "./look.ts";
import { unmatchedMessage } from "./unmatched-message.ts";

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
  async run({ what, severity, fixable, running, csv }, ports, { language }) {
    const snapshot = await lastSnapshot(ports.store.findings);
    if (!snapshot) return noScanMessage(ports.settings.schedules, language);
    const filters = { severity, fixable, running };
    const shown = { head: snapshot.head, filters, csv, language };
    const question = readQuestion(what);
    if (question.kind === "vulnerability") {
      const affected = await findVulnerability(snapshot, question.id);
      const fitting = affected.filter(
        ({ artifact, matches }) =>
          (!running || artifact.uses.length > 0 || artifact.kind === "node-pool") &&
          matches.some(
            (one) => (!severity || atLeast(one.severity, severity)) && (!fixable || one.fix === "available"),
          ),
      );
      return affectedMessage(question.id, fitting, { ...shown, all: affected.length });
    }
    const { artifacts, of, scanned } = await look(snapshot, question, filters);
    if (!scanned) {
      const again = (word: string) => commandLine(["vulnerabilities", word], { ...filters, csv });
      return unmatchedMessage(question, { snapshot, ports, language, again });
    }
    const [only] = artifacts;
    return of.kind === "image" && artifacts.length === 1 && only
      ? artifactMessage(only, shown)
      : findingsMessage(artifacts, { ...shown, what: what?.trim() });
  },
});

const say = sentences({
  en: {
    none: "No scan has been read yet",
    due: "The findings are read at {{cron}} ({{timezone}}), as schedules.rescan says, and this command answers from then on.",
    doctor: "Run doctor",
  },
  ja: {
    none: "まだスキャン結果を読み取っていません",
    due: "検出結果は schedules.rescan のとおり {{cron}} ({{timezone}}) に読み取ります。以後、このコマンドで回答できます。",
    doctor: "doctor を実行",
  },
});

/** Nothing is known yet: says when it will be. */
function noScanMessage(
  { rescan, timezone }: Pick<Settings["schedules"], "rescan" | "timezone">,
  language: Language,
): Message {
  const words = say(language);
  return {
    headline: words("none"),
    tone: "neutral",
    parts: [
      { sentence: words.rich("due", { cron: { code: rescan }, timezone }) },
      { actions: [{ label: words("doctor"), line: "doctor" }] },
    ],
  };
}
