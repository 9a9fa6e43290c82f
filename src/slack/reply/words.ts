import { sentences } from "../../locales/sentences.ts";

export const replyWords = sentences({
  en: {
    rest_one: "{{count}} more message is in your direct messages.",
    rest_other: "{{count}} more messages are in your direct messages.",
    left_one: "{{count}} more message can't be shown here: Breakwater isn't in this channel.",
    left_other: "{{count}} more messages can't be shown here: Breakwater isn't in this channel.",
    unposted_one: "{{count}} more message couldn't be posted: {{code}}.",
    unposted_other: "{{count}} more messages couldn't be posted: {{code}}.",
    beyond_one: "{{count}} more message was left out: an answer is shared in at most {{most}} messages.",
    beyond_other: "{{count}} more messages were left out: an answer is shared in at most {{most}} messages.",
    file: "The file {{file}} is in your direct messages.",
    noFile: "The file {{file}} could not be sent: {{code}}.",
    busy: "Too much is waiting at the moment. Please try again in a minute.",
  },
  ja: {
    rest_other: "残り {{count}} 件のメッセージはダイレクト メッセージに送りました。",
    left_other: "ボットがこのチャンネルに参加していないため、残り {{count}} 件のメッセージは表示できません。",
    unposted_other: "残り {{count}} 件のメッセージを投稿できませんでした: {{code}}",
    beyond_other:
      "1 つの回答で共有できるのは {{most}} 件までのため、残り {{count}} 件のメッセージを省略しました。",
    file: "ファイル {{file}} はダイレクト メッセージに送りました。",
    noFile: "ファイル {{file}} を送れませんでした: {{code}}",
    busy: "現在、処理が混み合っています。少し待ってから再実行してください。",
  },
});
