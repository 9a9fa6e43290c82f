import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Part } from "../../message/message.ts";
import type { Examination } from "./examine.ts";

const say = sentences({
  en: { sizes: "What the memory holds", kind: "What", keys: "Keys", size: "Bytes", kept: "Kept" },
  ja: { sizes: "記憶域の内訳", kind: "内容", keys: "キー", size: "バイト", kept: "保存期間" },
});

const kindWords: Record<string, Record<Language, string>> = {
  alerts: { en: "alerts seen", ja: "確認済みのアラート" },
  audit: { en: "audit log", ja: "監査ログ" },
  findings: { en: "findings", ja: "検出結果" },
  leases: { en: "which process does what", ja: "プロセスの分担" },
  mutes: { en: "mutes", ja: "ミュート" },
  once: { en: "requests seen, shared answers", ja: "受信済みの要求、共有用の回答" },
  outbox: { en: "what channels have or will get", ja: "チャンネルへの送信済み・送信待ち" },
  queue: { en: "background work", ja: "バックグラウンドの処理" },
  simulations: { en: "simulations", ja: "シミュレーション" },
  slots: { en: "schedules", ja: "スケジュール" },
  subscriptions: { en: "subscriptions", ja: "購読" },
  trouble: { en: "open troubles", ja: "未解決の問題" },
};

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

/** What has been kept, in a reader's words; a kind that this version does not know, as it is called. */
function kindWord(kind: string, language: Language): string {
  return kindWords[kind]?.[language] ?? kind;
}
