import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Effect } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { confirmedLine } from "./command-line.ts";

const say = sentences({
  en: {
    ask: "Please confirm: {{changes}}",
    undo: "How to undo it: {{undo}}",
    yes: "Confirm",
    expires: "The button works once, in this channel, for you, within 10 minutes.",
    stale:
      "This confirmation was already used, has expired, or is for another person or channel. Nothing was done.",
    again: "To be asked again: {{line}}",
  },
  ja: {
    ask: "確認してください: {{changes}}",
    undo: "元に戻す方法: {{undo}}",
    yes: "実行する",
    expires: "ボタンは 10 分以内に 1 回だけ、このチャンネルでご本人のみ使えます。",
    stale: "この確認は使用済みか、期限切れか、別の方または別のチャンネルのものです。何も実行していません。",
    again: "もう一度確認するには: {{line}}",
  },
});

type Once = Ports["store"]["once"];
const seconds = 600;
/** What a confirmation is good for, and nothing else. */
const kept = z.object({ person: z.string(), channel: z.string(), line: z.string() });
type Kept = z.infer<typeof kept>;

/** Asks before anything happens: the button carries the same line with a token that works once, for this person there. */
export async function askToConfirm(
  once: Once,
  asked: Kept & { effect: Exclude<Effect, "none">; language: Language },
): Promise<Message> {
  const { person, channel, line, effect, language } = asked;
  const token = randomBytes(12).toString("hex");
  await once.keep<Kept>(`confirm:${token}`, { person, channel, line }, seconds);
  const words = say(language);
  return {
    headline: words("ask", { changes: effect.changes[language] }),
    tone: "warning",
    parts: [
      { sentence: { code: `/defender ${line}` } },
      { note: words("undo", { undo: effect.undo[language] }) },
      { actions: [{ label: words("yes"), line: confirmedLine(line, token), style: "danger" }] },
      { note: words("expires") },
    ],
  };
}

/** True once, where the token was given to this person in this channel for exactly this line. */
export async function isConfirmed(once: Once, token: string, asked: Kept): Promise<boolean> {
  const key = `confirm:${token}`;
  const fits = (one: Kept | undefined) =>
    one?.person === asked.person && one.channel === asked.channel && one.line === asked.line;
  // Looked at first, so that someone else's press does not use it up; taken, so that of two presses one counts.
  return fits(await once.peek(key, kept)) && fits(await once.take(key, kept));
}

export function staleMessage(line: string, language: Language): Message {
  const words = say(language);
  return {
    headline: words("stale"),
    tone: "warning",
    parts: [{ note: words.rich("again", { line: { code: `/defender ${line}` } }) }],
  };
}
