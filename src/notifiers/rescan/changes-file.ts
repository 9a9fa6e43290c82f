import { inflateSync } from "node:zlib";
import type { RescanDigest } from "../../domain/findings/digest/delta.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { File, Part } from "../../message/message.ts";

const say = sentences({
  en: {
    title_one: "Every change ({{number}} row)",
    title_other: "Every change ({{number}} rows)",
    left_one: "The file has the worst {{kept}} changes; {{left}} is left out.",
    left_other: "The file has the worst {{kept}} changes; {{left}} are left out.",
  },
  ja: {
    title_other: "すべての変化 ({{number}} 行)",
    left_other: "ファイルには重要な順に {{kept}} 件を含め、{{left}} 件は省略しました。",
  },
});

/** No more than this comes out of the stored text, whatever it says of itself. */
const mostBytes = 256 * 1024 * 1024;

/** Every change as a new file named after the slot, never a replaced one; says what the file had no room for. */
export function changesFile({ slot, changes, filter, filtered }: RescanDigest, language: Language): Part[] {
  const words = say(language);
  const kept = Math.min(changes.rows, changes.kept ?? changes.rows);
  const left = changes.rows - kept;
  const part = filtered ? `-${filter.replace(/[^A-Za-z0-9]+/g, "").slice(0, 12)}` : "";
  const file: File["file"] = {
    name: `rescan-${dated(slot)}${part}.csv`,
    title: words("title", { count: kept, number: formatNumber(kept, language) }),
    // Read only when the file itself is posted: a channel's other calls need not inflate it.
    get csv() {
      return rowsOf(changes.deflated);
    },
  };
  const note = words("left", {
    count: left,
    kept: formatNumber(kept, language),
    left: formatNumber(left, language),
  });
  return left > 0 ? [{ file }, { note }] : [{ file }];
}

/** `2026-11-24-08-00`, with seconds where a schedule has them: each slot has a name of its own. */
function dated(slot: string): string {
  return slot.slice(0, slot.slice(17, 19) === "00" ? 16 : 19).replace(/[:T]/g, "-");
}

/** The rows as the job put them down: one JSON array of cells a line, the header first. */
function rowsOf(deflated: string): (string | number)[][] {
  const text = inflateSync(Buffer.from(deflated, "base64"), { maxOutputLength: mostBytes }).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as (string | number)[]);
}
