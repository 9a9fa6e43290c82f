import type { Workspace } from "./workspace.ts";

export type SlackOptions = {
  workspace?: Workspace;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** OAuth scopes that the bot token was granted. */
  scopes?: readonly string[];
  /** Scopes of the app-level token. */
  appScopes?: readonly string[];
  /** Put SLACK_APP_TOKEN into `env`, so that the bot uses Socket Mode. */
  socketMode?: boolean;
  /** Real ms between two messages of one channel; 0 turns the limit off. */
  pacing?: number;
  /** Messages that may come at once before the pace counts. */
  burst?: number;
  /** Apply the per-minute limits of the methods' tiers. */
  tiers?: boolean;
  /** Real ms until a new message shows in conversations.history. */
  historyLag?: number;
  /** Most messages of a page of conversations.history; 15 for apps that are sold outside the Marketplace. */
  historyPage?: number;
  /** Refuse data_table and data_visualization, as older workspaces do. */
  refuseNewBlocks?: boolean;
  /** Epoch ms for timestamps, trigger and response_url ages; default the real time. Signatures use the real time. */
  clock?: () => number;
  /** HTTP mode: where the bot listens, `http://127.0.0.1:PORT/slack/events`. */
  eventsUrl?: string;
  /** Real ms that Slack waits for an acknowledgement. */
  ackTimeout?: number;
  port?: number;
  host?: string;
};

/** What Breakwater asks for, without the optional `chat:write.public`. */
export const usualScopes = [
  "commands",
  "chat:write",
  "app_mentions:read",
  "channels:read",
  "groups:read",
  "channels:history",
  "groups:history",
  "im:write",
  "users:read",
  "usergroups:read",
  "files:write",
] as const;

export function settled(options: SlackOptions) {
  return {
    botToken: "xoxb-breakwater-stand-in",
    appToken: "xapp-breakwater-stand-in",
    signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
    scopes: usualScopes as readonly string[],
    appScopes: ["connections:write"] as readonly string[],
    pacing: 1000,
    burst: 1,
    tiers: false,
    historyLag: 0,
    historyPage: 999,
    refuseNewBlocks: false,
    clock: Date.now,
    ackTimeout: 3000,
    socketMode: false,
    ...options,
  };
}

export type Settings = ReturnType<typeof settled>;
