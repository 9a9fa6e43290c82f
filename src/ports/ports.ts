import type { Access } from "../definitions/command.ts";
import type { Definitions } from "../definitions/load.ts";
import type { AlertAction } from "../domain/alerts/alert.ts";
import type { ReadAlert } from "../domain/alerts/alert-merge.ts";
import type { Coverage } from "../domain/coverage/coverage.ts";
import type { Read } from "../domain/reading.ts";
import type {
  AffectedObjects,
  Assessment,
  AssessmentsRead,
} from "../domain/recommendations/recommendation.ts";
import type { Scope } from "../domain/scope.ts";
import type { TroubleKind } from "../domain/trouble.ts";
import type { Settings } from "../settings/settings.ts";
import type { AlertsPort } from "../store/alerts.ts";
import type { AuditPort } from "../store/audit.ts";
import type { ChannelIdsPort } from "../store/channel-ids.ts";
import type { DurabilityPort } from "../store/durability.ts";
import type { FailuresPort } from "../store/failures.ts";
import type { FindingsPort } from "../store/findings/port.ts";
import type { MutesPort } from "../store/mutes.ts";
import type { OncePort } from "../store/once.ts";
import type { OutboxPort } from "../store/outbox/outbox.ts";
import type { SharedReadingsPort } from "../store/readings/readings.ts";
import type { RunsPort } from "../store/runs.ts";
import type { SubscriptionsPort } from "../store/subscriptions.ts";
import type { TroublePort } from "../store/trouble.ts";
import type { QuarantinePort } from "../store/values/quarantine.ts";
import type { SizesPort } from "../store/values/sizes.ts";
import type { FindingsAzure } from "./findings.ts";
import type { Readings } from "./readings.ts";
import type { Clusters, SimulationAzure } from "./simulations.ts";

/** An Azure subscription; `state` is Azure's word (`Enabled`, `Warned`, `Disabled`, …). */
export type Subscription = { id: string; name: string; state: string };

/** What a check says. `mend`: the exact line or setting that repairs it. */
type Said = { name: string; said: string; mend?: string };

/** One right or connection that was tried. `ja`: the same in Japanese, of what is tried at an edge, which knows no reader. */
export type Check = Said & { state: "ok" | "failed" | "unknown"; ja?: Said };

/** Which alerts are read, and from which source. */
export type AlertsAsked =
  /**
   * Light rows (`whole: false`) through Resource Graph: of these subscriptions (ids), or of all in scope. `quick`: does not
   * ask subscriptions without any row whether they may be read at all.
   */
  | { from: "graph"; subscriptions?: readonly string[]; quick?: boolean }
  /** Whole, from the alerts API of each subscription, the authority. One that fails is named in `unread`. */
  | { from: "api"; subscriptions: readonly Subscription[] }
  /** With all that each source says: alerts by their resource id, or completed from what one source said of them. */
  | { from: "all"; alerts: readonly (string | ReadAlert)[] };

/** Everything that is read from or changed in Azure. Each call throws `UpstreamError` where nothing can be answered. */
export type Azure = {
  /**
   * Subscriptions within `settings.scope`; `unread` names those asked for by name that do not answer. `minutes`: how old the
   * list may be, else one.
   */
  subscriptions(options?: { minutes?: number }): Promise<Read<Subscription[]>>;
  /** Alerts that concern containers, merged from the sources that were asked (`domain/alert-merge.ts`). */
  alerts(asked: AlertsAsked): Promise<Read<ReadAlert[]>>;
  /**
   * Subscription id → a sum that changes whenever one of its alerts is new or looks otherwise; subscriptions without alerts
   * have none. Undefined where Azure does not offer it.
   * @param minutes how old the list of subscriptions may be
   */
  alertSums(minutes: number): Promise<Read<Map<string, string>> | undefined>;
  /** Changes the state; Azure keeps neither who nor why. */
  changeAlert(resource: string, action: AlertAction): Promise<void>;
  coverage(scope?: Scope): Promise<Read<Coverage>>;
  assessments(scope?: Scope): Promise<AssessmentsRead>;
  /**
   * The objects that violate the policy behind assessments of whole clusters, from Policy Insights. One or a few
   * requests for each cluster, of ten clusters at most.
   */
  affectedObjects(clusters: readonly Assessment[]): Promise<AffectedObjects>;
  /** The token, Resource Graph, and each action of the custom role per subscription. */
  checks(): Promise<Check[]>;
};

export type Person = {
  id: string;
  /** One for each human, whose several ids in an Enterprise Grid share it: people are compared by this, not by ids. */
  identity: string;
  /** The Enterprise Grid organisation, where somebody may be known by several ids. */
  organisation?: string;
  name: string;
  locale?: string;
  timezone?: string;
  /** Guests, deactivated accounts and people of other organisations are no members. */
  member: boolean;
  deactivated?: true;
  /** Of another organisation, met in a shared channel. */
  stranger?: true;
};

export type ChannelInfo = { id: string; name: string; member: boolean; archived: boolean; private: boolean };

