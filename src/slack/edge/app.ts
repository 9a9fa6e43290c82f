import { type AckFn, App, HTTPReceiver, type Receiver } from "@slack/bolt";
import type { Incoming } from "../../dispatch/incoming.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Clock, Log, Metrics } from "../../ports/process.ts";
import type { Trouble } from "../../ports/slack.ts";
import type { ChannelIdsPort, OncePort } from "../../ports/store.ts";
import { fairTurns } from "../../text/fair-turns.ts";
import type { SlackChat } from "../chat.ts";
import type { SlackPosting } from "../delivery/posting.ts";
import type { Refused } from "../delivery/refused-blocks.ts";
import { boltLogger } from "../logger.ts";
import type { People } from "../people.ts";
import { replyTo } from "../reply/reply.ts";
import { patiently } from "../reply/retry-wait.ts";
import { replyWords } from "../reply/words.ts";
import type { SlackCalls } from "../web-api.ts";
import { acknowledged } from "./ack-receiver.ts";
import { admission, bodyLimit } from "./admission.ts";
import {
  callerOf,
  type Doing,
  fromButton,
  fromCommand,
  fromMention,
  fromShortcut,
  fromSubmission,
  type Mention,
} from "./incoming.ts";
import { listener } from "./listener.ts";
import { type HttpRoute, routesServer, serveRoute } from "./routes.ts";
import { signatureWatch } from "./signature-watch.ts";
import { socketReceiver } from "./socket.ts";
import { workQueue } from "./work-queue.ts";

export type SlackAppOptions = {
  settings: Pick<Settings, "slack" | "listen" | "language"> & {
    schedules: Pick<Settings["schedules"], "timezone">;
  };
  log: Log;
  metrics: Metrics;
  once: Pick<OncePort, "first">;
  channels: Pick<ChannelIdsPort, "latest" | "learn">;
  clock: Clock;
  refused: Refused;
  call: SlackCalls;
  posting: SlackPosting;
  chat: Pick<SlackChat, "direct" | "home">;
  people: People;
  /** Runs after the acknowledgement. */
  dispatch: (incoming: Incoming) => void | Promise<void>;
  routes: readonly HttpRoute[];
  trouble: Trouble;
};

export type SlackApp = {
  start(): Promise<void>;
  /** Takes no more requests, and finishes those that were taken. */
  stop(): Promise<void>;
  /** HTTP: it listens. Socket Mode: at least one connection was greeted by Slack. */
  connected(): boolean;
  port(): number | undefined;
};

/** Repeated deliveries come within minutes. Source: docs.slack.dev "The Events API", "Retries". */
const rememberedSeconds = 3600;
const finishMs = 12_000;
/** Files of answers, in one process: of all people, and of one person. */
const uploadsAtOnce = { total: 2, each: 1 };

/** Bolt with our receivers. Nothing connects before `start`; the token is not asked about. */
export function slackApp(options: SlackAppOptions): SlackApp {
  const { settings, log } = options;
  const { appToken } = settings.slack;
  const edge = appToken
    ? socketEdge({ ...settings.slack, appToken }, options)
    : httpEdge(settings.slack.signingSecret ?? "", options);
  const app = new App({
    receiver: acknowledged(edge.receiver, options),
    logger: boltLogger(log),
    // Bolt's own way would call auth.test, once for each event.
    authorize: async () => ({ botToken: settings.slack.botToken }),
    ignoreSelf: false,
    convoStore: false,
  });
  const work = listen(app, options);
  return {
    start: edge.start,
    async stop() {
      await Promise.all([edge.stop(), work.idle(finishMs)]);
    },
    connected: edge.connected,
    port: edge.port,
  };
}

type Edge = SlackApp & { receiver: Receiver };

function httpEdge(signingSecret: string, options: SlackAppOptions): Edge {
  const { settings, log, routes, metrics, trouble } = options;
  const path = "/slack/events";
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [path],
    bodyLimit,
    logger: boltLogger(log),
    customRoutes: routes.map((route) => ({
      path: route.path,
      method: ["GET", "HEAD"],
      handler: (request, response) => void serveRoute(route, request, response),
    })),
  });
  const watch = signatureWatch({ trouble, log });
  const server = listener(
    settings.listen,
    admission({ path, metrics, watch }, (request, response) => {
      try {
        receiver.requestListener(request, response);
      } catch {
        // Bolt throws for a path that it does not serve.
        response.writeHead(404).end();
      }
    }),
  );
  return { ...server, receiver, connected: server.listening };
}

function socketEdge(
  slack: Settings["slack"] & { appToken: string },
  { settings, log, routes }: SlackAppOptions,
): Edge {
  const receiver = socketReceiver(slack, log);
  const server = routesServer(settings.listen, routes);
  return {
    receiver,
    async start() {
      await server.start();
      await receiver.start();
    },
    async stop() {
      await receiver.stop();
      await server.stop();
    },
    connected: receiver.connected,
    port: server.port,
  };
}

