import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { receiveUpload } from "./api/files.ts";
import { serveCall } from "./api/serve-call.ts";
import { faultsOf, strike } from "./faults.ts";
import { type SlackOptions, settled } from "./options.ts";
import { servePage } from "./page.ts";
import { serveResponse } from "./response-url.ts";
import { announceDisconnect, attachSockets, freeze } from "./sockets.ts";
import { type SlackStandIn, standIn } from "./stand-in.ts";
import { createState, type State } from "./state.ts";
import { readBody, send, sendJson, uploadedContent } from "./wire.ts";

/**
 * Starts a stand-in for Slack on 127.0.0.1: Web API under /api/, Socket Mode, response_urls, uploads, and a page for
 * people at /. Nothing of it knows the bot: it does what Slack does on the wire.
 */
export async function startSlack(options: SlackOptions = {}): Promise<SlackStandIn> {
  const state = createState(settled(options));
  const server = createServer((request, response) => {
    route(state, request, response).catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = 60_000;
  const endSockets = attachSockets(state, server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  state.origin = `http://127.0.0.1:${port}`;
  const close = async () => {
    endSockets();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const sockets = {
    count: () => state.connections.length,
    disconnect: (how = {}) => announceDisconnect(state, how),
    freeze: (connection?: number) => freeze(state, connection),
  };
  return standIn(state, { faults: faultsOf(state), sockets, close });
}

async function route(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? "/").split("?")[0]!;
  const [, first = "", second = ""] = path.split("/");
  if (first === "api") return serveCall(state, second, request, response);
  if (first === "response") return serveResponse(state, second, request, response);
  if (first === "upload") return upload(state, second, request, response);
  if (first === "files") return download(state, second, response);
  return servePage(state, path, request, response);
}

async function upload(
  state: State,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readBody(request);
  const fault = strike(state, "upload", undefined);
  if (fault?.kind === "reset") return void request.socket.resetAndDestroy();
  if (fault) return send(response, fault.status ?? 500, "upstream connect error");
  const done = receiveUpload(state, id, uploadedContent(request.headers["content-type"] ?? "", bytes));
  if (done) send(response, 200, done, { "content-type": "text/plain" });
  else send(response, 404, "file_not_found");
}

function download(state: State, id: string, response: ServerResponse): void {
  const file = state.files.get(id);
  if (!file?.completed) {
    send(response, 404, "not found");
    return;
  }
  const name = encodeURIComponent(file.name);
  send(response, 200, file.content, {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${name}`,
  });
}

/** A mistake of the stand-in itself: loud, so that no test blames the bot for it. */
function fail(response: ServerResponse, error: unknown): void {
  console.error("Slack stand-in:", error);
  if (!response.headersSent)
    sendJson(response, 500, { ok: false, error: "fatal_error", detail: String(error) });
  else response.destroy();
}
