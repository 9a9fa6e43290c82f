import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A GET that the process answers besides Slack's requests: health, readiness, metrics. */
export type HttpRoute = {
  path: string;
  handle(query: URLSearchParams): Promise<{ status: number; type: string; body: string }>;
};

/** Answers with the route's words; a route that fails is a 500 without details. */
export async function serveRoute(
  route: HttpRoute,
  { url = "/" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, type, body } = await route
    .handle(new URLSearchParams(url.split("?")[1]))
    .catch(() => ({ status: 500, type: "text/plain", body: "internal error\n" }));
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}

export type RoutesServer = { start(): Promise<void>; stop(): Promise<void>; port(): number | undefined };

/** A small server for the routes alone: workers and Socket Mode have no other. */
export function routesServer(
  listen: { host: string; port: number },
  routes: readonly HttpRoute[],
): RoutesServer {
  let server: Server | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? "/").split("?")[0];
    const route =
      request.method === "GET" || request.method === "HEAD"
        ? routes.find((one) => one.path === path)
        : undefined;
    if (route) void serveRoute(route, request, response);
    else response.writeHead(404).end();
  };
  return {
    async start() {
      const started = createServer(answer);
      await new Promise<void>((resolve, reject) => {
        started.once("error", reject);
        started.listen(listen.port, listen.host, resolve);
      });
      server = started;
    },
    stop: () => stopServer(server),
    port: () => portOf(server),
  };
}

export function portOf(server: Server | undefined): number | undefined {
  return (server?.address() as AddressInfo | null | undefined)?.port;
}

/** Takes no new connection, ends those that wait for nothing, and lets the others finish. */
export async function stopServer(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
}
