import { z } from "zod";
import { notifier } from "../../definitions/notifier.ts";
import type { RecommendationsDigest } from "../../domain/recommendations/watch/digest.ts";
import { digestMessage } from "./digest-message.ts";

const event: z.ZodType<RecommendationsDigest> = z.custom<RecommendationsDigest>((value) => {
  const one = value as RecommendationsDigest | null;
  return one?.v === 1 && typeof one.slot === "string" && Array.isArray(one.changes);
}, "what changed about recommendations");

export default notifier<RecommendationsDigest>({
  texts: {
    en: {
      summary: "Recommendations that are new, fixed or raised since the last slot, one message for each slot",
    },
    ja: { summary: "前回から新しくなった、修正された、重大度が上がった推奨事項 (1 回につき 1 メッセージ)" },
  },
  topic: "recommendations",
  event,
  filters: [],
  severity: ({ changes }) => changes[0]?.severity ?? "informational",
  // Each filter has its own: channels with the same wish get the same.
  key: ({ slot, filter }) => `${slot} ${filter}`,
  at: ({ asOf }) => asOf,
  keptDays: 14,
  render: (digest, { language }) => digestMessage(digest, language),
});
