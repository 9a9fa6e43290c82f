import type { SimulationEvent } from "../../domain/simulations/events.ts";
import { isOver } from "../../domain/simulations/transitions.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message, Part, Sentence } from "../message.ts";
import { progressMessage } from "./progress.ts";
import { reportMessage } from "./report.ts";
import { requestMessage } from "./request.ts";
import { runStateWord, verdictWord } from "./words.ts";

const say = sentences({
  en: {
    by: "{{state}} by {{who}}",
    log_one: "Log, {{count}} new line:",
    log_other: "Log, {{count}} new lines:",
    result: "{{verdict}}: {{title}}",
    unreachable: "Azure or the cluster doesn't respond, or refuses; retrying",
    recovered: "Azure and the cluster are responding again",
    later: "Removed: {{what}}",
  },
  ja: {
    by: "{{state}} ({{who}})",
    log_other: "ログ (新しい行 {{count}} 行):",
    result: "{{verdict}}: {{title}}",
    unreachable: "Azure またはクラスターが応答しないか、要求を拒否しています。再試行しています",
    recovered: "Azure とクラスターの応答が回復しました",
    later: "残っていたものを削除しました: {{what}}",
  },
});

/** The message of a run: its request, then its progress, then its report. */
export function runMessage(event: SimulationEvent, language: Language): Message {
  if (event.run.state === "requested") return requestMessage(event, language);
  return isOver(event.run) ? reportMessage(event, language) : progressMessage(event, language);
}

/** A thread reply: new states, new detections and new log lines. */
export function runReply(
  before: SimulationEvent,
  after: SimulationEvent,
  language: Language,
): Message | undefined {
  const words = say(language);
  const news = [...newResults(before, after, language), ...transitions(before, after, language)];
  const lines = newLines(before, after);
  if (!before.run.troubled && after.run.troubled) news.push(words("unreachable"));
  if (before.run.troubled && !after.run.troubled) news.push(words("recovered"));
  const later = (after.run.cleanUp?.later ?? []).slice(before.run.cleanUp?.later?.length ?? 0);
  if (later.length > 0) news.push(words("later", { what: later.map(({ what }) => what).join(", ") }));
  if (news.length === 0 && lines.length === 0) return undefined;
  const count = after.run.logged - before.run.logged;
  const log = words("log", { count: Math.max(count, lines.length) });
  // The latest is the headline: a fast run enters several states between two replies.
  const first = news.at(-1);
  const others = news.slice(0, -1);
  const parts: Part[] = [
    ...(others.length > 0 ? [{ list: others }] : []),
    ...(lines.length > 0 ? [...(first ? [{ note: log }] : []), { quote: lines.join("\n") }] : []),
  ];
  return { headline: first ?? log, parts };
}

/** States entered since then, in order, with who decided. */
function transitions(before: SimulationEvent, after: SimulationEvent, language: Language): Sentence[] {
  const words = say(language);
  const { approver, refusedBy, cancelledBy } = after.run;
  const by = { approved: approver, refused: refusedBy, cancelled: cancelledBy };
  return Object.entries(after.run.at)
    .filter(([state]) => before.run.at[state as keyof typeof before.run.at] === undefined)
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([state, at]): Sentence => {
      const word = runStateWord(state as typeof after.run.state, language);
      const person = by[state as keyof typeof by];
      const text = person ? words.rich("by", { state: word, who: { person } }) : [word];
      return [...text, " · ", { time: at, style: "clock" }];
    });
}

function newResults(before: SimulationEvent, after: SimulationEvent, language: Language): Sentence[] {
  const words = say(language);
  return after.run.verdicts
    .filter(({ index, verdict }) => {
      const last = before.run.verdicts.find((one) => one.index === index)?.verdict;
      return (verdict === "detected" || verdict === "late") && last !== verdict;
    })
    .map(({ title, verdict }) =>
      words("result", { verdict: verdictWord(verdict, language), title: title[language] }),
    );
}

/** Log lines since then, as far as they are still kept. */
function newLines(before: SimulationEvent, after: SimulationEvent): string[] {
  const fresh = after.run.logged - before.run.logged;
  return fresh > 0 ? after.run.log.slice(-fresh) : [];
}
