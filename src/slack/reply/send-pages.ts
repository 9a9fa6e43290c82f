import type { UpstreamError } from "../../errors.ts";
import type { Message } from "../../message/message.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { isFormRefusal } from "../delivery/refusals.ts";
import { learn } from "../delivery/refused-blocks.ts";
import { type Compiled, type CompileOptions, compile } from "../render/compile.ts";
import { peopleIn } from "../render/inline.ts";
import { withoutBlocks } from "../render/text-only.ts";
import type { ReplyDeps, ReplyPlace } from "./place.ts";

const compiled = rememberedFor<Compiled[]>();

/**
 * Compiles a message and sends its pages in order. Newer blocks that the workspace refuses are replaced by text, and
 * remembered where it knows none of their type; what it refuses even then goes as words alone.
 * @param live true where only the asker reads: people are then named by Slack itself
 * @returns the pages as they were sent
 */
export async function sendPages(
  message: Message,
  { language }: Pick<ReplyPlace, "language">,
  { refused, people, timezone, log }: ReplyDeps,
  live: boolean,
  send: (page: Compiled, index: number) => Promise<void>,
): Promise<Compiled[]> {
  const names = live ? undefined : await people.names(peopleIn(message));
  const now = new Date().toISOString();
  const pagesWithout = (types: readonly string[]) => {
    const options = { language, timezone, live, now, refused: types, tight };
    if (names) return compilePages(message, { ...options, names });
    // People who ask the same get the same message: it is compiled once for all of them.
    return compiled(message, [language, ...types, tight].join(), () => compilePages(message, options));
  };
  let avoided = await refused.list();
  let tight = false;
  let pages = pagesWithout(avoided);
  for (let index = 0; index < pages.length; index++) {
    const page = pages[index]!;
    try {
      await send(page, index);
    } catch (error) {
      if (!isFormRefusal(error)) throw error;
      if (page.usesNewBlocks.length > 0) {
        await learn(refused, error as UpstreamError, page.usesNewBlocks);
        avoided = [...avoided, ...page.usesNewBlocks];
        pages = [...pages.slice(0, index), ...pagesWithout(avoided).slice(index)];
        index -= 1;
        continue;
      }
      if (!tight && (error as UpstreamError).code === "msg_blocks_too_long") {
        tight = true;
        pages = [...pages.slice(0, index), ...pagesWithout(avoided).slice(index)];
        index -= 1;
        continue;
      }
      log.error(
        { code: (error as UpstreamError).code, blocks: page.blocks.length },
        "Slack refused a message; its text is sent alone",
      );
      await send(withoutBlocks(page), index);
    }
  }
  return pages;
}

function compilePages(message: Message, options: CompileOptions): Compiled[] {
  const { head, thread } = compile(message, options);
  return [head, ...thread];
}
