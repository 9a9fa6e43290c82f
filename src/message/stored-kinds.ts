import type { Language } from "../locales/language.ts";

const kindWords: Record<string, Record<Language, string>> = {
  alerts: { en: "alerts seen", ja: "確認済みのアラート" },
  audit: { en: "audit log", ja: "監査ログ" },
  channels: { en: "changed channel IDs", ja: "変更されたチャンネル ID" },
  compliance: { en: "last known compliance", ja: "最後に確認した規制コンプライアンス" },
  coverage: { en: "last known coverage", ja: "最後に確認したカバレッジ" },
  enablements: { en: "requests to turn something on", ja: "有効化の申請" },
  exemptions: { en: "suppressions and exemptions", ja: "抑制と除外" },
  findings: { en: "findings", ja: "検出結果" },
  hunts: { en: "watched hunts", ja: "監視中のハント" },
  leases: { en: "process leases", ja: "プロセスの分担" },
  mutes: { en: "mutes", ja: "ミュート" },
  once: { en: "handled requests, shared answers", ja: "受信済みの要求、共有用の回答" },
  outbox: { en: "notifications sent and pending", ja: "チャンネルへの送信済み・送信待ち" },
  quarantine: { en: "unreadable values", ja: "読み取れなかった値" },
  queue: { en: "background work", ja: "バックグラウンドの処理" },
  readings: { en: "shared readings of Azure", ja: "共有されている Azure の読み取り結果" },
  recommendations: { en: "last known recommendations", ja: "最後に確認した推奨事項" },
  simulations: { en: "simulations", ja: "シミュレーション" },
  slots: { en: "schedules", ja: "スケジュール" },
  subscriptions: { en: "subscriptions", ja: "購読" },
  trouble: { en: "open problems", ja: "未解決の問題" },
};

/** What is kept in Redis, in a reader's words; a kind that this version does not know, as it is called. */
export function kindWord(kind: string, language: Language): string {
  return kindWords[kind]?.[language] ?? kind;
}
