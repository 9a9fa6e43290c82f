import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";
import { answering } from "../peer.ts";

/**
 * Slack's side: signed slash commands over keep-alive connections. Sockets are used directly and requests are made
 * before the clock starts, so that this process takes as little as it can of the time that it measures.
 */
export type Burst = {
  url: string;
  secret: string;
  atOnce: number;
  /** Command lines, in turn. */
  texts: string[];
  /** People, in turn. */
  users: string[];
  channel: string;
  responseUrl: string;
};
export type Acknowledged = { ms: number[]; refused: number };

const connections = new Map<string, Socket[]>();
let numbered = 0;

answering<Burst>(async (burst) => {
  const sockets = await opened(burst.url, burst.atOnce);
  const requests = sockets.map((_, index) => requestOf(burst, index));
  const answers = await Promise.all(sockets.map((socket, index) => send(socket, requests[index]!)));
  return {
    ms: answers.map(({ ms }) => ms),
    refused: answers.filter(({ status }) => status !== "200").length,
  } satisfies Acknowledged;
});

async function opened(url: string, count: number): Promise<Socket[]> {
  const kept = (connections.get(url) ?? []).filter(({ destroyed }) => !destroyed);
  const { hostname, port } = new URL(url);
  while (kept.length < count) kept.push(connect({ host: hostname, port: Number(port), noDelay: true }));
  connections.set(url, kept);
  await Promise.all(
    kept.map((socket) => socket.connecting && new Promise((resolve) => socket.once("connect", resolve))),
  );
  return kept.slice(0, count);
}

function requestOf({ url, secret, texts, users, channel, responseUrl }: Burst, index: number): string {
  const user = users[index % users.length]!;
  const body = new URLSearchParams({
    team_id: "T0BREAKWTR",
    team_domain: "harbour",
    channel_id: channel,
    channel_name: "security",
    user_id: user,
    user_name: user.toLowerCase(),
    command: "/defender",
    text: texts[index % texts.length]!,
    api_app_id: "A0BREAKWTR",
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: `${Date.now()}.${numbered++}`,
  }).toString();
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
  const { host, pathname } = new URL(url);
  return [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Slack-Request-Timestamp: ${time}`,
    `X-Slack-Signature: v0=${signature}`,
    "",
    body,
  ].join("\r\n");
}

/** One request and its whole answer; an acknowledgement with a text counts as a refusal: the product said "busy". */
function send(socket: Socket, request: string): Promise<{ ms: number; status: string }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const started = performance.now();
    const done = (read: () => void) => {
      for (const event of ["data", "error", "close"]) socket.removeAllListeners(event);
      read();
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
      const whole =
        length === undefined ? text.endsWith("0\r\n\r\n") : text.length >= end + 4 + Number(length);
      if (!whole) return;
      const empty = length === undefined ? text.slice(end + 4) === "0\r\n\r\n" : length === "0";
      const status = empty ? text.slice(9, 12) : "busy";
      done(() => resolve({ ms: performance.now() - started, status }));
    });
    socket.once("error", (error) => done(() => reject(error)));
    socket.once("close", () => done(() => reject(new Error("the connection was closed"))));
    socket.write(request);
  });
}

console.log("ready");
