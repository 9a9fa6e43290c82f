import { randomUUID } from "node:crypto";
import { UpstreamError } from "../../errors.ts";
import type { Message } from "../../message/message.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { isFormRefusal } from "../delivery/refusals.ts";
import type { Compiled } from "../render/compile.ts";
import type { CompiledFile } from "../render/piece.ts";
import { fileBytes } from "../render/tables/csv.ts";
import type { ReplyDeps, ReplyPlace } from "./place.ts";
import { longestWaitSeconds, patiently } from "./retry-wait.ts";
import { sendPages } from "./send-pages.ts";
import { fileFailure, replyWords } from "./words.ts";

/** Below the head; a channel is no place for more of one answer. */
const mostReplies = 20;

type Thread = Pick<ReplyPlace, "channel" | "thread">;

/**
 * Posts a message for all: its head in the channel, the rest and its files in the thread of the head.
 * @returns what could not be posted, in sentences for who asked
 * @throws UpstreamError where not even the head could be posted
 */
export async function postInThread(message: Message, place: ReplyPlace, deps: ReplyDeps): Promise<string[]> {
  const say = replyWords(place.language);
  let at: Thread = { channel: place.channel, thread: place.thread };
  let beyond = 0;
  let unposted = 0;
  let failed: UpstreamError | undefined;
  const pages = await sendPages(message, place, deps, false, async (page, index) => {
    if (index > mostReplies) beyond += 1;
    else if (failed) unposted += 1;
    else {
      try {
        const { ts } = await postOnce(at, deps, page);
        at = { ...at, thread: at.thread ?? ts };
      } catch (error) {
        if (index === 0 || !(error instanceof UpstreamError) || mayBeTakenOtherwise(error, page)) throw error;
        deps.log.warn({ error }, "the rest of an answer could not be posted");
        failed = error;
        unposted += 1;
      }
    }
  });
  return [
    ...(failed ? [say("unposted", { count: unposted, code: failed.code })] : []),
    ...(beyond > 0 ? [say("beyond", { count: beyond, most: mostReplies + 1 })] : []),
    ...(await postFiles(pages, at, place, deps)),
  ];
}

/** Text without blocks has no other form that Slack might take. */
function mayBeTakenOtherwise(error: UpstreamError, { blocks }: Compiled): boolean {
  return isFormRefusal(error) && blocks.length > 0;
}

async function postFiles(
  pages: readonly Compiled[],
  at: Thread,
  { language, person }: ReplyPlace,
  deps: ReplyDeps,
): Promise<string[]> {
  const left: string[] = [];
  for (const file of pages.flatMap(({ files }) => files)) {
    try {
      await shareFile({ ...at, person }, deps, file);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      deps.log.warn({ error }, "a file could not be shared");
      left.push(fileFailure(file.name, error, language));
    }
  }
  return left;
}

/** Posts, and where the answer was lost, first asks whether the message has arrived. */
export async function postOnce(
  { channel, thread }: Thread,
  { posting }: ReplyDeps,
  body: Compiled,
): Promise<{ ts: string }> {
  const metadata = { key: randomUUID(), part: 0 };
  const since = new Date().toISOString();
  const content = { channel, ...(thread && { thread }), body, metadata };
  try {
    return await posting.post(content);
  } catch (error) {
    if (!(error instanceof UpstreamError) || !error.retryable || (error.retryAfter ?? 0) > longestWaitSeconds)
      throw error;
    await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 1) * 1000));
    const arrived =
      error.status === 429
        ? undefined
        : // Where history cannot be read: better twice than not at all.
          await posting
            .find({ channel, ...(thread && { thread }), since, ...metadata })
            .catch(() => undefined);
    return arrived ?? (await posting.post(content));
  }
}

/** Of an answer that many get, the same file goes to each of them. */
const encoded = rememberedFor<Promise<Buffer<ArrayBuffer>>>();

/** Uploads a file for a person, when it is their turn, and shares it. */
export async function shareFile(
  { channel, thread, person }: Thread & Pick<ReplyPlace, "person">,
  { posting, uploads }: ReplyDeps,
  compiled: CompiledFile,
): Promise<void> {
  const { name, title } = compiled;
  await uploads.run(person, async () => {
    const bytes = await encoded(compiled, "utf8", () => fileBytes(compiled));
    const { file } = await patiently(() => posting.reserveFile({ name, title, bytes }));
    await posting.shareFile({ file, title, channel, ...(thread && { thread }) });
  });
}
