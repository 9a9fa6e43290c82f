import type { Unread } from "../../reading/reading.ts";
import type { ControlState } from "../compliance.ts";
import type { StateCounts } from "../summary.ts";

/**
 * Control → its state at the last reading that said one. `missing`: the latest reading lacked the standard; `partial`: its
 * controls were never read completely, so that more of them aren't new ones.
 */
export type WatchedStandard = {
  name: string;
  controls: Record<string, ControlState>;
  missing?: true;
  partial?: true;
};
export type WatchedSubscription = { name: string; at: string; standards: Record<string, WatchedStandard> };

/** A control that changed, with all the subscriptions (ids) where it did so in the same way. */
export type ControlChange = {
  standard: string;
  name: string;
  control: string;
  title: string;
  from: ControlState;
  to: ControlState;
  subscriptions: string[];
};

/** A standard that is assigned to subscriptions since the last reading, or no longer. */
export type AssignmentChange = { name: string; how: "assigned" | "unassigned"; subscriptions: string[] };

/** What one reading changed, until it is published. */
export type PendingChanges = {
  slot: string;
  asOf: string;
  /** ISO time of the reading before; none at the first one. */
  before?: string;
  weekly: boolean;
  changes: ControlChange[];
  assignments: AssignmentChange[];
  /** Controls that came or went with a new version of a standard: neither failed nor fixed. */
  added: number;
  removed: number;
  /** In which subscriptions they did; left out by what earlier versions stored. */
  renewed?: string[];
  unread: Unread[];
  subscriptions: number;
};

/** Controls by state at one slot. */
export type DayCompliance = {
  slot: string;
  standards: { key: string; name: string; subscriptions: number; counts: StateCounts }[];
};

export type ComplianceState = {
  slot: string;
  asOf: string;
  /** The Monday (UTC) of the week that has its summary. */
  week: string;
  subscriptions: Record<string, WatchedSubscription>;
  /** Standard → control → what it is called. */
  titles: Record<string, Record<string, string>>;
  /** Channels that know how compliance was when their watch began. */
  channels: string[];
  /** By the name of a filter of channels; "" is everything. */
  days: Record<string, DayCompliance[]>;
  pending?: PendingChanges;
};
