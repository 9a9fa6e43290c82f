import type { Caller } from "../definitions/command.ts";
import { UpstreamError, UserError } from "../errors.ts";
import type { Chat } from "../ports/slack.ts";
import { isDirectMessage } from "../text/direct-message.ts";

const refusals = {
  archived: {
    en: "This channel is archived: nothing can be posted to it.",
    ja: "このチャンネルはアーカイブされているため、投稿できません。",
  },
  between: {
    en: "Breakwater isn't part of this conversation. Use a channel, or your direct messages with Breakwater.",
    ja: "この会話にはボットが参加していません。チャンネルか、ボットとのダイレクト メッセージを使用してください。",
  },
  hidden: {
    en: "Approvers must be able to see the request. Type the command in a channel, not in a direct message.",
    ja: "承認者が申請を見られるように、ダイレクト メッセージではなくチャンネルで申請してください。",
  },
  absent: {
    en: "Breakwater isn't in this channel. Type “/invite @Breakwater” here, then try again.",
    ja: "このチャンネルにボットが参加していません。ここで「/invite @Breakwater」と入力してから、もう一度実行してください。",
  },
};

/** Slack's words for a conversation that the bot cannot see. */
const unseen = ["channel_not_found", "not_in_channel"];
/** Slack asks for this scope of direct messages of several people alone [docs.slack.dev "conversations.info"]: the bot has no use for them. */
const ofSeveral = "(needs mpim:read)";

/**
 * Checks that the channel can be posted to, before anything is promised.
 * @throws UserError that says what to do; UpstreamError where Slack does not answer
 */
export async function assertReachable(
  { channel, person }: Pick<Caller, "channel" | "person">,
  chat: Pick<Chat, "channel" | "direct">,
): Promise<void> {
  // Looking at a direct conversation takes a right that the bot has no other use for: only its own can be posted to.
  if (isDirectMessage(channel)) {
    if ((await chat.direct(person)) !== channel) throw new UserError(refusals.between);
    return;
  }
  const info = await chat.channel(channel).catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.code === "missing_scope" && error.message.includes(ofSeveral))
      throw new UserError(refusals.between);
    if (!unseen.includes(error.code)) throw error;
  });
  if (info?.archived) throw new UserError(refusals.archived);
  if (!info?.member && !info?.open) throw new UserError(refusals.absent);
}

/**
 * The same for a request that others decide on: no approver reads someone's direct messages.
 * @throws what `assertReachable` throws
 */
export async function assertSeenByApprovers(
  caller: Pick<Caller, "channel" | "person">,
  chat: Pick<Chat, "channel" | "direct">,
): Promise<void> {
  if (isDirectMessage(caller.channel)) throw new UserError(refusals.hidden);
  await assertReachable(caller, chat);
}
