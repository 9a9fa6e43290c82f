import { z } from "zod";
import { notifier } from "../../definitions/notifier.ts";
import type { ComplianceDigest } from "../../domain/compliance/watch/digest.ts";
import { digestMessage } from "./digest-message.ts";

/** Made by the job from parsed values; what is checked here is that it is a digest of this version. */
const digest = z.custom<ComplianceDigest>((value) => {
  const one = value as ComplianceDigest | null;
  return one?.v === 1 && typeof one.slot === "string" && Array.isArray(one.standards);
}, "a digest of compliance");

/** The job filters by scope before it publishes, because figures can't be filtered afterwards. */
export default notifier<ComplianceDigest>({
  texts: {
    en: {
      summary:
        "Controls that changed since the last reading, and a weekly summary, within the subscription's scope",
    },
    ja: { summary: "前回の読み取りから変化したコントロールと週ごとのまとめ (範囲は事前に適用)" },
  },
  topic: "compliance",
  event: digest,
  filters: [],
  // A channel that begins to watch gets the figures, the others what changed.
  key: ({ slot, filter, kind }) => `${slot}|${filter}|${kind === "baseline" ? kind : ""}`,
  at: ({ slot }) => slot,
  keptDays: 14,
  render: (event, { language }) => digestMessage(event, language),
});
