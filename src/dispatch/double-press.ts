import { createHash } from "node:crypto";
import type { Ports } from "../definitions/ports.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import type { AuditedRun } from "./auditing.ts";

const say = sentences({
  en: { twice: "You just pressed this, and it's still running. Nothing was done a second time." },
  ja: { twice: "先ほどの操作を実行中のため、重ねては実行していません。" },
});

/** Longer than any command runs: only a process that dies leaves it. */
const seconds = 60;

/**
 * Does what a button or a form asks for, unless the same person's same press is still running: a double click is one.
 * @returns undefined where it is
 */
export async function pressedOnce<T>(
  { store, log }: Pick<Ports, "store" | "log">,
  { incoming: { source, caller }, parsed: { line } }: AuditedRun,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (source !== "button" && source !== "modal") return work();
  const press = JSON.stringify([caller.person, caller.channel, line]);
  const id = `press:${createHash("sha256").update(press).digest("hex").slice(0, 32)}`;
  const failed = (error: unknown) =>
    log.warn({ err: error }, "whether a button was pressed twice is unknown");
  // Where Redis can't say, the audit log decides whether anything is done.
  const first = await store.once.first(id, seconds).catch((error: unknown) => {
    failed(error);
    return true;
  });
  if (!first) return undefined;
  try {
    return await work();
  } finally {
    await store.once.forget(id).catch(failed);
  }
}

export function twiceMessage(language: "en" | "ja"): Message {
  return { headline: say(language)("twice"), tone: "warning", parts: [] };
}
