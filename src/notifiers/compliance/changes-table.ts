import { shortStandardName } from "../../domain/compliance/standards.ts";
import type { ChangeLine, ComplianceDigest } from "../../domain/compliance/watch/digest.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { controlStateWord } from "../../message/compliance/words.ts";
import type { Cell, Part } from "../../message/message.ts";

const say = sentences({
  en: {
    caption: "Controls that changed",
    control: "Control",
    change: "Change",
    title: "Title",
    standard: "Standard",
    where: "Subscriptions",
    more: "{{names}} +{{count}}",
    file_one: "Every change ({{number}} row)",
    file_other: "Every change ({{number}} rows)",
    left: "The file has the first {{kept}} changes; {{left}} more are in `compliance --csv` as they are now.",
  },
  ja: {
    caption: "変化したコントロール",
    control: "コントロール",
    change: "変化",
    title: "名称",
    standard: "標準",
    where: "サブスクリプション",
    more: "{{names}} ほか {{count}} 個",
    file_other: "すべての変化 ({{number}} 行)",
    left: "ファイルには先頭の {{kept}} 件を含めました。残り {{left}} 件の現在の状態は `compliance --csv` で確認できます。",
  },
});

/** Rows of the message itself; with more, every change is in a file. */
const rowsShown = 20;

/** What changed as a table, those that fail now first, and as a file where there are many. */
export function changesParts({ changes, left, slot }: ComplianceDigest, language: Language): Part[] {
  if (changes.length === 0) return [];
  const words = say(language);
  const rows = changes
    .slice(0, rowsShown)
    .map((one): Cell[] => [
      one.control,
      changeText(one, language),
      one.title || "–",
      shortStandardName(one.name),
      whereText(one, language),
    ]);
  const columns = (["control", "change", "title", "standard", "where"] as const).map((key) => ({
    label: words(key),
  }));
  const total = changes.length + left;
  const kept = formatNumber(changes.length, language);
  return [
    {
      table: {
        caption: words("caption"),
        columns,
        rows,
        pageSize: 10,
        ...(total > rows.length && { total }),
      },
    },
    ...(total > rowsShown ? [file(changes, slot, language)] : []),
    ...(left > 0 ? [{ note: words("left", { kept, left: formatNumber(left, language) }) }] : []),
  ];
}

function changeText({ from, to }: ChangeLine, language: Language): string {
  return `${controlStateWord(from, language)} → ${controlStateWord(to, language)}`;
}

function whereText({ names, count }: Pick<ChangeLine, "names" | "count">, language: Language): string {
  const shown = formatItems(names.slice(0, 2), language);
  const more = count - Math.min(2, names.length);
  return more > 0 ? say(language)("more", { names: shown, count: more }) : shown;
}

const header = "standard,control,title,from,to,subscriptions,names".split(",");

function file(changes: readonly ChangeLine[], slot: string, language: Language): Part {
  const rows = changes.map((one) => [
    one.name,
    one.control,
    one.title,
    one.from,
    one.to,
    one.count,
    one.names.join("; "),
  ]);
  const number = formatNumber(rows.length, language);
  return {
    file: {
      name: `compliance-changes-${slot.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
      title: say(language)("file", { count: rows.length, number }),
      csv: [header, ...rows],
    },
  };
}