/** What is asked of Slack outside the outbox. Each call throws `UpstreamError`. */
export type Chat = {
  /** Read now, never from a cache: rights hang on it. */
  person(id: string): Promise<Person>;
  /** Ids of the people in a user group, at most five seconds old: Slack allows about 20 look-ups a minute. */
  group(id: string): Promise<string[]>;
  /** User group id → its handle, `security`: a name to show, which may be some minutes old. */
  groupHandles(): Promise<ReadonlyMap<string, string>>;
  channel(id: string): Promise<ChannelInfo>;
  /** The channel id of a direct conversation with a person. */
  direct(person: string): Promise<string>;
  /** The token, each scope of the manifest, and block types that the workspace refuses. */
  checks(): Promise<Check[]>;
};

/**
 * A scheduled job whose slot `due` should have finished by now; `finished` is the last slot that did. Without `due`:
 * no process has fired its schedule yet.
 */
export type LateJob = { job: string; due?: string; finished?: string };

/** Work in the background. */
export type Queue = {
  /**
   * Asks for a run of a job; requests with the same key fold into one. `delay` in seconds; `wake`: one that waits for
   * its time is called now.
   */
  enqueue(job: string, payload: unknown, options?: { delay?: number; wake?: boolean }): Promise<void>;
  /**
   * The latest time (ISO) at which a cron line was due in (`after`, `now`], in the time zone of the schedules;
   * undefined where there was none.
   */
  previousSlot(line: string, after: string, now: string): string | undefined;
  /** Jobs waiting, active, delayed and failed, by name of the queue. */
  counts(): Promise<Record<string, number>>;
  /** Scheduled jobs that did not run as they should have. */
  late(): Promise<LateJob[]>;
};

/**
 * Hands events to a notifier: routed to the channels that want them, recorded durably, posted in the background.
 * `channels`: exactly these instead of the subscribed ones. `known`: only updates messages that are already there.
 * `revision`: of two events under the same key the one with the lower revision is dropped, whichever comes last.
 */
export type Publish = (
  notifier: string,
  events: readonly unknown[],
  options?: { channels?: readonly string[]; known?: boolean; revision?: number },
) => Promise<Published>;
export type Published = { recorded: number; updated: number; muted: number };

/** Posts what a channel's outbox has next; seconds until it should be called again, or nothing where it is empty. */
export type Deliver = (channel: string) => Promise<number | undefined>;

/** Tells the people who can mend a thing that it does not work, once, and once more when it works again. */
export type Trouble = {
  tell(trouble: {
    what: string;
    kind: TroubleKind;
    name: string;
    detail: string;
    /** The exact line that fixes it. */
    command?: string;
    channels?: string[];
  }): Promise<void>;
  mended(what: string): Promise<void>;
};

/** What rights are decided by. Each call throws where Slack does not say. */
export type Directory = Pick<Chat, "person" | "group" | "groupHandles"> & {
  /** `Person.identity`, some minutes old at most: an id never passes to another human. */
  identityOf(id: string): Promise<string>;
};

/** `cause`: why somebody who may be named is refused all the same. */
export type Verdict = {
  allowed: boolean;
  why: Record<"en" | "ja", string>;
  cause?: "deactivated" | "unread";
};

/** Whether a person may do something, looked up now; denied where the look-up fails. */
export type Rights = {
  may(person: string, access: Access): Promise<Verdict>;
  /** Whether two ids are those of one human, looked up now; undefined where Slack does not say. */
  same(person: string, other: string): Promise<boolean | undefined>;
  /** Whether the settings name this human as operator or approver, not by a group. */
  named(person: string): Promise<boolean>;
};

export type Clock = {
  /** ISO, milliseconds. */
  now(): string;
};

export type Log = {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
  debug(about: object, message: string): void;
};

/** Counters and gauges; names are given without the `breakwater_` prefix. */
export type Metrics = {
  count(name: string, labels?: Record<string, string>, by?: number): void;
  gauge(name: string, value: number, labels?: Record<string, string>): void;
  /** Seconds. */
  observe(name: string, seconds: number, labels?: Record<string, string>): void;
};

export type Store = {
  alerts: AlertsPort;
  audit: AuditPort;
  channels: ChannelIdsPort;
  findings: FindingsPort;
  mutes: MutesPort;
  once: OncePort;
  outbox: OutboxPort;
  failures: FailuresPort;
  quarantine: QuarantinePort;
  readings: SharedReadingsPort;
  runs: RunsPort;
  sizes: SizesPort & DurabilityPort;
  subscriptions: SubscriptionsPort;
  trouble: TroublePort;
  /** Forgets what is older than its retention, where Redis does not do so by itself. */
  trim(now: string): Promise<void>;
  /** Milliseconds that Redis took for a write; rejects where it answers, but cannot be written. */
  ping(): Promise<number>;
};

/** The capabilities that definitions receive; each names only those that it uses. */
export type Ports = {
  azure: Azure & SimulationAzure & FindingsAzure;
  readings: Readings;
  clusters: Clusters;
  store: Store;
  queue: Queue;
  chat: Chat;
  publish: Publish;
  deliver: Deliver;
  trouble: Trouble;
  rights: Rights;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  settings: Settings;
  definitions: Definitions;
};
