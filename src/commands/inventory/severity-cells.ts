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

/** @param counts undefined where no scan has been read */
export function severityCells(counts: SeverityCounts | undefined): Cell[] {
  return severityNumbers(counts).map(countCell);
}

export function severityNumbers(counts: SeverityCounts | undefined): (number | undefined)[] {
  return [counts && (counts.critical ?? 0), counts && (counts.high ?? 0)];
}

/** A number, and a dash for one that is unknown. */
export function countCell(count: number | undefined): Cell {
  return count === undefined ? "–" : { number: count };
}
