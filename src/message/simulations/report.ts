import type { Comparison, SimulationEvent } from "../../domain/simulations/events.ts";
import { unexpectedOf } from "../../domain/simulations/proofs/judge.ts";
import { ownAlerts } from "../../domain/simulations/proofs/match.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Action, Message, Part, Sentence } from "../message.ts";
import { severityWord } from "../words.ts";
import { adviceParts } from "./advice.ts";
import { checkParts } from "./checks.ts";
import { cleanUpParts } from "./clean-up.ts";
import { requesterSentence } from "./progress.ts";
import { detectionChart, verdictTable } from "./report-figures.ts";
import { verdictHeadline, verdictTone } from "./verdict.ts";

const say = sentences({
  en: {
    "by-refused": "Refused by {{who}}.",
    "by-cancelled": "Cancelled by {{who}}.",
    reason: "Reason: {{reason}}",
    attack: "The attack started {{when}} and took {{time}}.",
    twice:
      "The response to the first request was lost, so the sample alerts were requested again: each may have arrived twice.",
    "no-last": "No earlier report of this scenario here to compare with.",
    same: "Same as the last run ({{when}}).",
    lost: "Detected in the last run ({{when}}), missing now: {{titles}}",
    won: "Missing in the last run ({{when}}), detected now: {{titles}}",
    slower: "Slower than the last run ({{when}}): {{titles}}",
    times: "{{title}} ({{before}} → {{now}})",
    unread: "Unknown, because it couldn't be read when the wait was over: {{said}}",
    unexpected: "Unexpected alerts:",
    details: "Details",
    again: "Run again",
    dismiss_one: "Dismiss alert",
    dismiss_other: "Dismiss {{count}} alerts",
    "ask-title": "Dismiss in Azure?",
    "ask-text": "The alerts of this run are set to Dismissed in Defender for Cloud.",
    yes: "Dismiss",
    no: "Cancel",
  },
  ja: {
    "by-refused": "{{who}} が却下しました。",
    "by-cancelled": "{{who}} が中止しました。",
    reason: "理由: {{reason}}",
    attack: "攻撃の開始: {{when}}、所要時間: {{time}}。",
    twice:
      "最初の依頼への応答を受け取れなかったため、もう一度依頼しました。サンプル アラートが二重に届いている場合があります。",
    "no-last": "この対象での、このシナリオの以前のレポートはないため、比較していません。",
    same: "前回 ({{when}}) と同じ結果です。",
    lost: "前回 ({{when}}) は検出、今回は未検出: {{titles}}",
    won: "前回 ({{when}}) は未検出、今回は検出: {{titles}}",
    slower: "前回 ({{when}}) より遅い検出: {{titles}}",
    times: "{{title}} ({{before}} → {{now}})",
    unread: "待ち時間の終了時に読み取れなかったため、不明です: {{said}}",
    unexpected: "想定外のアラート:",
    details: "詳細",
    again: "もう一度実行",
    dismiss_other: "アラート {{count}} 件を無視",
    "ask-title": "Azure で無視しますか?",
    "ask-text": "この実行によるアラートを、Defender for Cloud で「無視」に変更します。",
    yes: "無視する",
    no: "キャンセル",
  },
});

/** A finished run: verdict, table, chart, changes, what to check, leftovers. */
export function reportMessage(event: SimulationEvent, language: Language): Message {
  const { run, about } = event;
  const judged = run.started !== undefined && run.verdicts.some(({ verdict }) => verdict !== "waiting");
  const figures = judged && (run.happened || run.sightings.length > 0);
  const parts: Part[] = [
    ...peopleParts(run, language),
    ...(run.failure?.said ? [{ quote: run.failure.said }] : []),
    ...(figures ? [verdictTable(event, language), ...detectionChart(event, language)] : []),
    ...unreadParts(run, language),
    ...(run.state === "reported" ? comparisonParts(event, language) : []),
    ...unexpectedParts(run, language),
    ...adviceParts(run, about.expects, language),
    ...cleanUpParts(run, language),
    ...(run.preflight && run.failure?.what === "checks"
      ? checkParts(run.preflight, about.expects, language)
      : []),
    { actions: reportActions(run, language) },
  ];
  return { headline: verdictHeadline(event, language), tone: verdictTone(run), parts };
}

