import { randomBytes } from "node:crypto";
import type { Answer } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { commandLine } from "../message/line.ts";
import type { Message } from "../message/message.ts";
import { type Asked, answerKey, askedKey, type SharedAnswer } from "../message/shared-answer.ts";
import type { Log } from "../ports/process.ts";

const say = sentences({
  en: {
    share: "Share to channel",
    large:
      "This answer is too large to share (more than {{most}} MB). Narrow it with a scope or a filter to share it.",
    unkept: "This answer can't be shared: it couldn't be stored. Run the command again to share it.",
  },
  ja: {
    share: "チャンネルに共有",
    large: "この回答は大きすぎるため共有できません ({{most}} MB 超)。範囲や条件で絞り込むと共有できます。",
    unkept: "この回答を保存できなかったため、共有できません。共有するには、もう一度実行してください。",
  },
});

type Once = Ports["store"]["once"];
const seconds = 1800;
/** Characters. A larger answer says that it cannot be shared: Redis is no place for a whole estate's CSV. */
const largest = 1_000_000;

/** Many people who ask the same get the same message: it is kept once, and has one button for all of them. */
const offers = new WeakMap<Message, { offer: Promise<Offer>; at: number }>();
type Offer = { message: Message; id?: string };
/** A message that is still given after this time is kept again, so that everyone has half an hour to share it. */
const offeredSeconds = 600;

/**
 * Keeps an answer, and who asked for it, for half an hour, and puts the button under it that posts it, as it was shown,
 * to the channel.
 */
export async function withShareButton(
  message: Message,
  once: Once,
  { person, line, language }: { person: string; line: string; language: Language },
): Promise<Message> {
  const now = performance.now();
  let last = offers.get(message);
  if (!last || now - last.at > offeredSeconds * 1000) {
    last = { offer: offerOf(message, once, language), at: now };
    offers.set(message, last);
    last.offer.catch(() => offers.delete(message));
  }
  const { id, message: offered } = await last.offer;
  if (id !== undefined) await once.keep<Asked>(askedKey(id, person), { line }, seconds);
  return offered;
}

async function offerOf(message: Message, once: Once, language: Language): Promise<Offer> {
  if (JSON.stringify(message).length > largest) return { message: notShared(message, "large", language) };
  const id = randomBytes(6).toString("hex");
  await once.keep<SharedAnswer>(answerKey(id), { message }, seconds + offeredSeconds);
  const action = { label: say(language)("share"), line: commandLine(["share", id]) };
  return { id, message: { ...message, parts: [...message.parts, { actions: [action] }] } };
}

/** The answer with a line that says why it has no button to share it. */
export function notShared(message: Message, why: "large" | "unkept", language: Language): Message {
  return {
    ...message,
    parts: [...message.parts, { note: say(language)(why, { most: largest / 1_000_000 }) }],
  };
}

/**
 * Posts for all.
 * @param send posts, and answers in sentences what it had to leave out
 * @returns the answer for who asked, with what was left out
 */
export async function postFor(
  send: (message: Message) => Promise<string[]>,
  { post, answer, failed }: Extract<Answer, { post: Message }>,
  log: Log,
): Promise<Message> {
  const left = await send(post).catch(async (error: unknown) => {
    await failed?.().catch((err: unknown) => log.warn({ err }, "a failed post still counts as shared"));
    throw error;
  });
  if (left.length === 0) return answer;
  return { ...answer, tone: "warning", parts: [...answer.parts, ...left.map((note) => ({ note }))] };
}
