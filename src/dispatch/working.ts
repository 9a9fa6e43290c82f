import type { Caller } from "../definitions/command.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import type { Reply } from "./incoming.ts";

const say = sentences({
  en: { working: "Working on {{line}} …" },
  ja: { working: "{{line}} を実行しています…" },
});

/** What takes longer than this shows that it is working (design, section 5). */
const quietMs = 2000;

/** Says after two seconds of work that it is working on the line; the two messages never overtake each other. */
export async function showingWork<T>(
  work: () => Promise<T>,
  { line, caller, reply }: { line: string; caller: Pick<Caller, "language">; reply: Pick<Reply, "working"> },
): Promise<T> {
  const code = { code: `/defender ${line}`.trim() };
  const message: Message = { headline: say(caller.language).rich("working", { line: code }), parts: [] };
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
