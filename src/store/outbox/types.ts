import type { Severity } from "../../domain/severity.ts";

/** An event as it was published; `event` is the notifier's own, by value. */
export type StoredEvent = {
  v: 1;
  /** Of two events with the same id, the one with the lower revision is dropped. In second place: scripts read it there. */
  revision?: number;
  id: string;
  notifier: string;
  key: string;
  at: string;
  severity: Severity;
  again?: string;
  /** Days that it is kept, where that is not the outbox's retention. */
  keptDays?: number;
  event: unknown;
};

/** A message in a channel. `ts` is missing while it is being posted. */
export type PlacedMessage = {
  v: 1;
  id: string;
  notifier: string;
  members: string[];
  /** How many of the members it was posted with; the others joined later. */
  initial: number;
  language: "en" | "ja";
  bundle: boolean;
  ts?: string;
  posted?: string;
  /** Somebody deleted it in Slack: nothing joins it, nothing follows it. */
  gone?: true;
  /**
   * What it reads in Slack: itself as `head`, its replies by event id or `part:INDEX`. A message of an older version has
   * none of them: its next edit is made whether anything changes or not, and its replies are not edited.
   */
  shown?: Record<string, ShownReply>;
};

/** A message or reply that is edited where it would read otherwise today. */
export type ShownReply = {
  ts: string;
  /** Of the body; empty where the answer to its call was lost, so that it's unknown what it reads. */
  hash: string;
  form: 0 | 1 | 2;
  /** The form by which the message was cut into parts, and how many there were: another cut would lose text. */
  cut?: 0 | 1;
  of?: number;
};

/** What follows a message in its thread. */
export type FollowUp =
  /** `form`: that in which its message was posted; parts are cut by it. */
  | { kind: "part"; message: string; index: number; form?: 1 }
  | { kind: "changed"; message: string; id: string; before: unknown; at: string }
  | { kind: "joined"; message: string; id: string; at: string }
  /** Brings a joined reply up to date, or the parts where no id is given. Repeating it changes nothing. */
  | { kind: "edit"; message: string; id?: string };

/** What is posted, and must not be posted twice. */
export type PostedFollowUp = Exclude<FollowUp, { kind: "edit" }>;

/** A call to Slack that must not happen twice, written down before it is made. */
export type Intent = {
  v: 1;
  /** The metadata key of what is posted. */
  id: string;
  message: string;
  what: { kind: "head" } | { kind: "follow"; follow: PostedFollowUp };
  started: string;
  /** How often Slack was asked whether the call had its effect. */
  looked: number;
  /** How far Slack's history was searched before it asked to wait. */
  cursor?: string;
  /** How often the call was made. */
  attempts: number;
  /** 0 as compiled, 1 without newer blocks and half as much in each call, 2 as words alone. */
  form: 0 | 1 | 2;
  /** Slack's answer to the last call was a plain no: it had no effect. */
  refused?: boolean;
  file?: string;
};

/** `known`: the row is only for a channel that has the notification already. `before`: the event as it was shown. */
export type OutboxRow = { id: string; before?: string; known?: boolean };
/** An event to store. `expected`: the revision that it was compared with, where one was there. */
export type OutboxEvent = StoredEvent & { expected?: number };
export type OutboxRecord = { channel: string; language?: "en" | "ja"; rows: OutboxRow[] };
