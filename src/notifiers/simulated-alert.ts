import { notifier } from "../definitions/notifier.ts";
import type { AlertSeen } from "../domain/alerts/alert.ts";
import { simulatedAlertMessage } from "./alert/alert-message.ts";
import { alertSeen } from "./alert/event.ts";

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
  render: simulatedAlertMessage,
});
