import type { SimulationEvent } from "../../domain/simulations/events.ts";
import { type Run, type RunState, runStates, targetName } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { peopleSentence } from "../decision.ts";
import { commandLine } from "../line.ts";
import type { Inline, Message, Part, Sentence } from "../message.ts";
import { runStateWord, verdictWord } from "./words.ts";

const say = sentences({
  en: {
    headline: "{{state}}: {{scenario}} on {{target}}",
    seen: "{{detected}} of {{expected}} detected so far",
    queued_one: "Queued: {{count}} run ahead on this cluster.",
    queued_other: "Queued: {{count}} runs ahead on this cluster.",
    drill: "Drill {{name}}, preapproved by {{who}}.",
    reason: "Reason: {{reason}}",
    step: "Step {{done}} of {{total}}",
    until: "Waiting for Defender until {{until}}.",
    unreachable: "Held up since {{since}}. Retrying. Details: {{detail}}",
    "asked-defender":
      "Defender's response was lost. Waiting for the sample alerts; they are requested once more only if none arrives.",
    failing: "The run failed and is being cleaned up: {{detail}}",
    cancel: "Cancel",
    "ask-title": "Cancel the simulation?",
    "ask-text": "The run ends, and everything it created is deleted.",
    yes: "Cancel simulation",
    no: "Keep running",
    log: "The log is in the thread.",
  },
  ja: {
    headline: "{{state}}: {{target}} での {{scenario}}",
    seen: "現在 {{expected}} 件中 {{detected}} 件を検出",
    queued_other: "順番待ち: このクラスターで先に {{count}} 件あります。",
    drill: "訓練 {{name}} (事前承認: {{who}})。",
    reason: "理由: {{reason}}",
    step: "手順 {{done}}/{{total}}",
    until: "Defender の検出を {{until}} まで待機中。",
    unreachable: "{{since}} から先に進めていません。再試行しています。詳細: {{detail}}",
    "asked-defender":
      "Defender の応答を受け取れませんでした。サンプル アラートの到着を待ち、届かない場合に限り、もう一度依頼します。",
    failing: "実行に失敗しました。クリーンアップしています: {{detail}}",
    cancel: "中止",
    "ask-title": "シミュレーションを中止しますか?",
    "ask-text": "実行を終了し、作成したものを削除します。",
    yes: "中止する",
    no: "続行する",
    log: "ログはスレッドを参照してください。",
  },
});

/** States of a successful run, in order. */
const successStates: readonly RunState[] = runStates.slice(0, 7);

/** A run in progress: its state, what was detected so far, and how long it waits for Defender. */
export function progressMessage({ run, about, before }: SimulationEvent, language: Language): Message {
  const words = say(language);
  const state = runStateWord(run.state, language);
  const values = { state, scenario: run.scenario, target: targetName(run) };
  const results = currentResults(run, language);
  const parts: (Part | undefined)[] = [
    {
      progress: {
        done: Math.max(0, successStates.indexOf(run.state)),
        total: successStates.length - 1,
        label: state,
      },
    },
    { sentence: requesterSentence(run, language) },
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
      ? { sentence: words.rich("until", { until: verifyUntil(run) }) }
      : undefined,
    results.length > 0 ? { list: results } : undefined,
    run.troubled && isUnconfirmed(run) ? { sentence: words("asked-defender") } : undefined,
    run.troubled && !isUnconfirmed(run)
      ? {
          sentence: words.rich("unreachable", {
            since: { time: run.troubled.since },
            detail: run.troubled.said,
          }),
        }
      : undefined,
    run.failure ? { sentence: words("failing", { detail: run.failure.said }) } : undefined,
    run.logged > 0 ? { note: words("log") } : undefined,
    run.state === "cleaning-up" ? undefined : { actions: [cancelAction(run, language)] },
  ];
  const { detected, expected } = countDetected(run);
  const counted =
    run.state === "verifying" && expected > 0 ? ` · ${words("seen", { detected, expected })}` : "";
  return {
    headline: words("headline", values) + counted,
    tone: run.troubled || run.failure ? "warning" : "neutral",
    parts: parts.filter((part) => part !== undefined),
  };
}

/** Who requested the run, and who approved it. */
export function requesterSentence(run: Run, language: Language): Sentence {
  const words = say(language);
  const who = { person: run.requester };
  if (run.drill) return words.rich("drill", { name: run.drill.name, who });
  return peopleSentence({ requester: run.requester, approver: run.approver }, language);
}

/** True while it is unknown whether Defender accepted the request for sample alerts. */
function isUnconfirmed({ asked, state }: Run): boolean {
  return asked !== undefined && state === "running";
}

function verifyUntil({ started, verifySeconds }: Run): Exclude<Inline, string> {
  return { time: new Date(Date.parse(started!) + verifySeconds * 1000).toISOString(), style: "clock" };
}

function countDetected({ verdicts }: Run): { detected: number; expected: number } {
  const expected = verdicts.filter(({ required, verdict }) => required && verdict !== "not-expected");
  const detected = expected.filter(({ verdict }) => verdict === "detected" || verdict === "late");
  return { detected: detected.length, expected: expected.length };
}

function currentResults({ verdicts, state }: Run, language: Language): string[] {
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
