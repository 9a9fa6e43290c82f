import type { SimulationEvent } from "../../domain/simulations/events.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message, Part, Sentence } from "../../message/message.ts";
import { checkParts } from "../../message/simulations/checks.ts";
import { requestMessage } from "../../message/simulations/request.ts";
import { runMessage } from "../../message/simulations/run-message.ts";
import { runStateWord } from "../../message/simulations/words.ts";

const say = sentences({
  en: {
    steps: "Timeline of run {{run}}",
    log_one: "Log ({{count}} line, tokens redacted)",
    log_other: "Log (last {{count}} lines, tokens redacted)",
    check: "Preflight ({{when}})",
  },
  ja: {
    steps: "実行 {{run}} の経過",
    log_other: "ログ (最後の {{count}} 行。トークンはマスク済み)",
    check: "実行前チェック ({{when}})",
  },
});

/** One run: its message (a request with its full plan), its timeline, its preflight and its log. */
export function runDetails(event: SimulationEvent, language: Language): Message {
  const { run, about } = event;
  const words = say(language);
  const states = Object.entries(run.at)
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(
      ([state, at]): Sentence => [
        runStateWord(state as typeof run.state, language),
        " · ",
        { time: at, style: "full" },
      ],
    );
  const thread: Message[] = [{ headline: words("steps", { run: run.id }), parts: [{ list: states }] }];
  if (run.preflight) {
    const headline = words.rich("check", { when: { time: run.preflight.at } });
    thread.push({ headline, parts: checkParts(run.preflight, about.expects, language) });
  }
  if (run.log.length > 0) {
    const quote: Part = { quote: run.log.join("\n") };
    thread.push({ headline: words("log", { count: run.log.length }), parts: [quote] });
  }
  const message =
    run.state === "requested" ? requestMessage(event, language, { full: true }) : runMessage(event, language);
  return { ...message, thread };
}
