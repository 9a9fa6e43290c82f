import type { Message } from "./message.ts";

/** An answer that its asker may still share: kept by dispatch under `answer:ID`, posted by the command `share`. */
export type SharedAnswer = { person: string; line: string; message: Message };
