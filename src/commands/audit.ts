import { z } from "zod";
import { duration, flag } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import { formatDuration, formatItems, formatNumber } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { auditedText } from "../message/audited.ts";
import type { Inline, Message, Part } from "../message/message.ts";

type AuditEntry = Awaited<ReturnType<Ports["store"]["audit"]["read"]>>[number];

const say = sentences({
  en: {
    some_one: "{{number}} entry in the audit log of the last {{since}}: {{outcomes}}",
    some_other: "{{number}} entries in the audit log of the last {{since}}: {{outcomes}}",
    none: "Nothing in the audit log of the last {{since}}",
    counted: "{{number}} {{word}}",
    started: "outcome unknown",
    done: "done",
    refused: "refused",
    failed: "failed",
    entry: "{{time}} · {{who}} · {{what}}{{how}}{{times}}{{detail}}",
    how: " · {{outcome}}",
    times: " ({{number}} times in a minute)",
    more_one: "{{count}} older entry not shown. Run {{line}} for all of them.",
    more_other: "{{count}} older entries not shown. Run {{line}} for all of them.",
    file_one: "Audit log ({{count}} row)",
    file_other: "Audit log ({{count}} rows)",
  },
  ja: {
    some_other: "過去 {{since}}の監査ログ {{number}} 件: {{outcomes}}",
    none: "過去 {{since}}の監査ログはありません",
    counted: "{{word}} {{number}} 件",
    started: "結果不明",
    done: "実行",
    refused: "拒否",
    failed: "失敗",
    entry: "{{time}} · {{who}} · {{what}}{{how}}{{times}}{{detail}}",
    how: " · {{outcome}}",
    times: " (1 分間に {{number}} 回)",
    more_other: "これより古いものが {{count}} 件あります。{{line}} ですべて出力します。",
    file_other: "監査ログ ({{count}} 行)",
  },
});

const week = 7 * 86_400_000;
const shown = 25;

export default command({
  texts: {
    en: {
      summary: "Who did what through Breakwater",
      detail:
        "What was changed or refused, kept for 400 days or as retention.audit says. Repeated refusals are counted per person and minute.",
    },
    ja: {
      summary: "Breakwater での操作の履歴",
      detail:
        "変更と拒否の記録です。400 日間 (retention.audit の設定があればその日数) 保存します。繰り返しの拒否は、ユーザーごとに 1 分単位で集計します。",
    },
  },
  examples: ["audit", "audit --since 30d --csv"],
  arguments: z.object({ since: duration.default(week), csv: flag }),
  argumentTexts: {
    since: { en: "How far back.", ja: "さかのぼる期間。" },
    csv: { en: "Adds every entry as a CSV file.", ja: "すべての記録を CSV ファイルで添付します。" },
  },
  access: "operator",
  effect: "none",
  quick: true,
  async run({ since, csv }, { store, clock }, { language }) {
    const now = clock.now();
    const entries = await store.audit.read(new Date(Date.parse(now) - since).toISOString());
    const words = say(language);
    const left = entries.length - shown;
    const line = { code: `/defender audit --since ${Math.ceil(since / 3_600_000)}h --csv` };
    const parts: Part[] = [
      ...(entries.length > 0
        ? [{ list: entries.slice(0, shown).map((entry) => entryLine(entry, language)) }]
        : []),
      ...(left > 0 && !csv ? [{ note: words.rich("more", { count: left, line }) }] : []),
      ...(csv ? [auditFile(entries, now, language)] : []),
    ];
    return { headline: headline(entries, since, language), parts } satisfies Message;
  },
});

function headline(entries: readonly AuditEntry[], since: number, language: Language): string {
  const words = say(language);
  const outcomes = (["started", "done", "refused", "failed"] as const)
    .map((outcome) => [outcome, entries.filter((entry) => entry.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) =>
      words("counted", { number: formatNumber(count, language), word: words(outcome) }),
    );
  const number = formatNumber(entries.length, language);
  const values = {
    count: entries.length,
    number,
    since: formatDuration(since, language),
    outcomes: formatItems(outcomes, language),
  };
  return words(entries.length > 0 ? "some" : "none", values);
}

/** `19:20 · @Olivia · approved simulation web-shell on aks-demo`; the line where the entry has no words. */
function entryLine(entry: AuditEntry, language: Language): Inline[] {
  const { at, person, outcome, audited, detail, count } = entry;
  const words = say(language);
  const done = outcome === "done";
  const line = { code: shorten(withoutIds(entry.line), 120) };
  return words.rich("entry", {
    time: { time: at },
    who: { person },
    what: audited ? auditedText(audited, done, language) : line,
    how: done ? "" : words("how", { outcome: words(outcome) }),
    times: count ? words("times", { number: formatNumber(count, language) }) : "",
    detail: !done && detail ? ` — ${shorten(detail, 150)}` : "",
  });
}

const columns = ["at", "person", "channel", "source", "command", "action", "target", "outcome"] as const;

function auditFile(entries: readonly AuditEntry[], at: string, language: Language): Part {
  const header = [...columns, "summary", "count", "detail", "line"];
  const rows = entries.map((entry) => [
    ...columns.map((key) => entry[key] ?? ""),
    entry.audited ? auditedText(entry.audited, entry.outcome === "done", language) : "",
    ...[entry.count ?? 1, entry.detail ?? "", entry.line],
  ]);
  const name = `audit-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`;
  return { file: { name, title: say(language)("file", { count: rows.length }), csv: [header, ...rows] } };
}

/** Long ids by their ends only, so that what was done with them stays in sight; the CSV has them whole. */
function withoutIds(line: string): string {
  return line.replace(/\S{60,}/g, (word) => `…${[...word].slice(-36).join("")}`);
}

function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}
