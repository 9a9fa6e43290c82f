import type { z } from "zod";
import type { OpenMessage } from "../domain/alerts/rollup.ts";
import type { Severity } from "../domain/severity.ts";

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
  /** Id of the event whose message has it as a reply, where that one is in the channel. */
  below?: string;
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
  /** Slack takes no replies below it: nothing more joins it. */
  noReplies?: true;
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

/** How long the last message took from the time that its source gives to the channel, in seconds. */
export type Lag = { v: 1; at: string; notifier: string; seconds: number };

export type OutboxLag = {
  noteLag(lag: Omit<Lag, "v">): Promise<void>;
  /** Of the last message that has such a time; undefined before the first one. */
  lag(): Promise<Lag | undefined>;
};

/** Everything that a pump needs to decide what a channel posts next. */
export type OutboxState = {
  intent?: Intent;
  /** There was an intent that could not be read: which call is under way has to be found out anew. */
  lostIntent?: true;
  /** A newer version of the bot is posting here: only it may go on. */
  newer?: true;
  /** Event ids in the order of recording. */
  waiting: string[];
  changed: { id: string; score: string }[];
  follow?: FollowUp;
  open: Map<string, OpenMessage>;
  language?: "en" | "ja";
  /** ISO time of the last call that showed something in the channel. */
  called?: string;
  paused?: Pause;
};

export type Pause = { reason: string; since: string; until: string };

export type ChannelDepth = {
  channel: string;
  waiting: number;
  oldest?: string;
  paused?: string;
  held: number;
};

export type OutboxReading = {
  state(channel: string): Promise<OutboxState>;
  /** Event ids → the message that has them, and what was shown before where it changed. */
  placed(channel: string, ids: readonly string[]): Promise<Map<string, PlacedMessage>>;
  message(channel: string, id: string): Promise<PlacedMessage | undefined>;
  /** A message that is still to be posted: rows were taken into it, and Slack has not refused it. */
  unposted(channel: string): Promise<PlacedMessage | undefined>;
  before(channel: string, ids: readonly string[]): Promise<Map<string, unknown>>;
  /** Channels with work. */
  busy(): Promise<string[]>;
  depth(): Promise<ChannelDepth[]>;
};

/** The schema of a notifier's events; undefined where it is not known here. */
export type EventShape = (notifier: string) => z.ZodType | undefined;

export type OutboxPort = OutboxReading & {
  /** Events as stored before; ids that are unknown are left out. */
  events(ids: readonly string[]): Promise<Map<string, StoredEvent>>;
  /**
   * Stores events and the rows of each channel, each once; answers what was new for each channel. An event older than
   * the stored one changes nothing; `conflicts` are to be compared with what is stored now, and recorded again.
   */
  record(
    events: readonly OutboxEvent[],
    channels: readonly OutboxRecord[],
    now: string,
  ): Promise<{ sums: Map<string, { recorded: number; updated: number }>; conflicts: string[] }>;
  claim(channel: string, message: PlacedMessage, intent: Intent, now: string): Promise<boolean>;
  join(channel: string, row: string, message: PlacedMessage, again: string, now: string): Promise<boolean>;
  /** Nothing joins or follows the message any more. */
  gone(channel: string, message: PlacedMessage): Promise<void>;
  /** A row that joined a message waits again, to be posted as a message of its own. */
  release(channel: string, row: string, message: string): Promise<boolean>;
  /** Writes down the intent to post the first follow-up. */
  intend(channel: string, intent: Intent): Promise<void>;
  complete(
    channel: string,
    intent: Intent,
    result: { message?: PlacedMessage; follows?: FollowUp[]; open?: [string, OpenMessage][] },
  ): Promise<boolean>;
  updated(
    channel: string,
    rows: readonly { id: string; score: string }[],
    follows: FollowUp[],
  ): Promise<void>;
  /** Keeps what the replies of a message read now. */
  shown(channel: string, message: PlacedMessage): Promise<void>;
  /** Forgets the first follow-up, where there is nothing to post any more. */
  skipFollow(channel: string): Promise<void>;
  /** Takes rows out whose event is no longer kept; how many. Rows of a newer version's events wait for that version. */
  drop(channel: string, ids: readonly string[]): Promise<number>;
  /** Lets the rows of a message wait again that was never posted, and whose record could not be read. */
  requeue(channel: string, message: string): Promise<void>;
  called(channel: string, at: string): Promise<void>;
  pause(channel: string, pause: { reason: string; since: string; until: string } | undefined): Promise<void>;
  hold(channel: string, id: string, why: string): Promise<void>;
  /** Takes the channel off the list of those with work, where it has none. */
  rest(channel: string): Promise<void>;
  noteLag: OutboxLag["noteLag"];
  lag: OutboxLag["lag"];
  /** Every channel that ever had a notification. */
  channels(): Promise<string[]>;
  trim(now: string): Promise<void>;
};
