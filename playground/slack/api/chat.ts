import { isObject } from "../blocks/check.ts";
import { refuseBlocks } from "../blocks/validate.ts";
import { type Block, type Message, type Metadata, onTheWire } from "../message.ts";
import { type Change, edit, messageAt, post, remove } from "../posting.ts";
import type { State } from "../state.ts";
import { type Args, flag, type Method, required, SlackRefusal, text, tier3, tier4 } from "./method.ts";
import { visibleChannel, writableChannel } from "./places.ts";

/** Posting, changing and deleting messages. Source: docs.slack.dev "chat.*" methods. */

const longestText = 40_000;

/** The message's content, refused where Slack refuses it. */
export function content(args: Args, state: State): { text: string | undefined; blocks: Block[] | undefined } {
  const body = text(args, "text");
  if (body !== undefined && body.length > longestText) throw new SlackRefusal("msg_too_long");
  const blocks = args.blocks === undefined || args.blocks === "" ? undefined : args.blocks;
  if (blocks !== undefined) {
    const refusal = refuseBlocks(blocks, state.settings);
    if (refusal) throw new SlackRefusal(refusal.error, refusal);
  }
  return { text: body, blocks: blocks as Block[] | undefined };
}

function someContent(args: Args, state: State): { text: string; blocks: Block[] | undefined } {
  const given = content(args, state);
  const attached = Array.isArray(args.attachments) && args.attachments.length > 0;
  if (given.text === undefined && !given.blocks?.length && !attached) throw new SlackRefusal("no_text");
  return { text: given.text ?? "", blocks: given.blocks };
}

const largestMetadata = 16 * 1024;

function metadataOf(args: Args): Metadata | undefined {
  const value = args.metadata;
  if (value === undefined || value === "") return undefined;
  if (!isObject(value) || typeof value.event_type !== "string" || !isObject(value.event_payload))
    throw new SlackRefusal("invalid_metadata_format");
  if (JSON.stringify(value).length > largestMetadata) throw new SlackRefusal("metadata_too_large");
  return value as Metadata;
}

/**
 * Replies hang on the first message of their thread, whichever of its messages was named. Below a message that was
 * deleted Slack refuses nothing: the reply appears in the channel itself (seen live, slack-go/slack issue 1571).
 */
export function threadOf(args: Args, state: State, channel: string): string | undefined {
  const ts = text(args, "thread_ts");
  if (ts === undefined) return undefined;
  if (!/^\d+\.\d{6}$/.test(ts)) throw new SlackRefusal("invalid_thread_ts");
  const parent = messageAt(state, channel, ts);
  if (!parent && state.gone.has(`${channel}/${ts}`)) return undefined;
  if (!parent) throw new SlackRefusal("thread_not_found");
  return parent.thread_ts ?? parent.ts;
}

function own(state: State, args: Args, refusal: string): Message {
  const channel = visibleChannel(args, state);
  const message = messageAt(state, channel.id, required(args, "ts"));
  if (!message) throw new SlackRefusal("message_not_found");
  if (message.user !== state.bot.user_id) throw new SlackRefusal(refusal);
  if (channel.is_archived) throw new SlackRefusal("is_archived");
  return message;
}

const postMessage: Method = {
  scopes: ["chat:write"],
  paced: true,
  run(args, state) {
    const channel = writableChannel(args, state, { publicScope: true });
    const body = someContent(args, state);
    const message = post(state, {
      channel: channel.id,
      user: state.bot.user_id,
      ...body,
      thread_ts: threadOf(args, state, channel.id),
      reply_broadcast: flag(args, "reply_broadcast"),
      metadata: metadataOf(args),
      unfurl_links: flag(args, "unfurl_links"),
      unfurl_media: flag(args, "unfurl_media"),
    });
    return { ok: true, channel: channel.id, ts: message.ts, message: onTheWire(message, true) };
  },
};

const update: Method = {
  scopes: ["chat:write"],
  perMinute: tier3,
  run(args, state) {
    const message = own(state, args, "cant_update_message");
    const given = content(args, state);
    const metadata =
      isObject(args.metadata) && Object.keys(args.metadata).length === 0 ? null : metadataOf(args);
    if (given.text === undefined && given.blocks === undefined && metadata === undefined)
      throw new SlackRefusal("no_text");
    const change: Change = { text: given.text, blocks: given.blocks, metadata };
    edit(state, message, change);
    const { channel, ts } = message;
    return { ok: true, channel, ts, text: message.text, message: onTheWire(message, true) };
  },
};

const deletion: Method = {
  scopes: ["chat:write"],
  perMinute: tier3,
  run(args, state) {
    const message = own(state, args, "cant_delete_message");
    remove(state, message);
    return { ok: true, channel: message.channel, ts: message.ts };
  },
};

const postEphemeral: Method = {
  scopes: ["chat:write"],
  perMinute: tier4,
  run(args, state) {
    const channel = writableChannel(args, state, { publicScope: true });
    const user = required(args, "user");
    const inside = channel.members ? channel.members.includes(user) : state.users.has(user);
    if (!inside) throw new SlackRefusal("user_not_in_channel");
    const body = someContent(args, state);
    const thread_ts = threadOf(args, state, channel.id);
    const draft = { channel: channel.id, user: state.bot.user_id, ...body, thread_ts, ephemeralTo: user };
    return { ok: true, message_ts: post(state, draft).ts };
  },
};

const getPermalink: Method = {
  run(args, state) {
    const channel = visibleChannel(args, state);
    const ts = required(args, "message_ts");
    if (!messageAt(state, channel.id, ts)) throw new SlackRefusal("message_not_found");
    const permalink = `https://${state.team.domain}.slack.com/archives/${channel.id}/p${ts.replace(".", "")}`;
    return { ok: true, channel: channel.id, permalink };
  },
};

export const chat: Record<string, Method> = {
  "chat.postMessage": postMessage,
  "chat.update": update,
  "chat.delete": deletion,
  "chat.postEphemeral": postEphemeral,
  "chat.getPermalink": getPermalink,
};
