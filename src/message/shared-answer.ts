import { z } from "zod";
import type { Message } from "./message.ts";

/** An answer that its asker may still share: kept by dispatch under `answer:ID`, posted by the command `share`. */
export type SharedAnswer = { person: string; line: string; message: Message };

/** As it is kept: of the message, what everything that shows one relies on. */
export const sharedAnswer: z.ZodType<SharedAnswer> = z
  .looseObject({
    person: z.string(),
    line: z.string(),
    message: z.looseObject({
      headline: z.union([z.string(), z.array(z.unknown())]),
      parts: z.array(z.looseObject({})),
    }),
  })
  .transform((value) => value as unknown as SharedAnswer);
