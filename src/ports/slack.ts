import type { Access } from "../domain/access.ts";
import type { Check } from "../domain/check.ts";
import type { TroubleKind } from "../domain/trouble.ts";
import type { Language } from "../text/language.ts";

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

export type ChannelInfo = {
  id: string;
  name: string;
  member: boolean;
  /** Public, and the token may post there without being a member. */
  open?: true;
  archived: boolean;
  private: boolean;
};

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
  checks(language: Language): Promise<Check[]>;
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

/** Tells the people who can fix a problem about it, once, and once more when it works again. */
export type Trouble = {
  tell(trouble: {
    what: string;
    kind: TroubleKind;
    name: string;
    detail: string;
    /** The exact line that fixes it. */
    command?: string;
    /** ISO; now, where it has just begun. */
    since?: string;
    channels?: string[];
  }): Promise<void>;
  resolved(what: string): Promise<void>;
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
