import { createHash } from "node:crypto";
import { UpstreamError } from "../../errors.ts";
import type { Metrics } from "../../ports/process.ts";
import type { Compiled } from "../render/compile.ts";
import type { SlackCalls } from "../web-api.ts";
import { isGone } from "./refusals.ts";
import { upload } from "./upload.ts";

/** Names a message for good: it is match again by it. */
type Key = { key: string; part: number };

/** What the pump needs of Slack. Everything throws `UpstreamError` with system `slack`. */
export type SlackPosting = {
  /** `answered`: the channel as Slack names it. A reply below a message that is gone is taken back: `thread_not_found`, whatever Slack makes of it. */
  post(p: {
    channel: string;
    thread?: string;
    body: Compiled;
    metadata: Key;
  }): Promise<{ ts: string; answered?: string }>;
  /** The id that Slack answers where it's asked for this channel: another one, where it changed. */
  idOf(channel: string): Promise<string>;
  update(p: { channel: string; ts: string; body: Compiled }): Promise<void>;
  /** Looks for our key in the channel (or thread) since an ISO time: has a post whose answer was lost arrived? */
  find(p: Place & Key & { since: string }): Promise<{ ts: string } | undefined>;
  /** Uploads without sharing; the id can be written down before `shareFile`. */
  reserveFile(p: {
    name: string;
    bytes: Uint8Array<ArrayBuffer>;
    title: string;
  }): Promise<{ file: string; uploaded: true }>;
  shareFile(p: { file: string; title: string; channel: string; thread?: string }): Promise<void>;
  /** Whether the file is in the channel: looked for in the thread, or where none is given in the last messages. */
  fileIsShared(p: Place & { file: string; since?: string }): Promise<boolean>;
};

/**
 * Where is searched. `bookmark` is moved along with each page, so that a search which Slack cuts short (one page a minute
 * for some apps) goes on from there.
 */
type Place = { channel: string; thread?: string; bookmark?: { cursor?: string } };

/** Source: docs.slack.dev "Message metadata". */
export const metadataType = "breakwater_notification";
/** Slack's clock and ours differ: so much earlier a message is looked for. */
const skewSeconds = 120;
/** Without a time, so many pages of 200 messages are searched. */
const mostPages = 5;

type HistoryMessage = {
  ts: string;
  blocks?: { block_id?: string }[];
  metadata?: { event_type?: string; event_payload?: Record<string, unknown> };
  files?: { id?: string }[];
};
type History = { messages?: HistoryMessage[]; response_metadata?: { next_cursor?: string } };

/** A message's body as `chat.*` takes it: nothing unfurls. */
export function bodyArgs({ text, blocks }: Compiled): Record<string, unknown> {
  return { text, ...(blocks.length > 0 && { blocks }) };
}

const noUnfurling = { unfurl_links: false, unfurl_media: false };

export function slackPosting(call: SlackCalls, metrics: Metrics): SlackPosting {
  return {
    async post({ channel, thread, body, metadata }) {
      const {
        ts,
        message,
        channel: answered,
      } = await call<Posted>("chat.postMessage", {
        channel,
        ...(thread && { thread_ts: thread }),
        ...bodyArgs({ ...body, blocks: marked(body.blocks, metadata) }),
        ...noUnfurling,
        metadata: { event_type: metadataType, event_payload: metadata },
      });
      // Without its time stamp nothing could be done with it: then history has to say where it is.
      if (typeof ts !== "string") throw unreadable("chat.postMessage");
      if (thread && message?.thread_ts === undefined) await takeBackWhereGone(call, channel, thread, ts);
      return { ts, ...(typeof answered === "string" && { answered }) };
    },
    async idOf(id) {
      const { channel } = await call<{ channel?: { id?: string } }>("conversations.info", { channel: id });
      return channel?.id ?? id;
    },
    async update({ channel, ts, body }) {
      // An edit that is given no blocks keeps the old ones.
      await call("chat.update", { channel, ts, text: body.text, blocks: body.blocks });
    },
    async find({ key, part, ...place }) {
      const mark = markOf({ key, part });
      const isOurs = ({ metadata, blocks }: HistoryMessage) =>
        blocks?.[0]?.block_id === mark ||
        (metadata?.event_type === metadataType &&
          metadata.event_payload?.key === key &&
          metadata.event_payload.part === part);
      const match = await search(call, place, isOurs);
      return match && { ts: match.ts };
    },
    async reserveFile({ name, bytes }) {
      return { file: await upload(call, metrics, { name, bytes }), uploaded: true };
    },
    async shareFile({ file, title, channel, thread }) {
      await call("files.completeUploadExternal", {
        files: [{ id: file, title }],
        channel_id: channel,
        ...(thread && { thread_ts: thread }),
      });
    },
    async fileIsShared({ file, ...place }) {
      const has = ({ files }: HistoryMessage) => files?.some(({ id }) => id === file) ?? false;
      return (await search(call, place, has)) !== undefined;
    },
  };
}

function unreadable(method: string): UpstreamError {
  const code = "unreadable_answer";
  return new UpstreamError(`${method}: ${code}`, { system: "slack", status: 200, code, retryable: true });
}

type Posted = { ts: string; channel?: string; message?: { thread_ts?: string } };

/**
 * Below a message that was deleted Slack refuses nothing: the reply appears in the channel itself, and only its missing
 * `thread_ts` tells (slack-go/slack issue 1571). Other servers may leave that out of any answer: so the thread is asked.
 */
async function takeBackWhereGone(call: SlackCalls, channel: string, thread: string, ts: string) {
  const stray = await call("conversations.replies", { channel, ts: thread, limit: 1 }).then(
    () => false,
    (error: unknown) => isGone(error),
  );
  if (!stray) return;
  await call("chat.delete", { channel, ts }).catch(() => undefined);
  const code = "thread_not_found";
  throw new UpstreamError(`chat.postMessage: ${code}`, {
    system: "slack",
    status: 200,
    code,
    retryable: false,
  });
}

/** The key is also in the first block's name: history may leave metadata out, but never a block. */
function marked(blocks: Compiled["blocks"], key: Key): Compiled["blocks"] {
  return blocks.map((block, index) => (index === 0 ? { ...block, block_id: markOf(key) } : block));
}

function markOf({ key, part }: Key): string {
  return `breakwater-${createHash("sha256").update(`${key}/${part}`).digest("hex").slice(0, 32)}`;
}

/** Pages through the channel or thread, the metadata included, until a message is match. */
async function search(
  call: SlackCalls,
  { channel, thread, since, bookmark = {} }: Place & { since?: string },
  wanted: (message: HistoryMessage) => boolean,
): Promise<HistoryMessage | undefined> {
  const oldest = since === undefined ? undefined : (Date.parse(since) / 1000 - skewSeconds).toFixed(6);
  for (let page = 0; oldest !== undefined || page < mostPages; page++) {
    const { messages = [], response_metadata: next } = await call<History>(
      thread ? "conversations.replies" : "conversations.history",
      {
        channel,
        ...(thread && { ts: thread }),
        ...(oldest && { oldest, inclusive: true }),
        include_all_metadata: true,
        limit: 200,
        ...(bookmark.cursor && { cursor: bookmark.cursor }),
      },
    );
    const match = messages.find(wanted);
    if (match) return match;
    // A cursor that comes again would go round for ever.
    if (!next?.next_cursor || next.next_cursor === bookmark.cursor) return undefined;
    bookmark.cursor = next.next_cursor;
  }
  return undefined;
}
