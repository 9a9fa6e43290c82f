import type { RenderContext } from "../../definitions/notifier.ts";
import { type AlertSeen, stateAfter } from "../../domain/alerts/alert.ts";
import { bySeverity } from "../../domain/severity.ts";
import { sentences } from "../../locales/sentences.ts";
import {
  actorSentence,
  alertActions,
  alertHeadline,
  alertTone,
  isClosed,
  placeText,
} from "../../message/alerts/alert.ts";
import {
  alertTimes,
  simulationBadge,
  simulationNote,
  whatAndWhere,
} from "../../message/alerts/alert-lines.ts";
import type { Message, Part } from "../../message/message.ts";
import { severityWord, stateWord } from "../../message/words.ts";

const say = sentences({
  en: {
    sample: "SAMPLE",
    "sample-note": "Sample alert generated on request. Its entities are fictitious.",
    first: "Next step: {{step}}",
    state: "State is now {{state}} (was {{before}})",
    raised: "Severity was raised to {{severity}} (was {{before}})",
    lowered: "Severity was lowered to {{severity}} (was {{before}})",
    severity: "Severity is now {{severity}} (was {{before}})",
    entities_one: "Now concerns {{count}} entity (was {{before}})",
    entities_other: "Now concerns {{count}} entities (was {{before}})",
    and: ". ",
    named: "{{changes}}: {{alert}}",
    changed: "Changed outside Slack (portal or another tool).",
    "not-kept": "Changed outside Slack, or the last change through Breakwater did not take effect in Azure.",
  },
  ja: {
    sample: "サンプル",
    "sample-note": "Defender に作成させたサンプル アラートです。エンティティは架空のものです。",
    first: "次の対応: {{step}}",
    state: "状態が「{{state}}」になりました (以前は「{{before}}」)",
    raised: "重大度が {{severity}} に上がりました (以前: {{before}})",
    lowered: "重大度が {{severity}} に下がりました (以前: {{before}})",
    severity: "重大度が {{severity}} になりました (以前: {{before}})",
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
  const badge = simulation
    ? simulationBadge(simulation, language)
    : alert.sample
      ? words("sample")
      : undefined;
  const note = simulation
    ? simulationNote(simulation, language)
    : alert.sample
      ? words("sample-note")
      : undefined;
  const step = isClosed(alert) ? undefined : alert.remediation[0];
  const parts: (Part | undefined)[] = [
    { sentence: whatAndWhere(alert, language) },
    { note: alertTimes(alert, posted, language) },
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
    const unknown = [is.severity, was.severity].includes("unknown");
    const key = unknown ? "severity" : bySeverity(is.severity, was.severity) < 0 ? "raised" : "lowered";
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
      : is.state !== was.state && ![is.state, was.state].includes("unknown")
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
