import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

let bot: SlackBot;
beforeEach(async () => {
  bot = await startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }), {
    socketMode: true,
  });
});
afterEach(() => bot.stop());

const command = { user: olivia, channel: "security", text: "status" };
const works = async () => {
  const asked = await bot.slack.command(command);
  expect(asked.status).toBe(200);
  await bot.slack.until(() => asked.answers()[0]?.text === "Here it is");
};

describe("Socket Mode", () => {
  it("answers commands and mentions without any address of its own", async () => {
    await works();
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => said.answers().length > 0);
    await said.again({ retry: { num: 1, reason: "timeout" } });
    await until(() => bot.counts.get("slack_repeated_total mention") === 1);
    expect(said.answers()).toHaveLength(1);
  });

  it("survives messages that the client stumbles over, and acknowledges what is an envelope", async () => {
    const [{ socket } = { socket: undefined }] = bot.slack.state.connections;
    for (const text of ["null", "3", "{", '{"type":"events_api","payload":{}}', '{"type":"none"}'])
      socket?.send(text);
    const acknowledged = new Promise<unknown>((resolve) => bot.slack.state.acks.set("e1", resolve));
    const payload = { type: "app_rate_limited", team_id: "T1" };
    socket?.send(JSON.stringify({ envelope_id: "e1", type: "events_api", payload }));
    await acknowledged;
    expect(bot.counts.get("slack_ratelimited_total events")).toBe(1);
    await works();
  });

  it("comes back after Slack turned Socket Mode off and on again", async () => {
    const [old] = bot.slack.state.connections;
    bot.slack.faults.add({
      kind: "ratelimited",
      method: "apps.connections.open",
      retryAfter: 1,
      times: 1,
    });
    bot.slack.sockets.disconnect({ reason: "link_disabled" });
    await until(() => bot.slack.state.connections.some((one) => one !== old) && bot.app.connected());
    await works();
  });

  for (const reason of ["warning", "refresh_requested"] as const)
    it(`opens the next connection before the old one ends when Slack sends ${reason}`, async () => {
      const [old] = bot.slack.state.connections;
      let least = 1;
      bot.slack.state.listeners.add(() => {
        least = Math.min(least, bot.slack.sockets.count());
      });
      bot.slack.sockets.disconnect({ reason });
      await bot.slack.until(() => bot.slack.sockets.count() === 1 && bot.slack.state.connections[0] !== old);
      expect(least).toBe(1);
      await works();
    });

  it("comes back after the connection broke", async () => {
    const [old] = bot.slack.state.connections;
    old?.socket.terminate();
    await until(() => bot.slack.sockets.count() === 1 && bot.slack.state.connections[0] !== old);
    await until(() => bot.app.connected());
    await works();
  });

  it("keeps trying while Slack refuses, and says that it is not connected", async () => {
    bot.slack.faults.add({ kind: "status", method: "apps.connections.open", times: 2 });
    bot.slack.state.connections[0]?.socket.terminate();
    await until(() => !bot.app.connected());
    await until(() => bot.app.connected());
    expect(bot.logs.filter(({ message }) => message.startsWith("no Socket Mode connection"))).toHaveLength(2);
    await works();
  });

  it("notices a connection that is half open and replaces it", { timeout: 120_000 }, async () => {
    const [old] = bot.slack.state.connections;
    bot.slack.sockets.freeze();
    await until(() => bot.slack.state.connections.some((one) => one !== old && !one.frozen), 90_000);
    await until(() => bot.app.connected());
  });
});
