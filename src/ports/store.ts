import type { z } from "zod";
import type { AlertActor } from "../domain/alerts/alert.ts";
import type { Seen } from "../domain/alerts/poll.ts";
import type { AuditedAction } from "../domain/audit.ts";
import type { Unread } from "../domain/reading/reading.ts";
import type { RecommendationsWatch } from "../domain/recommendations/watch/watch-state.ts";
import type { StoredKind } from "../domain/stored-kind.ts";
import type { ChannelSubscription } from "../domain/subscription.ts";
import type { TroubleKind } from "../domain/trouble.ts";
import type { FindingsPort } from "./findings.ts";
import type { MutesPort } from "./mutes.ts";
import type { OutboxPort } from "./outbox.ts";
import type { SharedReadingsPort } from "./readings.ts";
import type { EnablementsPort, ExemptionsPort } from "./requests.ts";
import type { RunsPort } from "./runs.ts";
import type { DurabilityPort, SizesPort } from "./sizes.ts";
import type { ComplianceWatchPort } from "./watches/compliance-watch.ts";
import type { CoverageWatchPort } from "./watches/coverage-watch.ts";
import type { HuntWatchesPort } from "./watches/hunt-watches.ts";
import type { WatchedStatePort } from "./watches/watched-state.ts";

export type TakenIn = { sum: string; alerts: number };

export type AlertSumsPort = {
  /** By subscription; the sum of one that was not taken in whole equals none of Resource Graph's. */
  sums(): Promise<Map<string, TakenIn>>;
  /** Before subscriptions are read: `press` and `doubt` take the claim away, so that what they changed is read again. */
  claim(subscriptions: readonly string[], token: string): Promise<void>;
  /** Keeps the sums of those that are still claimed. */
  settle(token: string, taken: ReadonlyMap<string, TakenIn>): Promise<void>;
};

export type PollReading = {
  at: string;
  ok: boolean;
  alerts: number;
  subscriptions: number;
  unread: Unread[];
  failures: number;
  since?: string;
};

export type AlertsPort = AlertSumsPort & {
  /**
   * Remembers alerts, and subscriptions that had their first reading, in one transaction. What is remembered from a later
   * time (of a button, or another process) stays.
   * @param compared what the reading was compared with
   */
  mark(
    entries: ReadonlyMap<string, Seen>,
    compared: ReadonlyMap<string, Seen>,
    firstRead?: readonly string[],
  ): Promise<void>;
  /** Remembers what a button of the bot asked for or read, before it is shown; the next reading looks whether it is so. */
  press(id: string, api: string, at: string, subscription: string): Promise<void>;
  /**
   * Before changes are shown: a process that dies before it marks them leaves them to the next reading.
   * @param subscriptions what the next poll reads again
   */
  doubt(ids: readonly string[], subscriptions: readonly string[]): Promise<void>;
  /** Subscriptions that did not have their first reading after all. */
  forgetBaseline(ids: readonly string[]): Promise<void>;
  actor(id: string): Promise<AlertActor | undefined>;
  /** Before the change is made in Azure; `undefined` where it was refused, and no one had changed it before. */
  setActor(id: string, actor: AlertActor | undefined): Promise<void>;
  reading(): Promise<PollReading | undefined>;
  setReading(reading: PollReading): Promise<void>;
  cursor(): Promise<number>;
  setCursor(place: number): Promise<void>;
  /** Seen (of these alerts only, where some are named), baseline and reading in one round trip. */
  state(
    ids?: readonly string[],
  ): Promise<{ seen: Map<string, Seen>; baseline: Set<string>; reading?: PollReading }>;
  trim(now: string): Promise<void>;
};

export type AuditEntry = {
  /** ISO. */
  at: string;
  person: string;
  channel: string;
  /** The way in: slash, mention, button, … */
  source: string;
  line: string;
  command: string;
  action: string;
  /** The same as one readable line; missing where the command declares none, and in older entries. */
  audited?: AuditedAction;
  target?: string;
  /** `started`: the outcome is unknown, because the process ended or could not write it. */
  outcome: "started" | "done" | "refused" | "failed";
  detail?: string;
  /** How often this person was refused this command within the minute, where more than once. */
  count?: number;
};

export type AuditPort = {
  /** Puts down what is about to be done, before it is done; the id by which its outcome replaces it. */
  begin(entry: AuditEntry): Promise<string>;
  /**
   * Texts are shortened. Refusals of one person, command and minute become one entry with their count. `begun`: what
   * `begin` answered.
   */
  append(entry: AuditEntry, begun?: string): Promise<void>;
  /** Takes back what was begun, where nothing was done: a form was opened. */
  withdraw(begun: string): Promise<void>;
  /** Entries since a time (ISO), the newest first. */
  read(since: string, limit?: number): Promise<AuditEntry[]>;
  trim(now: string): Promise<void>;
};

