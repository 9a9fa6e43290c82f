import type { Settings } from "../domain/settings.ts";
import type {
  Azure,
  ComplianceAzure,
  ExemptionAzure,
  FindingsAzure,
  SimulationAzure,
} from "../ports/azure.ts";
import type { Clusters } from "../ports/clusters.ts";
import type { EnablementAzure } from "../ports/enablement.ts";
import type { Clock, Log, Metrics, Queue } from "../ports/process.ts";
import type { Readings } from "../ports/readings.ts";
import type { Chat, Deliver, Publish, Rights, Trouble } from "../ports/slack.ts";
import type { Store } from "../ports/store.ts";
import type { Definitions } from "./load.ts";

/** The capabilities that definitions receive; each names only those that it uses. */
export type Ports = {
  azure: Azure & ComplianceAzure & EnablementAzure & ExemptionAzure & SimulationAzure & FindingsAzure;
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
