import { passedShare, type StateCounts } from "../../domain/compliance/summary.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Cell, Table } from "../message.ts";
import { controlStateWord } from "./words.ts";

const say = sentences({
  en: {
    caption: "Controls by standard",
    standard: "Standard",
    share: "Passed (%)",
    subscriptions: "Subscriptions",
    unread: "Not read",
  },
  ja: {
    caption: "標準ごとのコントロール",
    standard: "標準",
    share: "合格率 (%)",
    subscriptions: "サブスクリプション",
    unread: "読み取り不可",
  },
});

export type StandardFigures = {
  name: string;
  counts: StateCounts;
  subscriptions: number;
  missing?: number;
};

/** One row for each standard; each control counts once, with the worst state that it has anywhere. */
export function standardsTable(all: readonly StandardFigures[], language: Language): Table {
  const words = say(language);
  const some = {
    unknown: all.some(({ counts }) => counts.unknown > 0),
    missing: all.some(({ missing = 0 }) => missing > 0),
  };
  const states = (["failed", "passed", "skipped", "manual", "unknown"] as const).filter(
    (state) => state !== "unknown" || some.unknown,
  );
  const right = (label: string) => ({ label, align: "right" as const });
  const rows = all.map(({ name, counts, subscriptions, missing = 0 }): Cell[] => {
    const share = passedShare(counts);
    return [
      name,
      ...states.map((state) => ({ number: counts[state] })),
      share === undefined ? "–" : { number: share },
      { number: subscriptions },
      ...(some.missing ? [{ number: missing }] : []),
    ];
  });
  return {
    table: {
      caption: words("caption"),
      columns: [
        { label: words("standard") },
        ...states.map((state) => right(controlStateWord(state, language))),
        right(words("share")),
        right(words("subscriptions")),
        ...(some.missing ? [right(words("unread"))] : []),
      ],
      rows,
      pageSize: 10,
    },
  };
}
