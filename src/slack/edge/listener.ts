import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError, type ConfigProblem } from "../../errors.ts";

export type Listen = {
  host: string;
  port: number;
  keepAliveSeconds: number;
  headersTimeoutSeconds: number;
  maxConnections: number;
};

export type Listener = {
  start(): Promise<void>;
  stop(): Promise<void>;
  listening(): boolean;
  port(): number | undefined;
};

/** A request of Slack is there at once; a slow one only holds a connection. */
const requestTimeoutMs = 30_000;
const stopMs = 10_000;

/**
 * An HTTP server that a load balancer can keep connections to: it closes idle ones later than they do, and so loses no
 * request that is on its way.
 */
export function listener(listen: Listen, answer: RequestListener): Listener {
  let server: Server | undefined;
  return {
    async start() {
      // As in src/main.ts: an import of it would load Node's fetch.
      const made = process.getBuiltinModule("node:http").createServer(
        {
          keepAliveTimeout: listen.keepAliveSeconds * 1000,
          headersTimeout: listen.headersTimeoutSeconds * 1000,
          requestTimeout: Math.max(requestTimeoutMs, listen.headersTimeoutSeconds * 1000),
        },
        answer,
      );
      made.maxConnections = listen.maxConnections;
      await startServer(made, listen);
      server = made;
    },
    stop: () => stopServer(server),
    listening: () => server?.listening ?? false,
    port: () => (server?.address() as AddressInfo | null | undefined)?.port,
  };
}

/**
 * Starts to listen.
 * @throws ConfigError where the address can't be listened on
 */
async function startServer(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const refused = refusedAddress[code];
    if (!refused) throw error;
    const { where, problem, allowed } = refused;
    throw new ConfigError([
      { where, problem: `${where === "PORT" ? port : host} ${problem} (${code})`, allowed },
    ]);
  }
}

const anyPort = "a free port, or 0 for any";
const anyHost = "an address of this machine, or 0.0.0.0 for all of them";
const refusedAddress: Record<string, ConfigProblem> = {
  EADDRINUSE: { where: "PORT", problem: "is already in use", allowed: anyPort },
  EACCES: {
    where: "PORT",
    problem: "needs more permissions than this user has",
    allowed: "a port above 1023",
  },
  EADDRNOTAVAIL: { where: "HOST", problem: "is no address of this machine", allowed: anyHost },
  EINVAL: { where: "HOST", problem: "is no address to listen on", allowed: anyHost },
  ENOTFOUND: { where: "HOST", problem: "can't be resolved", allowed: anyHost },
  EAI_AGAIN: { where: "HOST", problem: "can't be resolved", allowed: anyHost },
};

/** Takes no new connection, ends those that wait for nothing, and lets the others finish. */
async function stopServer(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection becomes idle with its answer, and would be kept for another request.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), stopMs);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
