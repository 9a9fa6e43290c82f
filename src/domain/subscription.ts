import type { Scope } from "./scope/scope.ts";
import type { Severity } from "./severity.ts";
import type { Topic } from "./topics.ts";

/** What a channel wants to receive. Those of the configuration file cannot be changed from Slack. */
export type ChannelSubscription = {
  channel: string;
  topic: Topic;
  /** The least severity; none is everything. */
  severity?: Severity;
  /** Any of these; an empty list is everything. */
  scopes: Scope[];
  /** Of `rescan` only: newly pushed images with fixable findings of this severity or higher are posted at once. */
  immediate?: Severity;
  /** Of `alerts` only: "all" also lets through alerts that are dismissed already when they arrive. */
  state?: "all";
  language?: "en" | "ja";
  origin: "file" | "command";
  /** Slack user id and ISO time, where a command made it. */
  by?: string;
  at?: string;
};

/** Mutes one sort of alert in a channel until a time; what is muted is counted and summed up. */
export type Mute = {
  id: string;
  channel: string;
  /** A glob over the type or title of the alert; none is every alert. */
  sort?: string;
  scopes: Scope[];
  /** ISO. */
  from: string;
  until: string;
  by: string;
  /** Who ended it before its time. */
  endedBy?: string;
};