export type ChannelIdsPort = {
  /** Reads the changes once; the function answers the latest id of a channel. */
  latest(): Promise<(channel: string) => string>;
  /** The latest id of a channel, and its earlier ones whose outbox isn't part of its own yet. */
  of(channel: string): Promise<{ channel: string; earlier: string[] }>;
  /** Writes down that Slack knows a channel by another id. False where that was known, or isn't an id of a channel. */
  learn(earlier: string, latest: string, at: string): Promise<boolean>;
  /**
   * Makes the outbox of an earlier id part of the latest one's. Both are held by whoever calls (`deliver:CHANNEL`). False
   * where each has a call to Slack under way: that of the latest id has to be finished first.
   */
  join(earlier: string, latest: string): Promise<boolean>;
};

/** When an id was replaced, and by which. */
export type ChannelId = { to: string; at: string };

export type FailuresPort = {
  /** Counts a failure; how many there were in a row. */
  failed(job: string): Promise<number>;
  /** How often it failed in a row before. */
  count(job: string): Promise<number>;
  clear(job: string): Promise<void>;
};

export type OncePort = {
  /** True only the first time that this id is seen within the seconds. */
  first(id: string, seconds: number): Promise<boolean>;
  /** Lets the next `first` of this id be the first again: what it was for has failed. */
  forget(id: string): Promise<void>;
  /** Keeps a JSON value for some seconds. */
  keep<T>(id: string, value: T, seconds: number): Promise<void>;
  /** The kept value, once; undefined where it was taken, or its time is over. */
  take<T>(id: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** The kept value, left in its place. */
  peek<T>(id: string, schema: z.ZodType<T>): Promise<T | undefined>;
};

export type Lease = {
  token: string;
  /** Holds it for its seconds again; false where it was lost. */
  renew(): Promise<boolean>;
  /** Lets it go, if it is still ours. */
  release(): Promise<void>;
};

export type LeasePort = {
  /** Undefined where another process holds it. `seconds` may be a fraction. */
  acquire(name: string, seconds: number): Promise<Lease | undefined>;
};

export type SubscriptionsPort = {
  /** Those of the configuration file first, then those made by command; each with the latest id of its channel. */
  list(): Promise<ChannelSubscription[]>;
  /** Replaces the one of the same channel and topic that a command made. */
  put(subscription: ChannelSubscription): Promise<void>;
  /** Removes those that commands made, of one topic or all; answers what was removed. */
  remove(channel: string, topic?: ChannelSubscription["topic"]): Promise<ChannelSubscription[]>;
};

export type Trouble = { since: string; detail: string; kind: TroubleKind; name: string; channels: string[] };

export type TroublePort = {
  /**
   * Opens it, or leaves it as it is; the trouble as it is stored then. Safe to repeat. Undefined where a newer version
   * of the bot has opened it.
   */
  open(what: string, about: Trouble): Promise<Trouble | undefined>;
  find(what: string): Promise<Trouble | undefined>;
  /** Ends it. Safe to repeat: whoever tells of the end does so before. */
  close(what: string): Promise<void>;
  list(): Promise<(Trouble & { what: string })[]>;
  trim(now: string): Promise<void>;
};

/** A value that was moved, or (`newer`) one that a newer version of the bot wrote and that was left alone. */
export type Quarantined = {
  id: string;
  kind: StoredKind;
  key: string;
  field?: string;
  why: string;
  /** ISO. */
  at: string;
  newer?: number;
  /** The command that removes it for good. */
  remove: string;
};

export type QuarantinePort = {
  /** The newest first. */
  list(): Promise<Quarantined[]>;
};

export type Store = {
  alerts: AlertsPort;
  audit: AuditPort;
  channels: ChannelIdsPort;
  compliance: ComplianceWatchPort;
  coverage: CoverageWatchPort;
  findings: FindingsPort;
  hunts: HuntWatchesPort;
  mutes: MutesPort;
  once: OncePort;
  outbox: OutboxPort;
  enablements: EnablementsPort;
  exemptions: ExemptionsPort;
  failures: FailuresPort;
  quarantine: QuarantinePort;
  readings: SharedReadingsPort;
  recommendations: WatchedStatePort<RecommendationsWatch>;
  runs: RunsPort;
  sizes: SizesPort & DurabilityPort;
  subscriptions: SubscriptionsPort;
  trouble: TroublePort;
  /** Forgets what is older than its retention, where Redis does not do so by itself. */
  trim(now: string): Promise<void>;
  /** Milliseconds that Redis took for a write; rejects where it answers, but cannot be written. */
  ping(): Promise<number>;
};
