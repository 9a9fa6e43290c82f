import type { Language } from "../text/language.ts";
import type { Retention } from "./retention.ts";
import type { SimulationImages } from "./simulations/scenario.ts";
import type { RunParameters } from "./simulations/simulation.ts";
import type { ChannelSubscription } from "./subscription.ts";
import type { ScheduleName } from "./topics.ts";

/** Everything that can be set, checked once at start (design, section 4). */
export type Settings = {
  slack: {
    botToken: string;
    /** HTTP mode. */
    signingSecret?: string;
    /** Set: Socket Mode. */
    appToken?: string;
    /** Base of the Web API; Slack's own where not set. */
    apiUrl?: string;
  };
  listen: {
    host: string;
    port: number;
    /** An idle connection is kept for so long. */
    keepAliveSeconds: number;
    /** The headers of a request must be there in so long; more than keepAliveSeconds. */
    headersTimeoutSeconds: number;
    maxConnections: number;
  };
  redis: { url?: string; prefix: string };
  azure: {
    cloud: "AzureCloud" | "AzureUSGovernment";
    /** `https` endpoint of Resource Manager, without a slash at its end. */
    resourceManager: string;
    /** Scope of the token for Resource Manager. */
    audience: string;
    authorityHost: string;
    portal: string;
  };
  /** Towards clusters; what speaks to Slack and Azure reads the same variables by itself. */
  proxy?: { url: string; except: string };
  role: "all" | "web" | "worker";
  dataDir: string;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace";
  scope: { managementGroups: string[]; subscriptions: string[] };
  language: Language;
  schedules: {
    timezone: string;
    drills: Drill[];
  } & Record<ScheduleName, string>;
  channels: ChannelSubscription[];
  access: { operators: string[]; approvers: string[]; admin?: string };
  simulations: {
    clusters: string[];
    refuseTags: string[];
    namespace: string;
    verifyMinutes: number;
    images: SimulationImages;
  };
  /** Folder of the operator's own hunts, one `.kql` file each. */
  hunts: { folder?: string };
  /** Days for which things are kept, where it is not as usual. */
  retention: Partial<Retention>;
};

/** A simulation on a schedule. `approvedBy`: Slack user id of the person who preapproved it. */
export type Drill = {
  cron: string;
  scenario: string;
  cluster: string;
  approvedBy?: string;
  parameters?: RunParameters;
};