function peopleParts(run: Run, language: Language): Part[] {
  const words = say(language);
  const [key, person] =
    run.state === "refused"
      ? (["by-refused", run.refusedBy] as const)
      : (["by-cancelled", run.cancelledBy] as const);
  const when = run.started ? { time: run.started } : undefined;
  const duration =
    run.started && run.finished ? Date.parse(run.finished) - Date.parse(run.started) : undefined;
  return [
    { sentence: requesterSentence(run, language) },
    ...(person ? [{ sentence: words.rich(key, { who: { person } }) }] : []),
    ...(run.reason ? [{ note: words("reason", { reason: run.reason }) }] : []),
    ...(when && duration !== undefined
      ? [
          {
            note: words.rich("attack", {
              when,
              time: formatDuration(duration, language),
            }),
          },
        ]
      : []),
    ...(run.twice ? [{ note: words("twice") }] : []),
  ];
}

function unreadParts({ verdicts, unread }: Run, language: Language): Part[] {
  if (!unread || !verdicts.some(({ verdict }) => verdict === "unknown")) return [];
  return [{ note: say(language)("unread", { said: unread }) }];
}

/** Comparison with the last run of the same scenario on the same target. */
function comparisonParts({ run, comparison, earlier }: SimulationEvent, language: Language): Part[] {
  const words = say(language);
  if (!comparison) return [{ note: words("no-last") }];
  const list = comparisonSentences(run, comparison, language);
  const last = earlier.find((one) => one.run === comparison.with);
  const unknown = [...run.verdicts, ...(last?.verdicts ?? [])].some(({ verdict }) => verdict === "unknown");
  // What could not be read, then or now, is not the same.
  if (list.length === 0 && unknown) return [];
  const when = { time: comparison.at };
  return list.length > 0 ? [{ list }] : [{ note: words.rich("same", { when }) }];
}

/** What got worse or better since the last run; empty if nothing changed. */
export function comparisonSentences(run: Run, comparison: Comparison, language: Language): Sentence[] {
  const words = say(language);
  const title = (index: number) => run.verdicts.find((one) => one.index === index)?.title[language] ?? "";
  const time = (seconds: number) => formatDuration(seconds * 1000, language);
  const slower = comparison.slower.map(({ index, before, seconds }) =>
    words("times", { title: title(index), before: time(before), now: time(seconds) }),
  );
  const lists = { lost: comparison.lost.map(title), slower, won: comparison.won.map(title) };
  return (["lost", "slower", "won"] as const)
    .filter((key) => lists[key].length > 0)
    .map((key) =>
      words.rich(key, {
        when: { time: comparison.at },
        titles: lists[key].join(", "),
      }),
    );
}

function unexpectedParts(run: Run, language: Language): Part[] {
  const others = unexpectedOf(run);
  if (others.length === 0) return [];
  const list = others.slice(0, 10).map(({ title, severity, portal }): Sentence => {
    const text = `${severityWord(severity, language)} · ${title}`;
    return portal ? [{ link: text, url: portal }] : text;
  });
  return [{ sentence: [{ strong: say(language)("unexpected") }] }, { list }];
}

function reportActions(run: Run, language: Language): Action[] {
  const words = say(language);
  const target = run.cluster ? [run.cluster.name] : [];
  const { registry, node, image } = run.parameters;
  const chosen = { registry, node, image };
  const count = ownAlerts(run).length;
  const confirm = { title: words("ask-title"), text: words("ask-text"), yes: words("yes"), no: words("no") };
  return [
    { label: words("details"), line: commandLine(["simulations", run.id]) },
    { label: words("again"), line: commandLine(["simulate", run.scenario, ...target], chosen) },
    ...(count > 0
      ? [{ label: words("dismiss", { count }), line: commandLine(["dismiss-simulation", run.id]), confirm }]
      : []),
  ];
}
