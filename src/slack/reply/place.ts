import type { Language } from "../../locales/language.ts";
import type { Log, Metrics } from "../../ports/process.ts";
import type { FairTurns } from "../../text/fair-turns.ts";
import type { SlackPosting } from "../delivery/posting.ts";
import type { Refused } from "../delivery/refused-blocks.ts";
import type { People } from "../people.ts";
import type { SlackCalls } from "../web-api.ts";

/** Where an answer goes. */
export type ReplyPlace = {
  source: "slash" | "mention" | "button" | "modal" | "shortcut";
  person: string;
  language: Language;
  channel: string;
  /** Set where the command was typed in a thread; a mention is answered in the thread that it opens. */
  thread?: string;
  responseUrl?: string;
  /** Opens one modal within three seconds. */
  trigger?: string;
  /** The view in which a button was pressed: the next one is laid on it. */
  view?: string;
  /** Ts of the message whose button was pressed, for the buttons of a modal that it opens. */
  message?: string;
};

export type ReplyDeps = {
  call: SlackCalls;
  posting: SlackPosting;
  refused: Refused;
  people: People;
  /** IANA name: of times in headlines. */
  timezone: string;
  /** Files go up a few at a time: each is held whole meanwhile, and answers of others come first. */
  uploads: FairTurns;
  log: Log;
  metrics: Metrics;
};
