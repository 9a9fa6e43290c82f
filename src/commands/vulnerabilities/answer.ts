import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { isRunning } from "../../domain/findings/model/artifact-name.ts";
import { findVulnerability } from "../../domain/findings/search/find-vulnerability.ts";
import { readQuestion } from "../../domain/findings/search/question.ts";
import type { Settings } from "../../domain/settings.ts";
import { atLeast, type Severity } from "../../domain/severity.ts";
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

type Arguments = { what?: string; severity?: Severity; fixable: boolean; running: boolean; csv: boolean };

/** What the last scan says of a scope, an image or a CVE. */
export async function answer(
  { what, severity, fixable, running, csv }: Arguments,
  ports: Ports,
  { language }: Invocation,
): Promise<Answer> {
  const snapshot = await lastSnapshot(ports.store.findings);
  if (!snapshot) return noScanMessage(ports.settings.schedules, language);
  const filters = { severity, fixable, running };
  const shown = { head: snapshot.head, filters, csv, language };
  const question = readQuestion(what);
  if (question.kind === "vulnerability") {
    const affected = await findVulnerability(snapshot, question.id);
    const fitting = affected.flatMap(({ artifact, matches }) => {
      if (running && !isRunning(artifact)) return [];
      const some = matches.filter(
        (one) => (!severity || atLeast(one.severity, severity)) && (!fixable || one.fix === "available"),
      );
      return some.length > 0 ? [{ artifact, matches: some }] : [];
    });
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
}

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
