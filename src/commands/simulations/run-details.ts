import type { SimulationEvent } from "../../domain/simulations/events.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message, Part, Sentence } from "../../message/message.ts";
import { checkParts } from "../../message/simulations/checks.ts";
import { runMessage } from "../../message/simulations/run-message.ts";
import { runStateWord } from "../../message/simulations/words.ts";

const say = sentences({
  en: {
    steps: "How run {{run}} went",
    log_one: "Its log, {{count}} line, tokens hidden",
    log_other: "Its log, the last {{count}} lines, tokens hidden",
    check: "What the check before it found ({{when}})",
  },
  ja: {
    steps: "実行 {{run}} の経過",
    log_one: "ログ ({{count}} 行。トークンは伏せています)",
    log_other: "ログ (最後の {{count}} 行。トークンは伏せています)",
    check: "事前確認の結果 ({{when}})",
  },
});

/** One run, whole: its message, and below it its states, its check and its log. */
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
    const headline = words.rich<{ time: string }>("check", { when: { time: run.preflight.at } });
    thread.push({ headline, parts: checkParts(run.preflight, about.expects, language) });
  }
  if (run.log.length > 0) {
    const quote: Part = { quote: run.log.join("\n") };
    thread.push({ headline: words("log", { count: run.log.length }), parts: [quote] });
  }
  return { ...runMessage(event, language), thread };
}
