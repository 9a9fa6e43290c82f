import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listen, type Listener, listener } from "./listener.ts";

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

/** A small server for the routes alone: workers and Socket Mode have no other. */
export function routesServer(listen: Listen, routes: readonly HttpRoute[]): Listener {
  return listener(listen, (request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    const route =
      request.method === "GET" || request.method === "HEAD"
        ? routes.find((one) => one.path === path)
        : undefined;
    if (route) void serveRoute(route, request, response);
    else response.writeHead(404).end();
  });
}
