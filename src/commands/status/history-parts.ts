import type { DayCoverage } from "../../domain/coverage/history.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";
import { slotLabels } from "../../message/slot-labels.ts";

const say = sentences({
  en: {
    title: "Clusters by coverage",
    covered: "Covered",
    "not-covered": "Not covered",
    unknown: "Unknown",
    unit: "clusters",
    unread_one: "On {{count}} of these days, something couldn't be read: its clusters are missing there.",
    unread_other: "On {{count}} of these days, something couldn't be read: its clusters are missing there.",
  },
  ja: {
    title: "クラスターの保護状況",
    covered: "保護",
    "not-covered": "保護なし",
    unknown: "不明",
    unit: "クラスター",
    unread_other: "このうち {{count}} 日は読み取れなかったものがあり、そのクラスターは含まれていません。",
  },
});

/** How coverage developed, as a chart; nothing for a single day. Days on which something couldn't be read are named. */
export function historyParts(days: readonly DayCoverage[], language: Language): Part[] {
  if (days.length < 2) return [];
  const words = say(language);
  const verdicts = (["covered", "not-covered", "unknown"] as const).filter((verdict) =>
    days.some(({ clusters }) => clusters[verdict] > 0),
  );
  const unread = days.filter((day) => day.unread > 0).length;
  if (verdicts.length === 0) return [];
  return [
    {
      chart: {
        title: words("title"),
        kind: "line",
        categories: slotLabels(days.map(({ day }) => day)),
        series: verdicts.map((verdict) => ({
          name: words(verdict),
          values: days.map(({ clusters }) => clusters[verdict]),
        })),
        unit: words("unit"),
      },
    },
    ...(unread > 0 ? [{ note: words("unread", { count: unread }) }] : []),
  ];
}
