import { z } from "zod";
import { notifier } from "../../definitions/notifier.ts";
import { type AlertSeen, alertNames, repetitionKey } from "../../domain/alert.ts";
import { alertMessage, changedReply } from "./alert-message.ts";
import { bundleMessage, joinedReply } from "./bundle-message.ts";

/** Events are made by the feed from parsed alerts; what is checked here is that one is there at all. */
const alertSeen = z.custom<AlertSeen>(
  (value) => typeof (value as AlertSeen | null)?.alert?.id === "string",
  "an alert that was seen",
);

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
    // What a simulation caused joins its own run's message only: no real alert may hide behind the badge.
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
