import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import type { WebSocket } from "ws";
import { pickConnection } from "./sockets.ts";
import { changed, nextId, type State } from "./state.ts";

/** Brings a request of Slack to the bot, over HTTP with the v0 signature or in a Socket Mode envelope. */

export type DeliveryOptions = {
  /** `old` is signed six minutes ago; `wrong` with another secret. */
  signature?: "good" | "wrong" | "old" | "missing";
  /** A repeated delivery carries these. */
  retry?: { num: number; reason: string };
};

/** What is delivered; delivering the same value twice is a repeated delivery. */
export type Delivery =
  | { kind: "slash_commands"; payload: Record<string, string> }
  | { kind: "interactive"; payload: Record<string, unknown> }
  | { kind: "events_api"; payload: Record<string, unknown> };

/** `status` 0: not acknowledged (`body` says why). `ms`: from sending to acknowledgement, real time. */
export type Receipt = { status: number; body: unknown; ms: number };

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function sign(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

export async function deliver(
  state: State,
  delivery: Delivery,
  options: DeliveryOptions = {},
): Promise<Receipt> {
  const started = performance.now();
  const connection = pickConnection(state);
  const outcome = connection
    ? await overSocket(state, delivery, options, connection.socket)
    : state.eventsUrl
      ? await overHttp(state, state.eventsUrl, delivery, options)
      : { status: 0, body: "dispatch_failed" };
  const ms = performance.now() - started;
  const over = connection ? "socket" : "http";
  state.deliveries.push({ kind: delivery.kind, over, status: outcome.status, ms, time: Date.now() });
  changed(state);
  return { ...outcome, ms };
}

type Outcome = Omit<Receipt, "ms">;

function overSocket(
  state: State,
  delivery: Delivery,
  { retry }: DeliveryOptions,
  socket: WebSocket,
): Promise<Outcome> {
  const envelope_id = randomUUID();
  const envelope = {
    envelope_id,
    type: delivery.kind,
    payload: delivery.payload,
    accepts_response_payload: delivery.kind !== "events_api",
    ...(delivery.kind === "events_api"
      ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? "" }
      : {}),
  };
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      state.acks.delete(envelope_id);
      socket.off("close", lost);
      resolve(outcome);
    };
    const lost = () => settle({ status: 0, body: "disconnected" });
    const timer = setTimeout(
      () => settle({ status: 0, body: "operation_timeout" }),
      state.settings.ackTimeout,
    );
    state.acks.set(envelope_id, (payload) => settle({ status: 200, body: payload ?? "" }));
    socket.on("close", lost);
    socket.send(JSON.stringify(envelope));
  });
}

function encode(delivery: Delivery): { type: string; body: string } {
  if (delivery.kind === "events_api")
    return { type: "application/json", body: JSON.stringify(delivery.payload) };
  const form =
    delivery.kind === "slash_commands" ? delivery.payload : { payload: JSON.stringify(delivery.payload) };
  return { type: "application/x-www-form-urlencoded", body: new URLSearchParams(form).toString() };
}

function signatureHeaders(
  state: State,
  body: string,
  kind: DeliveryOptions["signature"],
): Record<string, string> {
  const age = kind === "old" ? 360 : 0;
  const timestamp = Math.floor(Date.now() / 1000) - age;
  const secret = kind === "wrong" ? "not-the-signing-secret" : state.settings.signingSecret;
  const headers = { "x-slack-request-timestamp": String(timestamp) };
  return kind === "missing" ? headers : { ...headers, "x-slack-signature": sign(secret, timestamp, body) };
}

function overHttp(state: State, url: string, delivery: Delivery, options: DeliveryOptions): Promise<Outcome> {
  const { type, body } = encode(delivery);
  const headers: Record<string, string> = {
    "content-type": type,
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    ...signatureHeaders(state, body, options.signature),
  };
  if (options.retry) {
    headers["x-slack-retry-num"] = String(options.retry.num);
    headers["x-slack-retry-reason"] = options.retry.reason;
  }
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(state.settings.ackTimeout);
    const outgoing = request(url, { method: "POST", agent, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: decode(chunks, response.headers) }),
      );
      response.on("error", (error) => resolve({ status: 0, body: error.message }));
    });
    outgoing.on("error", (error) =>
      resolve({ status: 0, body: signal.aborted ? "operation_timeout" : error.message }),
    );
    outgoing.end(body);
  });
}

function decode(chunks: Buffer[], headers: Record<string, unknown>): unknown {
  const text = Buffer.concat(chunks).toString();
  if (!String(headers["content-type"] ?? "").startsWith("application/json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A trigger for the interaction that is about to be delivered. */
export function newTrigger(state: State, user: string, view?: string): string {
  const id = `${Date.now()}.${nextId(state, "").slice(1)}.trigger`;
  state.triggers.set(id, { id, user, issued: state.settings.clock(), used: false, view });
  return id;
}
