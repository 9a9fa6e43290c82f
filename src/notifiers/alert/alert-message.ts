import type { RenderContext } from "../../definitions/notifier.ts";
import { type Alert, type AlertSeen, type CausedBy, stateAfter } from "../../domain/alerts/alert.ts";
import { bySeverity } from "../../domain/severity.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import {
  actorSentence,
  alertActions,
  alertHeadline,
  alertTone,
  entityBeside,
  placeText,
} from "../../message/alert.ts";
import type { Inline, Message, Part } from "../../message/message.ts";
import { tacticsText } from "../../message/tactics.ts";
import { severityWord, stateWord } from "../../message/words.ts";

const say = sentences({
  en: {
    simulation: "SIMULATION",
    "simulation-likely": "SIMULATION?",
    "simulation-note": "No action needed (simulation {{scenario}}, run {{run}}).",
    "likely-note":
      "Probably caused by simulation {{scenario}} (run {{run}}): type, cluster and time match, but it names nothing that the run created. Check before you close it.",
    sample: "SAMPLE",
    "sample-note": "Sample alert generated on request. Its entities are fictitious.",
    first: "Next step: {{step}}",
    detected: "Detected {{at}}",
    reported: "reported by Defender {{at}}",
    "reported-first": "Reported by Defender {{at}}",
    posted: "posted {{at}} ({{lag}} after detection)",
    "posted-only": "Posted {{at}}",
    state: "State is now {{state}} (was {{before}})",
    raised: "Severity was raised to {{severity}} (was {{before}})",
    lowered: "Severity was lowered to {{severity}} (was {{before}})",
    entities_one: "Now concerns {{count}} entity (was {{before}})",
    entities_other: "Now concerns {{count}} entities (was {{before}})",
    and: ". ",
    named: "{{changes}}: {{alert}}",
    changed: "Changed outside Slack (portal or another tool).",
    "not-kept": "Changed outside Slack, or the last change through Breakwater did not take effect in Azure.",
  },
  ja: {
    simulation: "シミュレーション",
    "simulation-likely": "シミュレーション?",
    "simulation-note": "シミュレーション {{scenario}} (実行 {{run}}) によるものです。対応は不要です。",
    "likely-note":
      "シミュレーション {{scenario}} (実行 {{run}}) によるものと思われます。種類、クラスター、時刻は一致しますが、実行が作成したものの名前を含みません。閉じる前に確認してください。",
    sample: "サンプル",
    "sample-note": "Defender に作成させたサンプル アラートです。エンティティは架空のものです。",
    first: "次の対応: {{step}}",
    detected: "検出 {{at}}",
    reported: "Defender が報告 {{at}}",
    "reported-first": "Defender が報告 {{at}}",
    posted: "投稿 {{at}} (検出から {{lag}})",
    "posted-only": "投稿 {{at}}",
    state: "状態が {{state}} になりました (以前: {{before}})",
    raised: "重大度が {{severity}} に上がりました (以前: {{before}})",
    lowered: "重大度が {{severity}} に下がりました (以前: {{before}})",
    entities_one: "関係するエンティティが {{count}} 件になりました (以前: {{before}} 件)",
    entities_other: "関係するエンティティが {{count}} 件になりました (以前: {{before}} 件)",
    and: "。",
    named: "{{changes}}: {{alert}}",
    changed: "Slack 以外 (ポータルなど) で変更されました。",
    "not-kept": "Slack 以外で変更されたか、Breakwater による直前の変更が Azure に反映されませんでした。",
  },
});

/** The message of one alert. */
export function alertMessage(
  { alert, actor, simulation }: AlertSeen,
  { language, posted }: RenderContext,
): Message & { headline: string } {
  const words = say(language);
  const caused = simulation?.likely ? words("simulation-likely") : words("simulation");
  const badge = simulation ? caused : alert.sample ? words("sample") : undefined;
  const note = simulation
    ? words(simulation.likely ? "likely-note" : "simulation-note", nameOf(simulation))
    : alert.sample
      ? words("sample-note")
      : undefined;
  const step = alert.remediation[0];
  const parts: (Part | undefined)[] = [
    { sentence: whatAndWhere(alert, language) },
    { note: timesOf(alert, posted, language) },
    step ? { sentence: words("first", { step }) } : undefined,
    actor ? { sentence: actorSentence(actor, language) } : undefined,
    note ? { note } : undefined,
    { actions: alertActions(alert, language, { details: true, mute: true }) },
  ];
  return {
    headline: [badge, alertHeadline(alert, language)].filter(Boolean).join(" · "),
    tone: alertTone(alert),
    parts: parts.filter((part) => part !== undefined),
  };
}

