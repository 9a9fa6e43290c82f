import { alertSeen } from "../../definitions/alert-event.ts";
import { notifier } from "../../definitions/notifier.ts";
import { type AlertSeen, alertNames, repetitionKey } from "../../domain/alerts/alert.ts";
import { alertMessage, changedReply } from "./alert-message.ts";
import { bundleMessage, joinedReply } from "./bundle-message.ts";

export default notifier<AlertSeen>({
  texts: {
    en: { summary: "Security alerts: each once, updated in place; bursts and repetitions rolled up" },
    ja: {
      summary:
        "セキュリティ アラート: 1 件につき 1 通、状態が変わればその場で更新。多発と繰り返しはまとめて通知",
    },
  },
  topic: "alerts",
  event: alertSeen,
  filters: ["severity", "scope", "state"],
  severity: ({ alert }) => alert.severity,
  place: ({ alert }) => alert.place,
  dismissed: ({ alert }) => alert.state === "dismissed",
  sort: ({ alert }) => alertNames(alert),
  key: ({ alert }) => alert.id,
  at: ({ alert }) => alert.generated ?? alert.start ?? "",
  origin: ({ alert }) => alert.generated,
  bundle: {
    over: 5,
    // What a simulation caused joins its own run's message only: the badge may never hide a real alert.
    again: {
      key: ({ alert, simulation }) => [repetitionKey(alert), simulation?.run].filter(Boolean).join("|"),
      withinSeconds: 3600,
    },
    render: bundleMessage,
    joined: joinedReply,
  },
  render: alertMessage,
  changed: changedReply,
});
