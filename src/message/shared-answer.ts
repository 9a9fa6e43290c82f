import { z } from "zod";
import type { Message } from "./message.ts";

/** An answer that its askers may still share: kept by dispatch, posted by the command `share`. */
export type SharedAnswer = { message: Message };
/** That a person asked for it, and with which line. */
export type Asked = { line: string };

export function answerKey(id: string): string {
  return `answer:${id}`;
}

export function askedKey(id: string, person: string): string {
  return `answer:${id}:${person}`;
}

/** As it is kept: of the message, what everything that shows one relies on. */
export const sharedAnswer: z.ZodType<SharedAnswer> = z
  .looseObject({
    message: z.looseObject({
      headline: z.union([z.string(), z.array(z.unknown())]),
      parts: z.array(z.looseObject({})),
    }),
  })
  .transform((value) => value as unknown as SharedAnswer);

export const asked: z.ZodType<Asked> = z.looseObject({ line: z.string() });
