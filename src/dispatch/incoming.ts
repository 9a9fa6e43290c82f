import type { Caller } from "../definitions/command.ts";
import type { Form, Message } from "../message/message.ts";

export type Source = "slash" | "mention" | "button" | "modal" | "shortcut";

export type Incoming = { line: string; source: Source; caller: Caller; reply: Reply };

/** The way back to the person, made by `src/slack/` for each source. */
export type Reply = {
  /** Shows that work goes on; the next `answer` replaces it. */
  working(message: Message): Promise<void>;
  /** Slash, button, shortcut: only the asker sees it. Mention: for all in the thread, unless `private`. */
  answer(message: Message, options?: { private?: boolean }): Promise<void>;
  /** Opens a modal with a form; false where there is no fresh trigger. */
  form(form: Form): Promise<boolean>;
  /** Opens or updates a modal that shows a message; false as above. */
  modal(message: Message & { title: string }): Promise<boolean>;
  /** Opens a "working" view at once, because a trigger lives 3 seconds; `modal` and `form` update it. */
  openLoading(title: string): Promise<boolean>;
  /** Posts for all into the caller's channel; answers what could not be posted, in sentences for the asker. */
  post(message: Message): Promise<string[]>;
};
