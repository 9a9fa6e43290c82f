import { randomInt } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { setTimeout as after } from "node:timers/promises";
import type { Fault } from "../../azure/faults.ts";
import { readBody } from "../../azure/wire.ts";
import type { ApiRecord, Cluster } from "../cluster.ts";
import type { User } from "../rights.ts";
import { failed, type Status } from "../status.ts";
import { deny, upgrade } from "./exec.ts";
import { handle } from "./handle.ts";
import type { ApiAnswer, ApiRequest } from "./request.ts";

export type ApiServer = {
  port: number;
  /** Refuses connections until it is started again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
};
/** Below those that systems give out by themselves: none of them takes the port of a server that is down. */
const ports = [30_000, 32_700] as const;
type Certified = { key: string; cert: string };

/** Serves a cluster over TLS. `who` knows a user by the Authorization header. */
export async function serveApi(
  cluster: Cluster,
  tls: Certified,
  who: (authorization: string | undefined) => User | undefined,
): Promise<ApiServer> {
  let port = 0;
  let server: Server | undefined;
  const up = async () => {
    const made = createServer(tls);
    made.on("request", (request, response) => void respond(cluster, who, request, response));
    made.on("upgrade", (request: IncomingMessage, socket, head: Buffer) => {
      const user = who(request.headers.authorization);
      const asked = requestOf(request, "", user);
      const recorded = record(cluster, asked);
      recorded.status = user ? upgrade(cluster, asked, request, socket, head) : deny(socket, unauthorized);
    });
    port = await bound(made, port);
    server = made;
  };
  const down = async () => {
    const gone = server;
    server = undefined;
    if (!gone) return;
    for (const session of cluster.sessions) session.cut();
    const closed = new Promise((resolve) => gone.close(resolve));
    gone.closeAllConnections();
    await closed;
  };
  await up();
  return { port, up, down };
}

/** Binds the port, or a free one of the range. @returns the port */
async function bound(server: Server, port: number): Promise<number> {
  for (;;) {
    const wanted = port || randomInt(...ports);
    try {
      server.listen(wanted, "127.0.0.1");
      await once(server, "listening");
      return wanted;
    } catch (error) {
      if (port || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

const unauthorized = failed(401, "Unauthorized", "Unauthorized");

function requestOf(request: IncomingMessage, body: string, user: User | undefined): ApiRequest {
  const url = new URL(request.url ?? "/", "https://127.0.0.1");
  return {
    method: request.method ?? "GET",
    path: url.pathname.replace(/(.)\/+$/, "$1"),
    query: url.searchParams,
    contentType: request.headers["content-type"] ?? "",
    body,
    user: user ?? { name: "system:anonymous", groups: [], admin: false },
    agent: request.headers["user-agent"] ?? "",
  };
}

function record(cluster: Cluster, { method, path, query, body, user }: ApiRequest): ApiRecord {
  let parsed: unknown = body || undefined;
  try {
    parsed = JSON.parse(body);
  } catch {
    // YAML, or nothing.
  }
  const made = {
    method,
    path: decodeURIComponent(path),
    query: Object.fromEntries(query),
    body: parsed,
    status: 0,
    user: user.name,
    time: cluster.now().toISOString(),
  };
  cluster.requests.push(made);
  return made;
}

async function respond(
  cluster: Cluster,
  who: (authorization: string | undefined) => User | undefined,
  request: IncomingMessage,
  response: ServerResponse,
) {
  try {
    const user = who(request.headers.authorization);
    const asked = requestOf(request, await readBody(request), user);
    const recorded = record(cluster, asked);
    const met = cluster.faults.meet(asked.method, recorded.path, asked.body);
    for (const fault of met) if (fault.kind === "slow") await after(fault.ms, undefined, { ref: false });
    const fault = met.find((one) => one.kind !== "slow");
    if (fault?.kind === "reset") return void response.socket?.destroy();
    const broken = fault && brokenAnswer(fault);
    const answer = broken ?? (user ? handle(cluster, asked) : { status: 401, body: unauthorized });
    if (fault?.kind === "lostAnswer") return void response.socket?.destroy();
    recorded.status = answer.status;
    send(response, answer, fault);
  } catch (error) {
    // A mistake of the stand-in itself is shown loudly.
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!response.headersSent) response.writeHead(500, { "Content-Type": "application/json" });
    response.end(JSON.stringify(failed(500, "InternalError", `playground: ${said}`)));
  }
}

const reasons: Record<number, string> = {
  401: "Unauthorized",
  403: "Forbidden",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function brokenAnswer(fault: Fault): ApiAnswer | undefined {
  if (fault.kind === "garbage")
    return {
      status: fault.status ?? 502,
      text: "<html><body><h1>Corporate proxy</h1></body></html>",
      headers: { "Content-Type": "text/html" },
    };
  if (fault.kind === "empty")
    return { status: 200, text: "", headers: { "Content-Type": "application/json" } };
  if (fault.kind !== "status") return undefined;
  const wait = fault.retryAfter;
  const details = wait === undefined ? {} : { retryAfterSeconds: wait };
  const status: Status = failed(
    fault.status,
    fault.code ?? reasons[fault.status] ?? "Unknown",
    fault.message ?? "injected fault",
    details,
  );
  return {
    status: fault.status,
    body: status,
    ...(wait === undefined ? {} : { headers: { "Retry-After": String(wait) } }),
  };
}

function send(response: ServerResponse, answer: ApiAnswer, fault: Fault | undefined) {
  const text = "text" in answer ? answer.text : `${JSON.stringify(answer.body)}\n`;
  const type = "text" in answer ? "text/plain" : "application/json";
  response.writeHead(answer.status, {
    "Content-Type": type,
    "Cache-Control": "no-cache, private",
    "Audit-Id": crypto.randomUUID(),
    ...answer.headers,
  });
  response.end(fault?.kind === "truncate" ? text.slice(0, Math.floor(text.length / 2)) : text);
}
