import type { z } from "zod";
import type { Located } from "../domain/scope/scope.ts";
import type { Severity } from "../domain/severity.ts";
import type { Topic } from "../domain/topics.ts";
import type { Language } from "../locales/language.ts";
import type { Message } from "../message/message.ts";

export type RenderContext = {
  language: Language;
  /** ISO. */
  now: string;
  /** ISO time at which the message was first posted; now, where it is being posted. */
  posted: string;
};

/** How several events of one channel become one message. */
export type Bundling<Event> = {
  /** More waiting events than this are rolled up, the worst severity first. */
  over: number;
  /** Events with the same key within the time join the message that is already there. */
  again?: { key(event: Event): string; withinSeconds: number };
  /**
   * `burst`: they came at once, worst first; the thread lists each of them once. Else they came one after the other:
   * the head shows the first and how many there are, and the later ones have replies of their own. The order of the
   * events is fixed: parts of the thread are cut by it.
   */
  render(events: Event[], context: RenderContext & { burst: boolean }): Message;
  /** Says in the thread that more joined; the events are the new ones. */
  joined(events: Event[], context: RenderContext): Message;
};

export type NotifierDefinition<Event = unknown> = {
  texts: Record<Language, { summary: string }>;
  /** "admin" goes to `access.admin`; "direct" to the channel that the event names. */
  topic: Topic | "admin" | "direct";
  event: z.ZodType<Event>;
  /** Which filters of a subscription apply; each needs its reader below. */
  filters: readonly ("severity" | "scope" | "state")[];
  severity?(event: Event): Severity;
  place?(event: Event): Located | readonly Located[];
  /** True where only a subscription to all states wants it: no action is needed. */
  dismissed?(event: Event): boolean;
  /** The words by which `mute` names events of this sort, for example the alert type and its title. */
  sort?(event: Event): readonly string[];
  /** For "direct": the channel. */
  channel?(event: Event): string;
  /** Two events with the same key are the same notification: the later one updates the message. */
  key(event: Event): string;
  /** ISO time by which events are ordered. */
  at(event: Event): string;
  /** ISO time at which the far side had it: the lag to Slack is measured from there. */
  origin?(event: Event): string | undefined;
  bundle?: Bundling<Event>;
  /** The notification under whose message this one is a reply; where the channel has none, it's a message of its own. */
  below?(event: Event): { notifier: string; key: string };
  /** Days that the event is kept for edits and questions, where it is too large for the outbox's 120. */
  keptDays?: number;
  render(event: Event, context: RenderContext): Message;
  /** A reply below the updated message where the change matters to somebody. */
  changed?(before: Event, after: Event, context: RenderContext): Message | undefined;
};

/** Declares one kind of notification; the file's name is its name. */
export function notifier<Event>(definition: NotifierDefinition<Event>): NotifierDefinition<Event> {
  return definition;
}
