import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { Enablement } from "../domain/enablement/enablement.ts";
import { enablementMessage, enablementReply } from "../message/enablement/enablement.ts";

/** Events come from the store, which checks them when it reads; only their presence is checked here. */
const event = z.custom<Enablement>(
  (value) => typeof (value as Enablement | null)?.code === "string",
  "an enablement",
);

export default notifier<Enablement>({
  texts: {
    en: {
      summary: "Something to turn on in Azure: request, decision, progress and evidence, in one message",
    },
    ja: { summary: "Azure で有効にする設定: 申請、判断、進行状況、動作の確認を 1 通のメッセージで" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id }) => id,
  at: ({ at }) => at.requested ?? "",
  render: (one, { language }) => enablementMessage(one, language),
  changed: (before, after, { language }) => enablementReply(before, after, language),
});
