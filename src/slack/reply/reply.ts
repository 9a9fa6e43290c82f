import type { Reply } from "../../dispatch/incoming.ts";
import { UpstreamError } from "../../errors.ts";
import { formatList } from "../../locales/format.ts";
import type { Message } from "../../message/message.ts";
import { isFormRefusal, isGone } from "../delivery/refusals.ts";
import { type Compiled, compile } from "../render/compile.ts";
import { ephemeralReply } from "./ephemeral.ts";
import type { ReplyDeps, ReplyPlace } from "./place.ts";
import { postInThread, postOnce, shareFile } from "./post.ts";
import { patiently } from "./retry-wait.ts";
import { sendPages } from "./send-pages.ts";
import { replyViews } from "./views.ts";
import { fileFailure, replyWords } from "./words.ts";

/** More pages than these of an answer that only the asker sees go to the direct messages: they cannot be folded away. */
const mostBelow = 3;
/** Of the five uses of a response_url one is for what was left out, and one for the answer to who pressed. */
const mostAnnounced = 3;

/**
 * The way back to a person. Errors are `UpstreamError`s, thrown only where nothing of the answer could be shown.
 * A working message is replaced by the answer, except below a button: there Slack would replace the button's message.
 */
export function replyTo(place: ReplyPlace, deps: ReplyDeps): Reply {
  const views = replyViews(place, deps);
  const ephemeral = ephemeralReply(place, deps);
  const say = replyWords(place.language);
  const inPublic = place.source === "mention";
  let working: { ts?: string } | undefined;

  const line = (text: string): Compiled =>
    compile({ headline: "", parts: [{ note: text }] }, { language: place.language, live: true }).head;
  const post = (body: Compiled) => postOnce(place, deps, body);
  const clearWorking = async () => {
    const ts = working?.ts;
    working = undefined;
    if (!ts) return;
    await deps.call("chat.delete", { channel: place.channel, ts }).catch((error: unknown) => {
      deps.log.info({ error }, "a working message could not be taken away");
    });
  };

  const privately = async (message: Message) => {
    if (inPublic) await clearWorking();
    const replace = working !== undefined && place.source === "slash";
    const below: Compiled[] = [];
    const pages = await sendPages(message, place, deps, true, async (page, index) => {
      if (index > mostBelow) below.push(page);
      else await ephemeral.say(page, { replace: replace && index === 0 });
    });
    working = undefined;
    const notes = [...(await direct(below)), ...(await files(pages))];
    if (notes.length > 0) await ephemeral.say(noteOnly(line(notes.join(" "))));
  };
  /** What is too much for the channel goes to the person's direct messages. */
  const direct = async (pages: readonly Compiled[]): Promise<string[]> => {
    if (pages.length === 0) return [];
    const channel = await ephemeral.direct();
    for (const page of pages) await postOnce({ ...place, channel, thread: undefined }, deps, page);
    return [say("rest", { count: pages.length })];
  };
  const files = async (pages: readonly Compiled[]): Promise<string[]> => {
    const all = pages.flatMap(({ files }) => files);
    const sent: string[] = [];
    const failed: string[] = [];
    for (const file of all) {
      try {
        const channel = await ephemeral.direct();
        await shareFile({ channel, person: place.person }, deps, file);
        sent.push(file.name);
      } catch (error) {
        deps.log.warn({ error }, "a file could not be sent");
        failed.push(fileFailure(file.name, error, place.language));
      }
    }
    const names = formatList(sent, place.language);
    return [...(sent.length > 0 ? [say("files", { count: sent.length, files: names })] : []), ...failed];
  };

  const publicly = async (message: Message) => {
    const first = working?.ts;
    const pages = await sendPages(message, place, deps, false, async (page, index) => {
      if (index === 0 && first) {
        if (await updated(first, page)) return;
        await clearWorking();
      }
      await post(page);
    });
    working = undefined;
    for (const file of pages.flatMap((page) => page.files)) {
      try {
        await shareFile(place, deps, file);
      } catch (error) {
        deps.log.warn({ error }, "a file could not be shared");
        await post(noteOnly(line(fileFailure(file.name, error, place.language))));
      }
    }
  };
  /** A response_url speaks in channels that the bot has not joined, a few times; what it cannot show is said. */
  const announce = async (message: Message, why: UpstreamError): Promise<string[]> => {
    let left = 0;
    const pages = await sendPages(message, place, deps, false, async (page, index) => {
      const shown = index < mostAnnounced && left === 0 && (await ephemeral.announce(page));
      if (!shown && index === 0) throw why;
      if (!shown) left += 1;
    });
    const files = pages.flatMap((page) => page.files).map(({ name }) => name);
    const notes = [
      ...(left > 0 ? [say("left", { count: left })] : []),
      ...files.map((file) => say("noFile", { file, code: why.code })),
    ];
    if (notes.length > 0) await ephemeral.announce(noteOnly(line(notes.join(" "))));
    return notes;
  };
  const updated = async (ts: string, body: Compiled): Promise<boolean> => {
    try {
      await patiently(() => deps.posting.update({ channel: place.channel, ts, body }));
      return true;
    } catch (error) {
      // Whatever keeps it from being edited, the answer can still be posted.
      if (isFormRefusal(error)) throw error;
      return false;
    }
  };

  return {
    async working(message) {
      // A command waits for its turn more than once where it looks what it would change: one such message is enough.
      if (working || views.loading() !== undefined) return;
      const { head } = compile(message, { language: place.language, live: !inPublic });
      if (inPublic) working = await post(head);
      else {
        await ephemeral.say(head);
        working = {};
      }
    },
    async answer(message, options = {}) {
      const title = views.loading();
      if (title !== undefined && (await views.modal({ ...message, title }))) return;
      if (!inPublic || options.private) return privately(message);
      try {
        await publicly(message);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.retryable) throw error;
        // The words were deleted, or the thread takes nothing: who asked gets the answer all the same.
        deps.log.warn({ error }, "an answer for all could not be posted; it goes to the asker alone");
        const thread = isGone(error) ? undefined : place.thread;
        await replyTo({ ...place, source: "shortcut", thread }, deps).answer(message);
      }
    },
    form: views.form,
    modal: views.modal,
    openLoading: views.openLoading,
    async post(message) {
      try {
        return await postInThread(message, place, deps);
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.retryable) throw error;
        return announce(message, error);
      }
    },
  };
}

/** A page that is a single note has no headline to show. */
function noteOnly(page: Compiled): Compiled {
  const blocks = page.blocks.filter(({ type }) => type === "context");
  const [first] = blocks;
  const text =
    first?.type === "context" && first.elements[0] && "text" in first.elements[0]
      ? first.elements[0].text
      : "";
  return { ...page, blocks, text: page.text === "–" ? text : page.text };
}
