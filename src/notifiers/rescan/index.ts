import { z } from "zod";
import { notifier } from "../../definitions/notifier.ts";
import type { RescanDigest } from "../../domain/findings/digest/delta.ts";
import { digestMessage } from "./digest-message.ts";

/** Made by the job from parsed snapshots; what is checked here is that it is a digest of this version. */
const digest = z.custom<RescanDigest>((value) => {
  const one = value as RescanDigest | null;
  return one?.v === 1 && typeof one.slot === "string" && typeof one.head?.asOf === "string";
}, "a digest of a rescan");

/**
 * One digest for each slot of `schedules.rescan` and each filter that channels have: the job filters by severity and
 * scope before it publishes, because a digest is made of counts that cannot be filtered afterwards.
 */
export default notifier<RescanDigest>({
  texts: {
    en: {
      summary:
        "What changed in the findings since the last scan, within the subscription's severity and scope",
    },
    ja: { summary: "前回のスキャンからの検出結果の変化 (重大度と範囲は事前に適用)" },
  },
  topic: "rescan",
  event: digest,
  filters: [],
  key: ({ slot, filter }) => `${slot}|${filter}`,
  at: ({ slot }) => slot,
  // It carries every change of its day, which may be megabytes; a digest is not edited after its day.
  keptDays: 14,
  render: digestMessage,
});
