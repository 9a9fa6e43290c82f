import type { Caller } from "../../definitions/command.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Chat } from "../../ports/slack.ts";
import { languages } from "../../text/language.ts";

const say = sentences({
  en: {
    archived: "This channel is archived: nothing can be posted to it.",
    between: "This conversation is not mine: subscribe in a channel, or in your direct messages with me.",
    absent: "I am not in this channel. Type “/invite @Breakwater” here, then subscribe again.",
  },
  ja: {
    archived: "このチャンネルはアーカイブされているため、投稿できません。",
    between:
      "この会話にはボットが参加していません。チャンネルか、ボットとのダイレクト メッセージで購読してください。",
    absent:
      "このチャンネルにボットが参加していません。ここで「/invite @Breakwater」と入力してから、もう一度購読してください。",
  },
});

/** Slack's words for a conversation that the bot cannot see. */
const unseen = ["channel_not_found", "not_in_channel", "missing_scope"];

/**
 * Checks that the channel can be posted to, before anything is promised.
 * @throws UserError that says what to do; UpstreamError where Slack does not answer
 */
export async function assertReachable(
  { channel, person }: Pick<Caller, "channel" | "person">,
  chat: Pick<Chat, "channel" | "direct">,
): Promise<void> {
  // Looking at a direct conversation takes a right that the bot has no other use for: only its own can be posted to.
  if (channel.startsWith("D")) {
    if ((await chat.direct(person)) !== channel) throw refusal("between");
    return;
  }
  const info = await chat.channel(channel).catch((error: unknown) => {
    if (error instanceof UpstreamError && unseen.includes(error.code)) return undefined;
    throw error;
  });
  if (info?.archived) throw refusal("archived");
  if (!info?.member) throw refusal("absent");
}

function refusal(key: "archived" | "absent" | "between"): UserError {
  const [en, ja] = languages.map((language) => say(language)(key));
  return new UserError({ en: en!, ja: ja! });
}
