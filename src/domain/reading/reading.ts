/** A part of the estate that could not be read, and why. */
export type Unread = {
  /** Subscription id, or the id of the resource. */
  id: string;
  name: string;
  why: "denied" | "throttled" | "unreachable" | "failed" | "gone" | "not-registered";
  /** Azure's own words, short. */
  detail: string;
  /** It is a management group: which subscriptions lie in it is unknown. */
  group?: true;
};

/**
 * Whether what lies in a subscription (its id) was left unread: by itself, or because the management group that it may lie
 * in was. `listed`: the subscriptions that were asked.
 */
export function leftUnread(
  unread: readonly Pick<Unread, "id" | "group">[],
  listed: Iterable<string>,
): (id: string) => boolean {
  const ids = new Set(unread.map(({ id }) => id.toLowerCase()));
  const there = new Set([...listed].map((id) => id.toLowerCase()));
  const groups = unread.some(({ group }) => group);
  return (id) => ids.has(id.toLowerCase()) || (groups && !there.has(id.toLowerCase()));
}

/** What was read, when, from how many subscriptions, and what could not be read. */
export type Read<T> = {
  value: T;
  /** ISO time at which reading ended. */
  asOf: string;
  /** Subscriptions asked, those that could not be read included. */
  subscriptions: number;
  unread: Unread[];
};

/** True where there was something to read and all of it was: only then may an answer say that all is well. */
export function readWhole({
  subscriptions,
  unread,
}: Pick<Read<unknown>, "subscriptions" | "unread">): boolean {
  return subscriptions > 0 && unread.length === 0;
}

/** Where a value comes from: the call, what it said, when. */
export type Evidence = { source: string; said: string; at: string };

/** A value with its evidence; "unknown" is a value too, with the reason. */
export type Known<T> =
  | { known: true; value: T; evidence: Evidence }
  | { known: false; why: string; evidence: Evidence };
