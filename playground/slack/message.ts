/** What a channel holds. */

export type Block = { type: string; block_id?: string } & Record<string, unknown>;

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };

export type SlackFile = {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  size: number;
  content: Buffer;
  user: string;
  created: number;
  url_private: string;
  permalink: string;
  channels: string[];
  uploaded: boolean;
  completed: boolean;
};

export type Edit = { text: string; blocks?: Block[]; metadata?: Metadata; at: number };

export type Message = {
  type: "message";
  channel: string;
  ts: string;
  user: string;
  bot_id?: string;
  app_id?: string;
  text: string;
  blocks?: Block[];
  thread_ts?: string;
  reply_broadcast?: boolean;
  metadata?: Metadata;
  files?: SlackFile[];
  edited?: { user: string; ts: string };
  /** Only this person sees it. */
  ephemeralTo?: string;
  /** As the caller asked for it; undefined leaves Slack's default, which unfurls. */
  unfurl_links?: boolean;
  unfurl_media?: boolean;
  /** What it read before, oldest first. */
  history: Edit[];
  deleted?: boolean;
  /** Real time in ms when Slack took it. */
  postedAt: number;
};

/** The message as the Web API shows it. */
export function onTheWire(message: Message, withMetadata: boolean): Record<string, unknown> {
  const { type, ts, user, bot_id, app_id, text, blocks, thread_ts, edited } = message;
  const files = message.files?.map(fileOnTheWire);
  const metadata = withMetadata ? message.metadata : undefined;
  return { type, ts, user, bot_id, app_id, text, blocks, thread_ts, metadata, files, edited };
}

export function fileOnTheWire(file: SlackFile): Record<string, unknown> {
  const { content: _content, uploaded: _uploaded, completed: _completed, ...shown } = file;
  return shown;
}

let serial = 0;

/** Slack names every block and element that has no name: interactions refer to them. */
export function withIds(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    const named: Block = { ...block, block_id: block.block_id ?? shortId() };
    if (block.type === "input") named.element = nameElement(block.element);
    if (block.type === "actions") named.elements = (block.elements as unknown[]).map(nameElement);
    return named;
  });
}

function nameElement(element: unknown): unknown {
  const given = element as Record<string, unknown>;
  return { ...given, action_id: given.action_id ?? shortId() };
}

function shortId(): string {
  serial += 1;
  return `g${serial.toString(36).padStart(4, "0")}`;
}