/** The reply in the thread of a run; how long Defender took is in the run's report. */
export function simulatedAlertMessage(
  { alert, actor, simulation }: AlertSeen,
  { language }: RenderContext,
): Message {
  const words = say(language);
  const times = timesOf(alert, undefined, language);
  const parts: Part[] = [
    { sentence: whatAndWhere(alert, language) },
    ...(times.length > 0 ? [{ note: times }] : []),
    ...(actor ? [{ sentence: actorSentence(actor, language) }] : []),
    ...(simulation ? [{ note: words("simulation-note", nameOf(simulation)) }] : []),
    { actions: alertActions(alert, language, { details: true, mute: false }) },
  ];
  const headline = `${words("simulation")} · ${alertHeadline(alert, language)}`;
  return { headline, tone: alertTone(alert), parts };
}

const nameOf = ({ run, scenario }: CausedBy) => ({ run, scenario });

/** `default/redis-7c9d8 · Credential Access · Contoso Production`: what the headline has no room for. */
function whatAndWhere(alert: Alert, language: Language): string {
  const { namespace, workload, tactics, place } = alert;
  return [
    [namespace, workload].filter(Boolean).join("/"),
    entityBeside(alert),
    tacticsText(tactics, language),
    place.subscription.name,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** When it was detected, when Defender reported it, and when it was posted: three clocks, each said as such. */
function timesOf({ start, generated }: Alert, posted: string | undefined, language: Language): Inline[] {
  const words = say(language);
  const time = (key: "detected" | "reported" | "reported-first" | "posted-only", at: string) =>
    words.rich<Exclude<Inline, string>>(key, { at: { time: at } });
  const first = start ?? generated;
  if (first === undefined) return posted ? time("posted-only", posted) : [];
  const known = [
    ...(start ? time("detected", start) : []),
    ...(generated ? [start ? " · " : "", ...time(start ? "reported" : "reported-first", generated)] : []),
  ];
  if (!posted) return known;
  const lag = formatDuration(Math.max(0, Date.parse(posted) - Date.parse(first)), language);
  return [...known, " · ", ...words.rich<Exclude<Inline, string>>("posted", { at: { time: posted }, lag })];
}

/** What changed, where it matters, and of which alert: its thread may be about many. */
export function changedReply(
  before: AlertSeen,
  after: AlertSeen,
  { language }: RenderContext,
): Message | undefined {
  const words = say(language);
  const [was, is] = [before.alert, after.alert];
  const said: string[] = [];
  if (is.state !== was.state) {
    said.push(
      words("state", { state: stateWord(is.state, language), before: stateWord(was.state, language) }),
    );
  }
  if (is.severity !== was.severity) {
    const key = bySeverity(is.severity, was.severity) < 0 ? "raised" : "lowered";
    said.push(
      words(key, {
        severity: severityWord(is.severity, language),
        before: severityWord(was.severity, language),
      }),
    );
  }
  // A row of Resource Graph may count entities otherwise than the alerts API: only whole readings are compared.
  if (is.whole && was.whole && is.entityCount > was.entityCount) {
    said.push(words("entities", { count: is.entityCount, before: was.entityCount }));
  }
  if (said.length === 0) return undefined;
  const byUs = after.actor !== undefined && after.actor.at !== before.actor?.at;
  return {
    headline: words("named", {
      changes: said.join(words("and")),
      alert: `${is.title} · ${placeText(is.place)}`,
    }),
    tone: alertTone(is),
    parts: byUs
      ? [{ sentence: actorSentence(after.actor!, language) }]
      : is.state !== was.state
        ? [
            {
              note: words(
                before.actor && stateAfter[before.actor.action] === was.state ? "not-kept" : "changed",
              ),
            },
          ]
        : [],
  };
}
