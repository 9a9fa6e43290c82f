import type { Language } from "../locales/language.ts";

export type SlackScope = { scope: string; optional?: true; for: Record<Language, string> };

/**
 * The OAuth scopes of the bot token and what each is for. The manifest and its document are made from this list, and
 * `doctor` checks exactly it. Meanings: docs.slack.dev "Scopes".
 */
export const slackScopes: readonly SlackScope[] = [
  {
    scope: "commands",
    for: { en: "the slash command and shortcuts", ja: "スラッシュ コマンドとショートカット" },
  },
  { scope: "chat:write", for: { en: "answering and posting alerts", ja: "応答とアラートの投稿" } },
  {
    scope: "app_mentions:read",
    for: { en: "hearing mentions, also in threads", ja: "スレッド内も含むメンションの受信" },
  },
  {
    scope: "channels:read",
    for: {
      en: "whether a public channel exists, is archived and has the bot in it",
      ja: "パブリック チャンネルの状態と参加の確認",
    },
  },
  {
    scope: "groups:read",
    for: { en: "the same for private channels", ja: "プライベート チャンネルについての同じ確認" },
  },
  {
    scope: "channels:history",
    for: {
      en: "finding a message again whose answer was lost, so that no alert is posted twice",
      ja: "応答が失われた投稿を見つけ、アラートの二重投稿を防ぐため",
    },
  },
  {
    scope: "groups:history",
    for: { en: "the same in private channels", ja: "プライベート チャンネルでの同じ確認" },
  },
  {
    scope: "im:write",
    for: {
      en: "sending files of a private answer, and notices to the admin",
      ja: "個人あてのファイルと管理者への通知の送信",
    },
  },
  {
    scope: "users:read",
    for: {
      en: "language, time zone, and whether someone is a guest",
      ja: "言語、タイム ゾーン、ゲストかどうかの確認",
    },
  },
  {
    scope: "usergroups:read",
    for: { en: "who is an operator or approver", ja: "オペレーターと承認者のグループの確認" },
  },
  { scope: "files:write", for: { en: "CSV files", ja: "CSV ファイルの共有" } },
  {
    scope: "chat:write.public",
    optional: true,
    for: {
      en: "posting to public channels without being invited",
      ja: "招待なしでのパブリック チャンネルへの投稿",
    },
  },
];
