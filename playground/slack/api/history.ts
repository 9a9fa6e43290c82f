import { type Message, onTheWire } from "../message.ts";
import { messageAt } from "../posting.ts";
import type { Answer, State } from "../state.ts";
import { type Args, flag, limit, type Method, required, SlackRefusal, text, tier3 } from "./method.ts";
import { channelScope, readableChannel } from "./places.ts";

/** Reading a channel back. Source: docs.slack.dev "conversations.history", "conversations.replies". */

/** Tells whether a message lies between `oldest` and `latest`; both are open ends unless `inclusive`. */
function between(args: Args): (ts: string) => boolean {
  const inclusive = flag(args, "inclusive") ?? false;
  const oldest = boundary(args, "oldest");
  const latest = boundary(args, "latest");
  return (ts) => {
    const at = Number(ts);
    const after = oldest === undefined || at > oldest || (inclusive && at === oldest);
    return after && (latest === undefined || at < latest || (inclusive && at === latest));
  };
}

function boundary(args: Args, name: string): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number))
    throw new SlackRefusal(name === "oldest" ? "invalid_ts_oldest" : "invalid_ts_latest");
  return number;
}

function cursorTs(args: Args): number | undefined {
  const cursor = text(args, "cursor");
  if (cursor === undefined) return undefined;
  const ts = /^next_ts:(\d+\.\d+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  if (ts === undefined) throw new SlackRefusal("invalid_cursor");
  return Number(ts);
}

function pageOf(matches: Message[], size: number, args: Args, state: State): Answer {
  const shown = matches.slice(0, size);
  const last = shown.at(-1);
  const more = matches.length > size && last !== undefined;
  const next = more ? Buffer.from(`next_ts:${last.ts}`).toString("base64") : "";
  const threads = repliesByThread(state, last?.channel);
  const messages = shown.map((message) => ({
    ...onTheWire(message, flag(args, "include_all_metadata") ?? false),
    ...threadCounts(message, threads.get(message.ts)),
  }));
  return { ok: true, messages, has_more: more, response_metadata: { next_cursor: next } };
}

/** The replies below each message of the channel, read once for a page. */
function repliesByThread(state: State, channel: string | undefined): Map<string, Message[]> {
  const threads = new Map<string, Message[]>();
  for (const message of state.posts.get(channel ?? "") ?? []) {
    if (!message.thread_ts || message.thread_ts === message.ts) continue;
    const replies = threads.get(message.thread_ts);
    if (replies) replies.push(message);
    else threads.set(message.thread_ts, [message]);
  }
  return threads;
}

function threadCounts(message: Message, replies: Message[] | undefined): Record<string, unknown> {
  if (!replies) return {};
  const reply_users = [...new Set(replies.map((one) => one.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users,
    latest_reply: replies.at(-1)?.ts,
  };
}

/** A new message may take a moment until history shows it. */
function settledMessages(state: State, channel: string): Message[] {
  const until = Date.now() - state.settings.historyLag;
  const all = state.posts.get(channel) ?? [];
  return state.settings.historyLag > 0 ? all.filter((message) => message.postedAt <= until) : all;
}

const history: Method = {
  scopes: channelScope("history"),
  perMinute: tier3,
  run(args, state) {
    const channel = readableChannel(args, state);
    const size = limit(args, 100, state.settings.historyPage);
    const inside = between(args);
    const before = cursorTs(args) ?? Number.POSITIVE_INFINITY;
    const matches: Message[] = [];
    const all = settledMessages(state, channel.id);
    for (let index = all.length - 1; index >= 0 && matches.length <= size; index -= 1) {
      const message = all[index]!;
      const hidden = message.thread_ts && message.thread_ts !== message.ts && !message.reply_broadcast;
      if (!hidden && Number(message.ts) < before && inside(message.ts)) matches.push(message);
    }
    return pageOf(matches, size, args, state);
  },
};

const replies: Method = {
  scopes: channelScope("history"),
  perMinute: tier3,
  run(args, state) {
    const channel = readableChannel(args, state);
    const parent = messageAt(state, channel.id, required(args, "ts"));
    if (!parent) throw new SlackRefusal("thread_not_found");
    const root = parent.thread_ts ?? parent.ts;
    const inside = between(args);
    const after = cursorTs(args) ?? 0;
    const matches = settledMessages(state, channel.id).filter((message) => {
      if (Number(message.ts) <= after) return false;
      return message.ts === root || (message.thread_ts === root && inside(message.ts));
    });
    return pageOf(matches, limit(args, 1000, 1000), args, state);
  },
};

export const histories: Record<string, Method> = {
  "conversations.history": history,
  "conversations.replies": replies,
};
