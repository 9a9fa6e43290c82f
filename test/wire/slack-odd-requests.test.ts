import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { form, json, signedRequests } from "../signed-requests.ts";
import { olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

/** What Slack's documentation allows and its usual payloads do not show: less than a payload has, or of another kind. */
let bot: SlackBot;
beforeAll(async () => {
  bot = await startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }));
});
beforeEach(() => {
  bot.incoming.length = 0;
});
afterAll(() => bot.stop());

const { send, payload, event, command } = signedRequests(() => bot);
const button = (value: string) => ({ type: "button", action_id: "line-0", block_id: "b", value });

describe("a request that nothing here listens to", () => {
  const cases: [string, () => Promise<[number, string]>][] = [
    ["Slack's own check of the certificate", () => send("ssl_check=1&token=x", form)],
    ["an event that was not asked for", () => event({ event_id: "E1", event: { type: "tokens_revoked" } })],
    ["an event without an event", () => event({ event_id: "E2" })],
    ["a press without an action", () => payload({ type: "block_actions", actions: [], trigger_id: "t1" })],
    [
      "a press of an older version's menu",
      () => payload({ type: "block_actions", actions: [{ type: "overflow" }], trigger_id: "t2" }),
    ],
    ["options for a menu", () => payload({ type: "block_suggestion", action_id: "a", value: "x" })],
    ["a button of the old kind", () => payload({ type: "interactive_message", actions: [] })],
    [
      "a form of another version",
      () => payload({ type: "view_submission", view: { id: "V1", callback_id: "other" } }),
    ],
    ["nothing at all", () => send("", form)],
  ];
  it.each(cases)("is acknowledged, and does nothing: %s", async (_name, ask) => {
    // Bolt would let Slack wait for three seconds, and then refuse.
    expect(await ask()).toEqual([200, ""]);
    expect(bot.incoming).toEqual([]);
  });

  it("says in the log and the metrics that Slack drops events", async () => {
    expect((await send(JSON.stringify({ type: "app_rate_limited", team_id: "T1" }), json))[0]).toBe(200);
    expect(bot.counts.get("slack_ratelimited_total events")).toBe(1);
    expect(bot.logs.some(({ level, message }) => level === "error" && /no more events/.test(message))).toBe(
      true,
    );
  });

  it("answers the challenge, and refuses what is no payload", async () => {
    const challenge = JSON.stringify({ type: "url_verification", challenge: "abc" });
    expect(await send(challenge, json)).toEqual([200, '{"challenge":"abc"}']);
    expect((await send("{", json))[0]).toBe(400);
    expect((await send("payload=%7B", form))[0]).toBe(400);
  });
});

describe("a line that was typed or copied", () => {
  it.each([
    ["sta\u200Btus\u2060", "status"],
    ["\u202Astatus\u00A0aks-prod\u202C", "status aks-prod"],
    ["`/defender status`", "status"],
    ["```status --csv```", "status --csv"],
    ["/defender  status", "status"],
    ["/Defender", ""],
    ["hunt `a` `b`", "hunt `a` `b`"],
    [
      "subscribe <!subteam^S0OPERATORS|@ops> <#C1|general> <@U1|ann> <!here>",
      "subscribe S0OPERATORS C1 U1 @here",
    ],
    ["status <http://shop.azurecr.io|shop.azurecr.io>/app:1 &lt;x&gt;", "status shop.azurecr.io/app:1 <x>"],
    ["x".repeat(4000), "x".repeat(4000)],
  ])("%s", async (text, line) => {
    await command({ text, trigger_id: `typed-${text.slice(0, 60)}` });
    await until(() => bot.incoming.length === 1);
    expect(bot.incoming[0]?.line).toBe(line);
  });
});

describe("a payload with less in it than usual", () => {
  it("of a command: two without a trigger are two", async () => {
    await command({ text: "status", response_url: `${bot.slack.url}one` });
    await command({ text: "alerts", response_url: `${bot.slack.url}two` });
    await command({ response_url: `${bot.slack.url}three`, enterprise_id: "E1" });
    await until(() => bot.incoming.length === 3);
    expect(bot.incoming.map(({ line }) => line)).toEqual(["status", "alerts", ""]);
    expect(bot.incoming[2]?.caller.team).toBe("");
  });

  it("of a press: without a container, a workspace, or a message", async () => {
    const press = { type: "block_actions", team: null, trigger_id: "t10", actions: [button("status")] };
    await payload({ ...press, channel: { id: "C0SECURITY1", name: "security" } });
    await payload({ ...press, trigger_id: "t11", view: { id: "V1", type: "home" } });
    await until(() => bot.incoming.length === 2);
    expect(bot.incoming.map(({ line, caller }) => [line, caller.channel.slice(0, 1)])).toEqual([
      ["status", "C"],
      ["status", "D"],
    ]);
  });

  it("of a mention: without text", async () => {
    const mention = { type: "app_mention", user: olivia, channel: "C0SECURITY1", ts: "1700000000.000001" };
    await event({ event_id: "E3", event: mention });
    await until(() => bot.incoming.length === 1);
    expect(bot.incoming[0]?.line).toBe("");
  });

  it("of a form: without what was filled in", async () => {
    const private_metadata = JSON.stringify({ line: "status", channel: "C0SECURITY1" });
    const view = { id: "V2", hash: "h", callback_id: "breakwater-form", private_metadata };
    await payload({ type: "view_submission", view });
    await until(() => bot.incoming.length === 1);
    expect(bot.incoming[0]).toMatchObject({ line: "status", source: "modal" });
  });
});
