import { type App, type Receiver, SocketModeReceiver } from "@slack/bolt";
import pTimeout from "p-timeout";
import type { Settings } from "../../domain/settings.ts";
import type { Log } from "../../ports/process.ts";
import { boltLogger } from "../logger.ts";
import { callSeconds } from "../web-api.ts";

/** Slack pings every few seconds; a connection behind NAT that is silent this long is dead. */
const silentMs = 30_000;
/** So long may Slack take to answer our ping, and to greet a new connection. */
const pongMs = 10_000;
const helloMs = 20_000;
const longestPauseMs = 30_000;

type Client = SocketModeReceiver["client"];
type Connection = { client: Client; live: boolean; ending: boolean };

/**
 * Socket Mode as a receiver of Bolt. Bolt's own client reconnects only after the old connection is closed, five seconds
 * later at best, and what people type meanwhile is lost: here Slack's warning opens the next connection first, and
 * every failure is tried again with a growing pause.
 */
export function socketReceiver(
  slack: Settings["slack"] & { appToken: string },
  log: Log,
): Receiver & { connected(): boolean } {
  const connections = new Set<Connection>();
  let app: App | undefined;
  let stopping = false;
  let opening = false;
  let pause: NodeJS.Timeout | undefined;

  const ended = (connection: Connection) => {
    connection.live = false;
    if (!connections.delete(connection) || stopping) return;
    if (!connection.ending) log.warn({ connections: connections.size }, "a Socket Mode connection ended");
    if (![...connections].some(({ live, ending }) => live && !ending)) open();
  };
  /** Opens a connection, again and again until there is one; those that are to end then end. */
  const open = (attempt = 0): void => {
    if (stopping || opening) return;
    opening = true;
    connect(attempt)
      .then(() => {
        for (const old of connections) if (old.ending) void old.client.disconnect();
      })
      .catch((error: unknown) => {
        log.warn({ error, attempt }, "no Socket Mode connection could be opened");
        const ms = Math.min(longestPauseMs, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
        pause = setTimeout(() => open(attempt + 1), stopping ? 0 : ms);
      })
      .finally(() => {
        opening = false;
      });
  };
  const connect = async (attempt: number): Promise<void> => {
    const { client } = newReceiver(slack, log, app);
    const connection: Connection = { client, live: false, ending: false };
    connections.add(connection);
    client.on("connected", () => {
      connection.live = true;
      log.info({ attempt }, "Socket Mode connected");
    });
    const warned = () => {
      connection.ending = true;
      open();
    };
    takeMessages(client, warned, log);
    try {
      await pTimeout(client.start(), { milliseconds: helloMs });
    } catch (error) {
      connections.delete(connection);
      void client.disconnect();
      throw error ?? new Error("the connection ended before Slack greeted it");
    }
    client.on("disconnected", () => ended(connection));
    if (stopping) await client.disconnect();
  };
  return {
    init(bolt) {
      app = bolt;
    },
    async start() {
      open();
    },
    async stop() {
      stopping = true;
      clearTimeout(pause);
      await Promise.all(
        [...connections].map(({ client }) =>
          pTimeout(client.disconnect(), { milliseconds: 3_000 }).catch(() => {}),
        ),
      );
    },
    connected: () => [...connections].some(({ live }) => live),
  };
}

function newReceiver(
  slack: Settings["slack"] & { appToken: string },
  log: Log,
  app: App | undefined,
): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: boltLogger(log),
    autoReconnectEnabled: false,
    clientPingTimeout: pongMs,
    serverPingTimeout: silentMs,
    dispatcher: proxyDispatcher(),
    installerOptions: {
      clientOptions: {
        ...(slack.apiUrl && { slackApiUrl: slack.apiUrl }),
        retryConfig: { retries: 0 },
        timeout: callSeconds * 1000,
      },
    },
  });
  if (app) receiver.init(app);
  return receiver;
}

/**
 * Takes Slack's `disconnect` message before the client does, which would close at once. What the client stumbles over
 * would stay without an acknowledgement: an event without an event in it, as `app_rate_limited` is.
 */
function takeMessages(client: Client, warned: () => void, log: Log): void {
  const [own] = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", async (data: unknown, isBinary: unknown) => {
    if (typeof data === "string" && data.length < 1000 && isWarning(data)) return warned();
    try {
      await own?.(data, isBinary);
    } catch {
      if (!passOn(client, data)) log.warn({}, "a Socket Mode message could not be read");
    }
  });
}

/** Hands an envelope to Bolt as the client would have, so that it is acknowledged. */
function passOn(client: Client, data: unknown): boolean {
  try {
    const { envelope_id, type, payload } = JSON.parse(String(data)) as Record<string, unknown>;
    if (typeof envelope_id !== "string") return false;
    const { send } = client as unknown as { send(id: string, body?: unknown): Promise<void> };
    const ack = (body?: unknown) => send.call(client, envelope_id, body);
    return client.emit("slack_event", { ack, envelope_id, type, body: payload ?? {} });
  } catch {
    return false;
  }
}

/** Source: docs.slack.dev "Using Socket Mode": `warning` comes about ten seconds ahead, `refresh_requested` at once. */
function isWarning(data: string): boolean {
  try {
    const { type, reason } = JSON.parse(data) as { type?: unknown; reason?: unknown };
    return type === "disconnect" && (reason === "warning" || reason === "refresh_requested");
  } catch {
    return false;
  }
}

/**
 * Node's global dispatcher where it is one that goes through the proxy of the environment (`setGlobalProxyFromEnv`):
 * the WebSocket of Bolt's client does not ask for it by itself.
 */
function proxyDispatcher(): never | undefined {
  const dispatcher = (globalThis as Record<symbol, unknown>)[Symbol.for("undici.globalDispatcher.1")];
  return dispatcher?.constructor.name === "EnvHttpProxyAgent" ? (dispatcher as never) : undefined;
}
