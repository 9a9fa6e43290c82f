import { type Block, type Message, type Metadata, type SlackFile, withIds } from "./message.ts";
import { changed, nextTs, type State } from "./state.ts";

export type Draft = {
  channel: string;
  user: string;
  text: string;
  blocks?: Block[];
  thread_ts?: string;
  reply_broadcast?: boolean;
  metadata?: Metadata;
  files?: SlackFile[];
  ephemeralTo?: string;
  unfurl_links?: boolean;
  unfurl_media?: boolean;
};

/** Puts a message where people see it. */
export function post(state: State, draft: Draft): Message {
  const { bot } = state;
  const own = draft.user === bot.user_id ? { bot_id: bot.bot_id, app_id: bot.app_id } : {};
  const message: Message = {
    type: "message",
    ...draft,
    ...own,
    blocks: draft.blocks && draft.blocks.length > 0 ? withIds(draft.blocks) : undefined,
    ts: nextTs(state),
    history: [],
    postedAt: Date.now(),
  };
  if (message.ephemeralTo) state.ephemerals.push(message);
  else {
    const list = state.posts.get(message.channel);
    if (list) list.push(message);
    else state.posts.set(message.channel, [message]);
    state.byTs.set(`${message.channel}/${message.ts}`, message);
  }
  changed(state);
  return message;
}

export type Change = { text?: string; blocks?: Block[]; metadata?: Metadata | null };

/** What the change leaves out stays; empty blocks and empty metadata remove. Source: docs.slack.dev "chat.update". */
export function edit(state: State, message: Message, change: Change): void {
  const { text, blocks, metadata } = message;
  message.history.push({ text, blocks, metadata, at: Date.now() });
  if (change.text !== undefined) message.text = change.text;
  if (change.blocks) message.blocks = change.blocks.length > 0 ? withIds(change.blocks) : undefined;
  if (change.metadata !== undefined) message.metadata = change.metadata ?? undefined;
  if (!message.ephemeralTo) message.edited = { user: message.user, ts: nextTs(state) };
  changed(state);
}

export function remove(state: State, message: Message): void {
  message.deleted = true;
  const list = message.ephemeralTo ? state.ephemerals : (state.posts.get(message.channel) ?? []);
  const index = list.indexOf(message);
  if (index >= 0) list.splice(index, 1);
  state.byTs.delete(`${message.channel}/${message.ts}`);
  state.gone.add(`${message.channel}/${message.ts}`);
  changed(state);
}

export function messageAt(state: State, channel: string, ts: string): Message | undefined {
  return state.byTs.get(`${channel}/${ts}`);
}
