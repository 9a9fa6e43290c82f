import type { Caller } from "../definitions/command.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import type { Reply } from "./incoming.ts";

const say = sentences({
  en: { working: "Working on {{line}} …", short: "Working on it…" },
  ja: { working: "{{line}} を実行しています…", short: "処理しています…" },
});

/** What takes longer than this shows that it is working (design, section 5). */
const quietMs = 2000;

/**
 * Says after two seconds of work that it is working; the two messages never overtake each other.
 *
 * @param line undefined where a button typed it: its IDs say nothing to a reader
 */
export async function showingWork<T>(
  work: () => Promise<T>,
  {
    line,
    caller,
    reply,
  }: { line: string | undefined; caller: Pick<Caller, "language">; reply: Pick<Reply, "working"> },
): Promise<T> {
  const words = say(caller.language);
  const headline =
    line === undefined
      ? words("short")
      : words.rich("working", { line: { code: `/defender ${line}`.trim() } });
  const message: Message = { headline, parts: [] };
  let shown: Promise<void> | undefined;
  const timer = setTimeout(() => {
    shown = reply.working(message).catch(() => {});
  }, quietMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    await shown;
  }
}
