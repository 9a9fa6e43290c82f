import { createHash } from "node:crypto";
import type { NotifierDefinition } from "../../definitions/notifier.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Message } from "../../message/message.ts";
import type { PlacedMessage, PostedFollowUp, StoredEvent } from "../../ports/outbox.ts";
import type { People } from "../people.ts";
import { type Compiled, compile } from "../render/compile.ts";
import { peopleIn } from "../render/inline.ts";
import { withoutBlocks } from "../render/text-only.ts";
import { newBlocks, type Refused } from "./refused-blocks.ts";

const pumpWords = sentences({
  en: { noFile: "The file {{file}} could not be shared here. The command shows what it holds." },
  ja: { noFile: "ファイル {{file}} をここに共有できませんでした。内容はコマンドで確認できます。" },
});

/** What is posted for a message, in order: the head first, then what goes to its thread. */
export type Piece = { body: Compiled } | { file: { name: string; title: string; content: string } };

type Rendering = {
  message: PlacedMessage;
  events: ReadonlyMap<string, StoredEvent>;
  notifier: NotifierDefinition;
  now: string;
};

/** The message as its notifier renders it now; undefined where its events are no longer kept. */
export function renderPlaced({ message, events, notifier, now }: Rendering): Message | undefined {
  const members = message.members.flatMap((id) => events.get(id)?.event ?? []);
  if (members.length === 0) return undefined;
  const context = { language: message.language, now, posted: message.posted ?? now };
  return notifier.bundle && (message.bundle || members.length > 1)
    ? notifier.bundle.render(members, { ...context, burst: message.bundle })
    : notifier.render(members[0], context);
}

type FollowRendering = Omit<Rendering, "notifier"> & {
  notifiers: ReadonlyMap<string, NotifierDefinition>;
  /** ISO time at which the reply was posted; now, where it is being posted. */
  posted?: string;
};

/** The reply for a follow-up; undefined where there is nothing to say. */
export function renderFollow(
  follow: Exclude<PostedFollowUp, { kind: "part" }>,
  { message, events, notifiers, now, posted = now }: FollowRendering,
): Message | undefined {
  const stored = events.get(follow.id);
  const notifier = stored && notifiers.get(stored.notifier);
  if (!notifier) return undefined;
  const { event } = stored;
  const context = { language: message.language, now, posted };
  if (follow.kind === "changed") return notifier.changed?.(follow.before, event, context);
  // Below the message of another notifier it says what it would say as a message of its own.
  return stored.notifier === message.notifier
    ? notifier.bundle?.joined([event], context)
    : notifier.render(event, context);
}

/** Tells whether a reply would read otherwise today. */
export function hashOf({ text, blocks }: Compiled): string {
  return createHash("sha256")
    .update(JSON.stringify([text, blocks]))
    .digest("base64url")
    .slice(0, 16);
}

/** Takes the place of a file that Slack does not let the bot share. */
function noFile(name: string, language: "en" | "ja"): Compiled {
  const headline = pumpWords(language)("noFile", { file: name });
  return compile({ headline, parts: [] }, { language }).head;
}

/**
 * Compiles a message into pieces. `form`: 0 as it is, 1 without the newer blocks and half as much in each, 2 as words
 * alone, with a line for each file. `cut`: the form by which the pieces are cut, where they are shown in another.
 */
export async function piecesOf(
  message: Message,
  options: {
    language: "en" | "ja";
    timezone: string;
    refused: Refused;
    people: People;
    form: 0 | 1 | 2;
    cut?: 0 | 1;
  },
): Promise<Piece[]> {
  const { language, timezone, form } = options;
  const [names, listed] = await Promise.all([
    options.people.names(peopleIn(message)),
    options.refused.list(),
  ]);
  const tight = (options.cut ?? form) > 0;
  const refused = tight ? newBlocks : listed;
  const { head, thread } = compile(message, { language, timezone, refused, names, tight });
  return [head, ...thread].flatMap((body): Piece[] => [
    { body: form === 2 ? withoutBlocks(body) : body },
    ...body.files.map((file) => (form === 2 ? { body: noFile(file.name, language) } : { file })),
  ]);
}
