import type { SimulationEvent } from "../../domain/simulations/events.ts";
import { type Run, type RunState, runStates } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Inline, Message, Part, Sentence } from "../message.ts";
import { targetName } from "./request.ts";
import { runStateWord, verdictWord } from "./words.ts";

const say = sentences({
  en: {
    headline: "{{state}}: {{scenario}} on {{target}}",
    seen: "{{detected}} of {{expected}} detected so far",
    queued_one: "{{count}} run is before it on this cluster.",
    queued_other: "{{count}} runs are before it on this cluster.",
    asked: "Asked for by {{who}}.",
    approved: "Asked for by {{who}}, approved by {{approver}}.",
    drill: "Drill {{name}}, with the standing approval of {{who}}.",
    reason: "Reason: {{reason}}",
    step: "Step {{done}} of {{total}}",
    until: "Waits for Defender until {{until}}.",
    troubled: "No answer since {{since}}; it is tried again. Details: {{said}}",
    "asked-defender":
      "Defender's answer was lost: its sample alerts are waited for, and only where none comes is it asked once more.",
    failing: "It will be reported as failed: {{said}}",
    cancel: "Cancel",
    "ask-title": "Cancel the simulation?",
    "ask-text": "It ends, and what it created is removed.",
    yes: "Cancel it",
    no: "Back",
    log: "Log lines are in the thread.",
  },
  ja: {
    headline: "{{state}}: {{target}} での {{scenario}}",
    seen: "現在 {{expected}} 件中 {{detected}} 件を検出",
    queued_one: "このクラスターで先に {{count}} 件が待っています。",
    queued_other: "このクラスターで先に {{count}} 件が待っています。",
    asked: "申請: {{who}}。",
    approved: "申請: {{who}}、承認: {{approver}}。",
    drill: "訓練 {{name}} ({{who}} の事前承認による)。",
    reason: "理由: {{reason}}",
    step: "手順 {{done}}/{{total}}",
    until: "{{until}} まで Defender の検出を待ちます。",
    troubled: "{{since}} から応答がありません。再試行しています。詳細: {{said}}",
    "asked-defender":
      "Defender の応答を受け取れませんでした。サンプル アラートの到着を待ち、届かない場合に限り、もう一度依頼します。",
    failing: "失敗として報告します: {{said}}",
    cancel: "中止",
    "ask-title": "シミュレーションを中止しますか?",
    "ask-text": "実行を終了し、作成したものを削除します。",
    yes: "中止する",
    no: "戻る",
    log: "ログはスレッドにあります。",
  },
});

/** The way of a run that goes well. */
const way: readonly RunState[] = runStates.slice(0, 7);

/** A run under way: where it is, what was seen so far, and until when Defender has time. */
export function progressMessage({ run, about, before }: SimulationEvent, language: Language): Message {
  const words = say(language);
  const state = runStateWord(run.state, language);
  const values = { state, scenario: run.scenario, target: targetName(run) };
  const seen = seenSoFar(run, language);
  const parts: (Part | undefined)[] = [
    { progress: { done: Math.max(0, way.indexOf(run.state)), total: way.length - 1, label: state } },
    { sentence: askedSentence(run, language) },
    run.reason ? { note: words("reason", { reason: run.reason }) } : undefined,
    before ? { sentence: words("queued", { count: before }) } : undefined,
    run.state === "running"
      ? {
          note: words("step", {
            done: Math.min(run.step + 1, about.steps.length),
            total: about.steps.length,
          }),
        }
      : undefined,
    run.state === "verifying" && run.started
      ? { sentence: words.rich("until", { until: waitsUntil(run) }) }
      : undefined,
    seen.length > 0 ? { list: seen } : undefined,
    // What must not be asked twice is not simply tried again.
    run.troubled && isAsked(run) ? { sentence: words("asked-defender") } : undefined,
    run.troubled && !isAsked(run)
      ? {
          sentence: words.rich<Exclude<Inline, string>>("troubled", {
            since: { time: run.troubled.since },
            said: run.troubled.said,
          }),
        }
      : undefined,
    run.failure ? { sentence: words("failing", { said: run.failure.said }) } : undefined,
    run.logged > 0 ? { note: words("log") } : undefined,
    run.state === "cleaning-up" ? undefined : { actions: [cancelAction(run, language)] },
  ];
  const { detected, expected } = soFar(run);
  const counted =
    run.state === "verifying" && expected > 0 ? ` · ${words("seen", { detected, expected })}` : "";
  return {
    headline: words("headline", values) + counted,
    tone: run.troubled || run.failure ? "warning" : "neutral",
    parts: parts.filter((part) => part !== undefined),
  };
}

/** Who asked, and who approved. */
export function askedSentence(run: Run, language: Language): Sentence {
  const words = say(language);
  const who = { person: run.requester };
  if (run.drill) return words.rich<Exclude<Inline, string>>("drill", { name: run.drill.name, who });
  if (!run.approver) return words.rich<Exclude<Inline, string>>("asked", { who });
  return words.rich<Exclude<Inline, string>>("approved", { who, approver: { person: run.approver } });
}

/** Whether Defender took the request for sample alerts is not known. */
function isAsked({ asked, state }: Run): boolean {
  return asked !== undefined && state === "running";
}

function waitsUntil({ started, verifySeconds }: Run): Exclude<Inline, string> {
  return { time: new Date(Date.parse(started!) + verifySeconds * 1000).toISOString(), style: "clock" };
}

function soFar({ verdicts }: Run): { detected: number; expected: number } {
  const expected = verdicts.filter(({ required, verdict }) => required && verdict !== "not-expected");
  const detected = expected.filter(({ verdict }) => verdict === "detected" || verdict === "late");
  return { detected: detected.length, expected: expected.length };
}

function seenSoFar({ verdicts, state }: Run, language: Language): string[] {
  if (state !== "running" && state !== "verifying") return [];
  return verdicts
    .filter(({ verdict }) => verdict !== "not-expected")
    .map(({ title, verdict }) => `${verdictWord(verdict, language)}: ${title[language]}`);
}

function cancelAction(run: Run, language: Language) {
  const words = say(language);
  return {
    label: words("cancel"),
    line: commandLine(["cancel-simulation", run.id]),
    style: "danger" as const,
    confirm: { title: words("ask-title"), text: words("ask-text"), yes: words("yes"), no: words("no") },
  };
}
