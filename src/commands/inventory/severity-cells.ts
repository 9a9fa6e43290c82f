import type { SeverityCounts } from "../../domain/findings/model/snapshot.ts";
import type { Language } from "../../locales/language.ts";
import type { Cell, Table } from "../../message/message.ts";
import { severityWord } from "../../message/words.ts";

/** The columns of the findings that are looked at first. */
export function countColumns(language: Language): Table["table"]["columns"] {
  return (["critical", "high"] as const).map((severity) => ({
    label: severityWord(severity, language),
    align: "right",
  }));
}

export function severityCells({ critical = 0, high = 0 }: SeverityCounts): Cell[] {
  return [{ number: critical }, { number: high }];
}
