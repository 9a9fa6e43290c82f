import { createServer, type Server, setGlobalProxyFromEnv } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { olivia, type SlackBot, startBot } from "../slack-bot.ts";

let proxy: Server;
let through: string[];
let restore: () => void;
let bot: SlackBot | undefined;

beforeEach(async () => {
  through = [];
  proxy = createServer().on("connect", (request, client, head) => {
    through.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  restore = setGlobalProxyFromEnv({ HTTP_PROXY: address, HTTPS_PROXY: address });
});
afterEach(async () => {
  restore();
  await bot?.stop();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

for (const socketMode of [false, true])
  it(`reaches Slack through the proxy of the environment ${socketMode ? "in Socket Mode" : "over HTTP"}`, async () => {
    bot = await startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }), { socketMode });
    const before = through.length;
    // The question for an address, and the WebSocket itself.
    if (socketMode) expect(before).toBeGreaterThanOrEqual(2);
    await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => bot!.slack.callsOf("chat.postMessage").length > 0);
    expect(through.length).toBeGreaterThan(0);
    expect(new Set(through)).toEqual(new Set([new URL(bot.slack.url).host]));
  });
