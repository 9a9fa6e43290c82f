import { vi } from "vitest";
import type { SlackOptions } from "../playground/slack/options.ts";
import { startSlack } from "../playground/slack/server.ts";
import type { SlackStandIn } from "../playground/slack/stand-in.ts";
import { exampleWorkspace } from "../playground/slack/workspace.ts";
import type { Incoming } from "../src/dispatch/incoming.ts";
import type { Log, Metrics } from "../src/ports/process.ts";
import type { Directory } from "../src/ports/slack.ts";
import type { OncePort } from "../src/ports/store.ts";
import { chatPort, type SlackChat, type SlackPosting } from "../src/slack/chat.ts";
import { refusedBlocks } from "../src/slack/delivery/refused-blocks.ts";
import { type SlackApp, slackApp } from "../src/slack/edge/app.ts";
import type { HttpRoute } from "../src/slack/edge/routes.ts";

export type LogLine = { level: string; about: object; message: string };
export type SlackBot = {
  slack: SlackStandIn;
  app: SlackApp;
  chat: SlackChat;
  directory: Directory;
  posting: SlackPosting;
  once: OncePort;
  incoming: Incoming[];
  logs: LogLine[];
  counts: Map<string, number>;
  /** What was reported, and what ended, in order. */
  troubles: string[];
  stop(): Promise<void>;
};

export const akira = "U0AKIRA0001";
export const olivia = "U0OLIVIA001";

/** The Slack side of the bot on the wire against the stand-in, with any dispatch. */
export async function startBot(
  dispatch: (incoming: Incoming) => void | Promise<void>,
  options: SlackOptions & { routes?: HttpRoute[]; once?: OncePort; maxConnections?: number } = {},
): Promise<SlackBot> {
  const slack = await startSlack({ workspace: exampleWorkspace, pacing: 0, ...options });
  const incoming: Incoming[] = [];
  const logs: LogLine[] = [];
  const counts = new Map<string, number>();
  const troubles: string[] = [];
  const renumbered = new Map<string, string>();
  const log = logInto(logs);
  const metrics = metricsInto(counts);
  const once = options.once ?? onceInMemory();
  const refused = refusedBlocks(once);
  const settings = {
    slack: {
      botToken: slack.env.SLACK_BOT_TOKEN,
      signingSecret: slack.env.SLACK_SIGNING_SECRET,
      appToken: slack.env.SLACK_APP_TOKEN,
      apiUrl: slack.env.SLACK_API_URL,
    },
    listen: {
      host: "127.0.0.1",
      port: 0,
      keepAliveSeconds: 75,
      headersTimeoutSeconds: 80,
      maxConnections: options.maxConnections ?? 1500,
    },
    language: "en" as const,
    schedules: { timezone: "UTC" },
  };
  const { call, chat, posting, people, directory } = chatPort(settings, { log, metrics, refused, once });
  const app = slackApp({
    settings,
    log,
    metrics,
    once,
    channels: {
      latest: async () => (channel) => renumbered.get(channel) ?? channel,
      learn: async (earlier, latest) => Boolean(renumbered.set(earlier, latest)),
    },
    clock: { now: () => new Date().toISOString() },
    refused,
    call,
    posting,
    chat,
    people,
    routes: options.routes ?? [],
    trouble: {
      tell: async ({ what }) => void troubles.push(what),
      resolved: async (what) => void troubles.push(`${what} ended`),
    },
    async dispatch(one) {
      incoming.push(one);
      await dispatch(one);
    },
  });
  await app.start();
  slack.setEventsUrl(`http://127.0.0.1:${app.port()}/slack/events`);
  if (options.socketMode) await until(() => app.connected());
  const stop = async () => {
    await app.stop();
    await slack.close();
  };
  return { slack, app, chat, directory, posting, once, incoming, logs, counts, troubles, stop };
}

/** Waits for something on the bot's side, of which the stand-in cannot tell. */
export function until<T>(condition: () => T, ms = 10_000): Promise<NonNullable<T>> {
  return vi.waitUntil(condition, { timeout: ms, interval: 10 }) as Promise<NonNullable<T>>;
}

/** What `OncePort` promises, without Redis: the Slack side is tried on its own here. */
function onceInMemory(): OncePort {
  const seen = new Set<string>();
  const kept = new Map<string, unknown>();
  return {
    async first(id) {
      const isNew = !seen.has(id);
      seen.add(id);
      return isNew;
    },
    async forget(id) {
      seen.delete(id);
    },
    async keep(id, value) {
      kept.set(id, value);
    },
    async take<T>(id: string) {
      const value = kept.get(id) as T | undefined;
      kept.delete(id);
      return value;
    },
    async peek<T>(id: string) {
      return kept.get(id) as T | undefined;
    },
  };
}

function logInto(lines: LogLine[]): Log {
  const at = (level: string) => (about: object, message: string) => {
    lines.push({ level, about, message });
  };
  return { info: at("info"), warn: at("warn"), error: at("error"), debug: at("debug") };
}

function metricsInto(counts: Map<string, number>): Metrics {
  return {
    count(name, labels = {}, by = 1) {
      const key = [name, ...Object.values(labels)].join(" ");
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    gauge() {},
    observe() {},
  };
}
