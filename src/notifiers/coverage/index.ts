import { notifier } from "../../definitions/notifier.ts";
import type { Member } from "../../domain/coverage/watch/watch-state.ts";
import type { Located } from "../../domain/scope/scope.ts";
import { changedMessage, coverageMessage } from "./coverage-message.ts";
import { type CoverageEvent, coverageEvent } from "./event.ts";

export default notifier<CoverageEvent>({
  texts: {
    en: { summary: "Coverage that was lost, by cause; its recovery updates the same message" },
    ja: { summary: "失われた保護を原因ごとに知らせ、回復したら同じメッセージを更新する" },
  },
  topic: "coverage",
  event: coverageEvent,
  filters: ["scope"],
  place: ({ members }) => members.flatMap(placesOf),
  key: ({ id }) => id,
  at: ({ opened }) => opened,
  render: (event, { language }) => coverageMessage(event, language),
  changed: (before, after, { language }) => changedMessage(before, after, language),
});

/** A subscription's plan is the matter of whoever watches one of its clusters, too. */
function placesOf({ kind, name, subscription, resourceGroup, within = [] }: Member): Located[] {
  const own: Located = {
    subscription,
    ...(resourceGroup !== undefined && { resourceGroup }),
    ...(kind !== "subscription" && { [kind]: name }),
  };
  return [own, ...within.map((one) => ({ ...one, subscription }))];
}
