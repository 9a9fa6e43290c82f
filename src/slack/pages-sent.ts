import { UpstreamError } from "../errors.ts";
import type { Message } from "../message/message.ts";
import { type Compiled, compile } from "./compile.ts";
import { peopleIn } from "./inline.ts";
import type { ReplyDeps, ReplyPlace } from "./reply-place.ts";

/** Slack's words for a body that it will not take. */
export function isFormRefusal(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    /^invalid_blocks|^msg_blocks_too_long|^invalid_attachments/.test(error.code)
  );
}

/**
 * Compiles a message and sends its pages in order. Newer blocks that the workspace refuses are remembered and replaced
 * by text; what it refuses even then goes as its bare text.
 * @param live true where only the asker reads: people are then named by Slack itself
 * @returns the pages as they were sent
 */
export async function sendPages(
  message: Message,
  { language }: Pick<ReplyPlace, "language">,
  { refused, people, log }: ReplyDeps,
  live: boolean,
  send: (page: Compiled, index: number) => Promise<void>,
): Promise<Compiled[]> {
  const names = live ? undefined : await people.names(peopleIn(message));
  const now = new Date().toISOString();
  const pagesWithout = (types: readonly string[]) => {
    const { head, thread } = compile(message, {
      language,
      live,
      now,
      refused: types,
      ...(names && { names }),
    });
    return [head, ...thread];
  };
  let pages = pagesWithout(await refused.list());
  for (let index = 0; index < pages.length; index++) {
    const page = pages[index]!;
    try {
      await send(page, index);
    } catch (error) {
      if (!isFormRefusal(error)) throw error;
      if (page.usesNewBlocks.length > 0) {
        for (const type of page.usesNewBlocks) await refused.add(type);
        pages = [...pages.slice(0, index), ...pagesWithout(await refused.list()).slice(index)];
        index -= 1;
        continue;
      }
      log.error(
        { code: (error as UpstreamError).code, blocks: page.blocks.length },
        "Slack refused a message; its text is sent alone",
      );
      await send({ ...page, blocks: [] }, index);
    }
  }
  return pages;
}
