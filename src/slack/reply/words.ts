import { isAnswerLost, UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
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
    files_one: "The file {{files}} is in your direct messages.",
    files_other: "The files {{files}} are in your direct messages.",
    lostFile: "The file {{file}} may not have arrived ({{code}}). If you can't find it, ask again.",
    noFile: "The file {{file}} could not be sent: {{code}}.",
    busy: "Too much is waiting at the moment. Please try again in a minute.",
  },
  ja: {
    rest_other: "残り {{count}} 件のメッセージはダイレクト メッセージに送りました。",
    left_other: "ボットがこのチャンネルに参加していないため、残り {{count}} 件のメッセージは表示できません。",
    unposted_other: "残り {{count}} 件のメッセージを投稿できませんでした: {{code}}",
    beyond_other:
      "1 つの回答で共有できるのは {{most}} 件までのため、残り {{count}} 件のメッセージを省略しました。",
    files_other: "ファイル {{files}} はダイレクト メッセージに送りました。",
    lostFile:
      "ファイル {{file}} は届いていない可能性があります ({{code}})。見当たらない場合は、もう一度実行してください。",
    noFile: "ファイル {{file}} を送れませんでした: {{code}}",
    busy: "現在、処理が混み合っています。少し待ってから再実行してください。",
  },
});

/** What became of a file that could not be sent; where only the answer was lost, it may be there all the same. */
export function fileFailure(file: string, error: unknown, language: Language): string {
  const code = error instanceof UpstreamError ? error.code : "error";
  return replyWords(language)(isAnswerLost(error) ? "lostFile" : "noFile", { file, code });
}
