import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { listener } from "../../src/slack/edge/listener.ts";
import { olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

let bot: SlackBot | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await bot?.stop();
  bot = undefined;
});

const answering = (maxConnections?: number) =>
  startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }), { maxConnections });
const command = { user: olivia, channel: "security", text: "status" };
const now = () => Math.floor(Date.now() / 1000);
const signature = `v0=${"a1".repeat(32)}`;

/** A connection that sends this and holds; what it got back, and whether it was closed. */
function held(text: string): { received(): string; closed(): boolean } {
  let received = "";
  let closed = false;
  const socket = connect(bot!.app.port()!, "127.0.0.1", () => socket.write(text));
  socket.on("data", (data) => {
    received += data.toString();
  });
  socket
    .on("error", () => undefined)
    .on("close", () => {
      closed = true;
    });
  sockets.push(socket);
  return { received: () => received, closed: () => closed };
}

const post = (headers: Record<string, string | number>, begin = "x".repeat(16_000)) =>
  [
    "POST /slack/events HTTP/1.1",
    "host: bot",
    "content-type: application/json",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    begin,
  ].join("\r\n");
const signed = { "x-slack-signature": signature, "x-slack-request-timestamp": now() };
const large = { "content-length": 4_000_000 };

describe("a request is refused before its body is read", () => {
  it.each([
    ["without a signature", 401, { ...large }],
    ["without a time", 401, { ...large, "x-slack-signature": signature }],
    ["with half a signature", 401, { ...large, ...signed, "x-slack-signature": "v0=a1" }],
    ["with a time that is none", 401, { ...large, ...signed, "x-slack-request-timestamp": "NaN" }],
    ["with an old time", 401, { ...large, ...signed, "x-slack-request-timestamp": now() - 400 }],
    ["with a future time", 401, { ...large, ...signed, "x-slack-request-timestamp": now() + 400 }],
    ["without a signature, in pieces", 401, { "transfer-encoding": "chunked" }],
    ["of 4 MB", 413, { ...large, ...signed }],
  ])("%s: %i", async (_, status, headers) => {
    bot = await answering();
    const one = held(post(headers));
    await until(() => one.received() !== "");
    expect(one.received()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await until(one.closed);
    expect(bot.incoming).toEqual([]);
  });

  it("413 once more than 512 kB came in pieces", async () => {
    bot = await answering();
    const piece = `${(64 * 1024).toString(16)}\r\n${"x".repeat(64 * 1024)}\r\n`;
    const one = held(post({ ...signed, "transfer-encoding": "chunked" }, piece.repeat(10)));
    await until(() => one.received() !== "");
    expect(one.received()).toMatch(/^HTTP\/1.1 413 /);
  });

  it("1,000 held ones are all answered and closed, and commands go on", { timeout: 90_000 }, async () => {
    bot = await answering();
    const all = Array.from({ length: 1000 }, () => held(post(large)));
    await until(() => all.every(({ closed }) => closed()), 60_000);
    expect(all.filter(({ received }) => received().startsWith("HTTP/1.1 401 ")).length).toBeGreaterThan(0);
    const asked = await bot.slack.command(command);
    expect(asked.status).toBe(200);
    expect(bot.counts.get("slack_unverified_total missing")).toBe(1000);
  });

  it("503 where too many bodies are being read", async () => {
    bot = await answering();
    const headers = { ...signed, "content-length": 500_000 };
    const all = Array.from({ length: 100 }, () => held(post(headers)));
    await until(() => all.filter(({ closed }) => closed()).length === 36);
    expect(all.filter(({ received }) => received().startsWith("HTTP/1.1 503 "))).toHaveLength(36);
  });
});

describe("connections", () => {
  it("are closed at once where there are too many", async () => {
    bot = await answering(10);
    const all = Array.from({ length: 15 }, () => held(""));
    await until(() => all.filter(({ closed }) => closed()).length === 5);
  });

  it("are kept for the next request, as long as the answer says, and end with the bot", async () => {
    bot = await answering();
    const one = held("GET /nothing HTTP/1.1\r\nhost: bot\r\n\r\n");
    await until(() => one.received() !== "");
    expect(one.received()).toMatch(/keep-alive: timeout=75/i);
    expect(one.closed()).toBe(false);
    await bot.stop();
    await until(one.closed);
    bot = undefined;
  });
});

it("a listener keeps connections for as long as the settings say", async () => {
  const about = { host: "127.0.0.1", port: 0, headersTimeoutSeconds: 95, maxConnections: 5 };
  const one = listener({ ...about, keepAliveSeconds: 90 }, (_request, response) => void response.end());
  await one.start();
  const { headers } = await fetch(`http://127.0.0.1:${one.port()}`);
  expect(headers.get("keep-alive")).toBe("timeout=90");
  await one.stop();
});

describe("requests with a wrong signature", () => {
  it("are a metric, and trouble after ten in a row, until one is right", async () => {
    bot = await answering();
    for (let sent = 0; sent < 9; sent++) await bot.slack.command({ ...command, signature: "wrong" });
    expect(bot.counts.get("slack_unverified_total mismatch")).toBe(9);
    expect(bot.troubles).toEqual([]);
    await bot.slack.command({ ...command, signature: "wrong" });
    await until(() => bot!.troubles.length > 0);
    await bot.slack.command(command);
    await until(() => bot!.troubles.length > 1);
    expect(bot.troubles).toEqual(["signatures", "signatures ended"]);
  });

  it("are no trouble where others are right, or where they have no signature at all", async () => {
    bot = await answering();
    for (let round = 0; round < 3; round++) {
      for (let sent = 0; sent < 9; sent++) await bot.slack.command({ ...command, signature: "wrong" });
      await bot.slack.command(command);
    }
    for (let sent = 0; sent < 12; sent++) await bot.slack.command({ ...command, signature: "missing" });
    expect(bot.troubles).not.toContain("signatures");
  });
});
