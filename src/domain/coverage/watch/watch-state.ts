import type { Located } from "../../scope/scope.ts";

/** What the watch reports when it begins. The order is that of the messages of one reading. */
export const lossSorts = [
  "plan-off",
  "extension-off",
  "sensor-off",
  "sensor-lost",
  "blind",
  "workspace-missing",
  "sensor-excluded",
  "policy-off",
  "uncovered",
] as const;
export type LossSort = (typeof lossSorts)[number];

export type ThingKind = "subscription" | "cluster" | "registry";

/** One thing that a reading says for certain; what is unknown is left out, and stays what it was. */
export type Sighting = {
  sort: LossSort;
  /** The extension, or the node pool. */
  what?: string;
  lost: boolean;
  /** What exactly: the nodes. */
  detail?: string;
  /** The loss must last so long before it counts. */
  confirmMinutes?: number;
};

/** A subscription, cluster or registry with all that a reading says of it. */
export type Thing = Located & {
  kind: ThingKind;
  /** Lower case, without the subscription's part; empty for the subscription itself. */
  id: string;
  name: string;
  sightings: Sighting[];
  /** The node pools, where the nodes were read: any other one is gone. */
  pools?: string[];
  /** For a subscription: its clusters and registries. */
  within?: Within[];
};

export type Within = Omit<Located, "subscription">;

/** A sighting that begins, ends or confirms a loss. */
export type Turn = { thing: Thing; sighting: Sighting };

/** One look at the estate; `asOf`: when Azure was read, which may be the reading of the look before. `read`: subscriptions that were read as a whole; `unread`: those that were not. */
export type Sighted = {
  at: string;
  asOf: string;
  things: readonly Thing[];
  read: ReadonlySet<string>;
  unread: ReadonlySet<string>;
};

/** `ok`, `lost`, or the ISO time since when it is lost and not yet confirmed. */
export type Fact = string;
export type WatchedThing = {
  facts: Record<string, Fact>;
  /** New since the baseline, and not known to be covered or not. */
  fresh?: true;
  /** Whole readings in a row in which it was missing. */
  missing?: number;
  /** ISO; when its nodes could not be read. */
  unreached?: string;
};
export type WatchedSubscription = { last?: string; things: Record<string, WatchedThing> };

export type Member = {
  kind: ThingKind;
  id: string;
  name: string;
  subscription: { id: string; name: string };
  resourceGroup?: string;
  what?: string;
  detail?: string;
  within?: Within[];
  ended?: string;
  /** Set with `ended`: it works again, or the thing itself was deleted. */
  how?: "recovered" | "deleted";
};

export type Author = { caller: string; at: string; subscription: string };

/** Who did it; `unknown` says why that is not known, in the service's words where there are any. */
export type Authorship = {
  authors: Author[];
  unknown?: { why: "denied" | "absent" | "failed" | "other"; detail?: string };
};

/** One cause with everything that it hit: one message, whose later states update it. */
export type Incident = {
  id: string;
  sort: LossSort;
  /** ISO; the reading before and the one that saw it: it happened in between. */
  after: string;
  opened: string;
  /** Of the watch's clock; a later state of the same incident has a higher one. */
  revision: number;
  members: Member[];
  by?: Authorship;
  /** ISO; set where nothing of it is left. */
  ended?: string;
  /** Set until the new members are published: they may concern other channels. */
  grown?: true;
};

export type Baseline = {
  at: string;
  subscriptions: number;
  clusters: number;
  notCovered: number;
  unknown: number;
};

/** All that is remembered between readings. */
export type WatchState = {
  /** Counts every change of the state, and never goes back. */
  revision: number;
  /** ISO; the last whole reading. */
  at: string;
  /** What was there at the first reading; set until it is published. */
  baseline?: Baseline;
  subscriptions: Record<string, WatchedSubscription>;
  incidents: Record<string, Incident>;
  /** Incidents that still have to be published. */
  pending: string[];
};

export function factKey({ sort, what }: Pick<Sighting, "sort" | "what">): string {
  return what === undefined ? sort : `${sort}|${what}`;
}
