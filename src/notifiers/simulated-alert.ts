import { alertSeen } from "../definitions/alert-event.ts";
import { notifier, type RenderContext } from "../definitions/notifier.ts";
import type { AlertSeen } from "../domain/alerts/alert.ts";
import { actorSentence, alertActions, alertHeadline, alertTone } from "../message/alerts/alert.ts";
import { alertTimes, simulationBadge, simulationNote, whatAndWhere } from "../message/alerts/alert-lines.ts";
import type { Message, Part } from "../message/message.ts";

export default notifier<AlertSeen>({
  texts: {
    en: { summary: "An alert that a simulation caused, in the thread of its run, updated in place" },
    ja: { summary: "シミュレーションによるアラート。実行のスレッドに投稿し、状態が変わればその場で更新" },
  },
  topic: "direct",
  event: alertSeen,
  filters: [],
  severity: ({ alert }) => alert.severity,
  channel: ({ simulation }) => simulation?.thread ?? "",
  key: ({ alert }) => alert.id,
  at: ({ alert }) => alert.generated ?? alert.start ?? "",
  below: ({ simulation }) => ({ notifier: "simulation", key: simulation?.run ?? "" }),
  render: replyMessage,
});

/** How long Defender took is in the run's report, not here. */
function replyMessage({ alert, actor, simulation }: AlertSeen, { language }: RenderContext): Message {
  const times = alertTimes(alert, undefined, language);
  const parts: Part[] = [
    { sentence: whatAndWhere(alert, language) },
    ...(times.length > 0 ? [{ note: times }] : []),
    ...(actor ? [{ sentence: actorSentence(actor, language) }] : []),
    ...(simulation ? [{ note: simulationNote(simulation, language) }] : []),
    { actions: alertActions(alert, language, { details: true, mute: false }) },
  ];
  const badge = simulation ? `${simulationBadge(simulation, language)} · ` : "";
  return { headline: `${badge}${alertHeadline(alert, language)}`, tone: alertTone(alert), parts };
}
