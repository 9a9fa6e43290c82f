import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { Exemption } from "../domain/exemptions/exemptions.ts";
import { exemptionMessage, exemptionReply } from "../message/exemptions/exemptions.ts";

/** Events come from the store, which checks them when it reads; only their presence is checked here. */
const event = z.custom<Exemption>(
  (value) => typeof (value as Exemption | null)?.code === "string",
  "an exemption",
);

export default notifier<Exemption>({
  texts: {
    en: { summary: "A suppression or exemption: request, decision, and what became of it, in one message" },
    ja: { summary: "抑制または除外: 申請、判断、その後の経過を 1 通のメッセージで" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id }) => id,
  at: ({ at }) => at.requested ?? "",
  render: (one, { language }) => exemptionMessage(one, language),
  changed: (before, after, { language }) => exemptionReply(before, after, language),
});
