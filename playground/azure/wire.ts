import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { type Answer, failure } from "./errors.ts";
import { codeOf, type Fault } from "./faults.ts";

/** Listens on 127.0.0.1, by default on a free port; returns the port. */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Closes a server and its connections. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Reads a request's body whole. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** The JSON of a body; undefined where there is none. Throws a SyntaxError for what is no JSON. */
export const parseBody = (text: string): unknown => (text.trim() === "" ? undefined : JSON.parse(text));

/** Bytes from which on an answer is packed for who takes it so [recorded answers of Resource Graph, `vary`]. */
const packedFrom = 2000;

function send(
  response: ServerResponse,
  answer: Answer,
  change: (text: string) => string = (text) => text,
): number {
  const body = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const id = randomUUID();
  const headers: Record<string, string> = {
    "x-ms-request-id": id,
    "x-ms-correlation-request-id": id,
    "Cache-Control": "no-cache",
    ...answer.headers,
  };
  const text = change(body);
  if (text) headers["Content-Type"] = "application/json; charset=utf-8";
  const packs = text.length > packedFrom && /gzip/.test(String(response.req.headers["accept-encoding"]));
  if (packs) headers["Content-Encoding"] = "gzip";
  const bytes = packs ? gzipSync(text, { level: 1 }) : Buffer.from(text);
  response.writeHead(answer.status, { ...headers, Vary: "Accept-Encoding", "Content-Length": bytes.length });
  response.end(bytes);
  return answer.status;
}

const proxyPage = (status: number) =>
  `<html><head><title>${status === 200 ? "Sign in" : "502 Bad Gateway"}</title></head><body><h1>Corporate proxy</h1></body></html>`;

/**
 * Answers a request through the faults that it met. Resolves to the status that was sent, 0 where the connection
 * was cut instead. `handle` runs at most once, and not at all where the fault comes before any effect.
 */
export async function answerThrough(
  faults: Fault[],
  response: ServerResponse,
  handle: () => Promise<Answer>,
): Promise<number> {
  for (const fault of faults) if (fault.kind === "slow") await after(fault.ms, undefined, { ref: false });
  const fault = faults.find((one) => one.kind !== "slow");
  const cut = () => {
    response.socket?.destroy();
    return 0;
  };
  if (fault?.kind === "reset") return cut();
  if (fault?.kind === "status") {
    const { status, retryAfter } = fault;
    const answer = failure(
      status,
      fault.code ?? codeOf(status),
      fault.message ?? `Injected fault: ${codeOf(status)}`,
    );
    return send(
      response,
      retryAfter === undefined ? answer : { ...answer, headers: { "Retry-After": String(retryAfter) } },
    );
  }
  if (fault?.kind === "garbage") {
    const status = fault.status ?? 502;
    response.writeHead(status, { "Content-Type": "text/html" });
    response.end(proxyPage(status));
    return status;
  }
  if (fault?.kind === "unchanged") return send(response, { status: 204 });
  const answer = await handle();
  if (fault?.kind === "lostAnswer") return cut();
  if (fault?.kind === "empty") return send(response, { status: answer.status });
  if (fault?.kind === "truncate")
    return send(response, answer, (text) => text.slice(0, Math.floor(text.length / 2)));
  return send(response, answer);
}
