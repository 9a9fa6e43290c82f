import type { NotifierDefinition } from "../../definitions/notifier.ts";
import type { OutboxPort } from "../../ports/outbox.ts";
import type { Clock, Log, Metrics } from "../../ports/process.ts";
import type { Trouble } from "../../ports/slack.ts";
import type { ChannelIdsPort, LeasePort } from "../../ports/store.ts";
import type { SlackPosting } from "../chat.ts";
import type { People } from "../people.ts";
import type { Refused } from "./refused-blocks.ts";

/** What the pump works with. */
export type PumpDeps = {
  channels: Pick<ChannelIdsPort, "of" | "join" | "learn">;
  outbox: OutboxPort;
  leases: LeasePort;
  posting: SlackPosting;
  notifiers: ReadonlyMap<string, NotifierDefinition>;
  refused: Refused;
  people: People;
  trouble: Trouble;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  language: "en" | "ja";
  /** IANA name: of times in headlines. */
  timezone: string;
  /** How often in a row Slack stumbled over the edit of a message, by channel and ts. */
  stumbles: Map<string, number>;
};
