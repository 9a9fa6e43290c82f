import type { ReaderDeclaration } from "../../src/domain/reading/reader.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";

const say = sentences({
  en: {
    title: "Readers of Azure's answers",
    made: "Generated from the readers by `npm run documents`; a test fails when it is out of date.",
    intro:
      "Names match in any letter case. Where there are several sources, the first one that has a value counts.",
    field: "Field",
    sources: "Read from, in this order",
    absent: "Where it is absent",
  },
  ja: {
    title: "Azure の応答の読み取り",
    made: "読み取り処理から `npm run documents` で生成しています。古くなるとテストが失敗します。",
    intro: "名前の大文字と小文字は区別しません。取得元が複数ある場合は、値のある最初のものを使います。",
    field: "フィールド",
    sources: "取得元 (順番どおり)",
    absent: "ない場合",
  },
});

/** The page of all readers: each field, where it is read from, and what follows where it is absent. */
export function readersPage(readers: readonly ReaderDeclaration[], language: Language): string {
  const words = say(language);
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const sections = readers.map(({ reader, fields }) => {
    const rows = fields.map(({ field, sources, absent }) =>
      line([field, sources.map((source) => `\`${source}\``).join(", "), absent[language]]),
    );
    const head = [line([words("field"), words("sources"), words("absent")]), line(["---", "---", "---"])];
    return [`## ${reader}`, [...head, ...rows].join("\n")].join("\n\n");
  });
  return `${[`# ${words("title")}`, words("made"), words("intro"), ...sections].join("\n\n")}\n`;
}