/** Every listener acknowledges first, then queues the work. */
function listen(app: App, options: SlackAppOptions) {
  const { log, metrics, channels, clock } = options;
  const queue = workQueue(log);
  const handle = handler(options);
  const take = (doing: Doing | undefined, retried: boolean): boolean => {
    if (!doing || queue.add(doing.person, () => handle(doing, retried))) return true;
    metrics.count("slack_dropped_total", { source: doing.source });
    log.error({ source: doing.source, waiting: queue.waiting() }, "too much waits: a request was dropped");
    return false;
  };
  // In Socket Mode the connection may end under an acknowledgement; the work is done all the same.
  const acknowledge = (ack: AckFn<never>) =>
    (ack as AckFn<undefined>)().catch((error: unknown) =>
      log.warn({ error }, "an acknowledgement did not leave"),
    );

  app.command(/.*/s, async ({ ack, body, context }) => {
    if (queue.full(body.user_id)) {
      await ack({ response_type: "ephemeral", text: replyWords(options.settings.language)("busy") });
      return;
    }
    await acknowledge(ack as AckFn<never>);
    take(fromCommand(body), context.retryNum !== undefined);
  });
  // Bolt acknowledges events by itself before any listener.
  app.event("app_mention", async ({ body, context }) => {
    take(fromMention(body as unknown as Mention), (context.retryNum ?? 0) > 0);
  });
  app.event("channel_id_changed", async ({ event }) => {
    const { old_channel_id: earlier, new_channel_id: latest } = event;
    await channels
      .learn(String(earlier), String(latest), clock.now())
      // Posts and the regular look-up say it again.
      .catch((error: unknown) => log.warn({ error }, "a channel's new id could not be stored"));
  });
  app.action({ type: "block_actions" }, async ({ ack, body, context }) => {
    await acknowledge(ack as AckFn<never>);
    take(fromButton(body), context.retryNum !== undefined);
  });
  app.view({ type: "view_submission" }, async ({ ack, body, context }) => {
    await acknowledge(ack as AckFn<never>);
    if (body.type === "view_submission") take(fromSubmission(body), context.retryNum !== undefined);
  });
  app.view({ type: "view_closed" }, async ({ ack }) => {
    await acknowledge(ack as AckFn<never>);
  });
  app.shortcut(/.*/s, async ({ ack, body, context }) => {
    await acknowledge(ack as AckFn<never>);
    take(fromShortcut(body), context.retryNum !== undefined);
  });
  return queue;
}

/** Once for each doing: who it was, where the answer goes, and on to dispatch. */
function handler(options: SlackAppOptions) {
  const { settings, log, metrics, once, channels, refused, call, posting, chat, people, dispatch } = options;
  const uploads = fairTurns(uploadsAtOnce);
  const { timezone } = settings.schedules;
  const deps = { call, posting, refused, people, uploads, timezone, log, metrics };
  const isFirst = async ({ id, source }: Doing, retried: boolean): Promise<boolean> => {
    try {
      return await once.first(`slack:${source}:${id}`, rememberedSeconds);
    } catch (error) {
      // Without its memory the bot serves what comes for the first time, and leaves repetitions be.
      log.warn({ error }, "whether a request is repeated could not be looked up");
      return !retried;
    }
  };
  /** By the latest id: old messages' buttons may name an earlier one. */
  const placeOf = async ({ channel, person }: Doing): Promise<string> => {
    if (!channel) return patiently(() => chat.direct(person));
    const latest = await channels.latest().catch((error: unknown) => {
      log.warn({ error }, "whether a channel's id changed could not be looked up");
    });
    return latest?.(channel) ?? channel;
  };
  return async (doing: Doing, retried: boolean): Promise<void> => {
    if (!(await isFirst(doing, retried))) {
      metrics.count("slack_repeated_total", { source: doing.source });
      return;
    }
    const [channel, acquaintance] = await Promise.all([placeOf(doing), people.meet(doing.person)]);
    const { language } = acquaintance;
    const { id: _id, line, team: _team, teams, channelName: _name, below: _below, ...place } = doing;
    // Who cannot be looked up is of the own organisation only where Slack's payload says so.
    const unknown = acquaintance.identity === undefined && !(await isHome(teams, chat));
    const caller = callerOf(
      doing,
      channel,
      unknown ? { ...acquaintance, stranger: "unknown" } : acquaintance,
    );
    const reply = replyTo({ ...place, channel, language }, deps);
    await dispatch({ line, source: doing.source, caller, reply });
  };
}

async function isHome(teams: readonly string[], chat: Pick<SlackChat, "home">): Promise<boolean> {
  const home = await chat.home().catch((): string[] => []);
  return teams.some((team) => home.includes(team));
}
