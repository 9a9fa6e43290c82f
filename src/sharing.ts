import { randomBytes } from "node:crypto";
import type { Language } from "./locales/language.ts";
import { sentences } from "./locales/sentences.ts";
import { commandLine } from "./message/line.ts";
import type { Message } from "./message/message.ts";
import type { SharedAnswer } from "./message/shared-answer.ts";
import type { Ports } from "./ports.ts";

const say = sentences({
  en: { share: "Share to channel" },
  ja: { share: "チャンネルに共有" },
});

type Once = Ports["store"]["once"];
const seconds = 1800;
/** An answer over this is shown without the button: Redis is no place for a whole estate's CSV. */
const largest = 1_000_000;

/** Keeps an answer for half an hour and puts the button under it that posts it, as it was shown, to the channel. */
export async function withShareButton(
  message: Message,
  once: Once,
  about: { person: string; line: string; language: Language },
): Promise<Message> {
  if (JSON.stringify(message).length > largest) return message;
  const id = randomBytes(6).toString("hex");
  const kept: SharedAnswer = { person: about.person, line: about.line, message };
  await once.keep<SharedAnswer>(`answer:${id}`, kept, seconds);
  const action = { label: say(about.language)("share"), line: commandLine(["share", id]) };
  return { ...message, parts: [...message.parts, { actions: [action] }] };
}
