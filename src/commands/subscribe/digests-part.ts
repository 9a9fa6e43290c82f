import type { DayCount } from "../../domain/findings/model/snapshot.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { countedText } from "../../message/findings/finding.ts";
import type { Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    some_one: "This would have sent {{count}} digest in the last 7 days (one per schedules.rescan)",
    some_other: "This would have sent {{count}} digests in the last 7 days (one per schedules.rescan)",
    none: "Preview unknown because no scan was read in the last 7 days",
    line: ": {{added}} new, {{fixed}} fixed · open {{open}}",
    whole: "Numbers are for the whole scope: the stored history can't be filtered.",
    immediate: "Notifications about newly pushed images aren't included: there's no history of them.",
  },
  ja: {
    some_other:
      "この条件では、過去 7 日間に {{count}} 件のまとめが通知されていました (schedules.rescan ごとに 1 件)",
    none: "過去 7 日間に読み取ったスキャンがないため、プレビューは不明です",
    line: ": 新規 {{added}} 件、修正済み {{fixed}} 件 · 未対応 {{open}}",
    whole: "環境全体の件数です。絞り込み後の件数は、保存している記録からは分かりません。",
    immediate: "プッシュ直後のイメージの通知が何件になったかは、記録がないため分かりません。",
  },
});

/** What the digests of the last days counted, the oldest first. `whole`: in the whole estate, whatever the filters. */
export type DigestPreview = { days: DayCount[]; whole: boolean };

/** The first line of a preview of `rescan`. */
export function digestsHeadline({ days }: DigestPreview, language: Language): string {
  return say(language)(days.length > 0 ? "some" : "none", { count: days.length });
}

/** One line for each digest, the newest first, and what is unknown. */
export function digestsParts(
  { days, whole }: DigestPreview,
  { immediate }: ChannelSubscription,
  language: Language,
): Part[] {
  const words = say(language);
  const lines = days.toReversed().map(({ slot, open, fixed, added }): Sentence => {
    const values = {
      added: formatNumber(added, language),
      fixed: formatNumber(fixed, language),
      open: countedText(open, language),
    };
    return [{ time: slot }, words("line", values)];
  });
  return [
    ...(lines.length > 0 ? [{ list: lines }] : []),
    ...(lines.length > 0 && whole ? [{ note: words("whole") }] : []),
    ...(immediate ? [{ note: words("immediate") }] : []),
  ];
}
