import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { Baseline } from "../domain/coverage/watch/watch-state.ts";
import { sentences } from "../locales/sentences.ts";

const say = sentences({
  en: {
    headline_one: "Watching coverage from now on: {{count}} cluster, {{bad}} not covered",
    headline_other: "Watching coverage from now on: {{count}} clusters, {{bad}} not covered",
    unknown: ", {{count}} unknown",
    note_one: "Gaps that exist now aren't repeated here. Read: {{count}} subscription.",
    note_other: "Gaps that exist now aren't repeated here. Read: {{count}} subscriptions.",
    status: "Show coverage",
  },
  ja: {
    headline_other: "カバレッジの監視を開始しました: クラスター {{count}} 個、保護なし {{bad}} 個",
    unknown: "、不明 {{count}} 個",
    note_other: "現時点の不足はここでは繰り返しません。読み取ったサブスクリプション: {{count}} 個。",
    status: "カバレッジを表示",
  },
});

const event = z.object({
  at: z.string(),
  subscriptions: z.number(),
  clusters: z.number(),
  notCovered: z.number(),
  unknown: z.number(),
});

export default notifier<Baseline>({
  texts: {
    en: { summary: "Coverage when monitoring started, in one message" },
    ja: { summary: "監視開始時点のカバレッジの要約" },
  },
  topic: "coverage",
  event,
  filters: [],
  key: ({ at }) => at,
  at: ({ at }) => at,
  render({ subscriptions, clusters, notCovered, unknown }, { language }) {
    const words = say(language);
    const rest = unknown > 0 ? words("unknown", { count: unknown }) : "";
    return {
      headline: `${words("headline", { count: clusters, bad: notCovered })}${rest}`,
      tone: "neutral",
      parts: [
        { note: words("note", { count: subscriptions }) },
        { actions: [{ label: words("status"), line: "status" }] },
      ],
    };
  },
});
