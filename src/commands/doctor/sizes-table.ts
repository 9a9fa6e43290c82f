import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";
import { kindWord } from "../../message/stored-kinds.ts";
import type { Examination } from "./examine.ts";

const say = sentences({
  en: { sizes: "Storage (Redis)", kind: "What", keys: "Keys", size: "Bytes", kept: "Kept" },
  ja: { sizes: "データ ストア (Redis)", kind: "内容", keys: "キー", size: "バイト", kept: "保存期間" },
});

/** How much each kind of state takes, and how long it is kept; nothing where that could not be read. */
export function sizesTable(seen: Examination["sizes"], language: Language): Part | undefined {
  if (!("value" in seen) || seen.value.length === 0) return undefined;
  const words = say(language);
  return {
    table: {
      caption: words("sizes"),
      columns: [
        { label: words("kind") },
        { label: words("keys"), align: "right" },
        { label: words("size"), align: "right" },
        { label: words("kept") },
      ],
      rows: seen.value.map(({ kind, keys, bytes, retention }) => [
        kindWord(kind, language),
        { number: keys },
        { number: bytes, text: formatNumber(bytes, language) },
        retention[language],
      ]),
      pageSize: 10,
    },
  };
}
