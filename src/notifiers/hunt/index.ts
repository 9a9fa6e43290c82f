import { z } from "zod";
import { notifier } from "../../definitions/notifier.ts";
import type { HuntEvent } from "../../domain/hunts/hunt-watch.ts";
import { huntMessage } from "./hunt-message.ts";

/** Events come from the store, which checks them when it reads. */
const event = z.custom<HuntEvent>(
  (value) => typeof (value as HuntEvent | null)?.news?.at === "string",
  "news of a watched hunt",
);

export default notifier<HuntEvent>({
  texts: {
    en: { summary: "A watched hunt: it begins, rows appear or go, it can't be compared, and it can again" },
    ja: { summary: "監視中のハント: 開始、行の出現と消滅、比較できない状態とその回復" },
  },
  topic: "direct",
  event,
  filters: [],
  severity: ({ about }) => about.severity,
  channel: ({ channel }) => channel,
  key: ({ id, news }) => `${id} ${news.at}`,
  at: ({ news }) => news.at,
  keptDays: 14,
  render: (event, { language }) => huntMessage(event, language),
});
