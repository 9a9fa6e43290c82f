import { afterEach, describe, expect, it } from "vitest";
import type { Message } from "../../src/message/message.ts";
import type { SlackApp } from "../../src/slack/edge/app.ts";
import { akira, olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

let bot: SlackBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const answer: Message = {
  headline: "Two clusters lack the sensor",
  tone: "warning",
  parts: [{ actions: [{ label: "Details", line: 'status "cluster:aks-prod"' }] }],
};
const answering = (message: Message = answer) => startBot(({ reply }) => reply.answer(message));
const command = { user: olivia, channel: "security", text: "status" };

describe("a slash command", () => {
  it("is acknowledged at once and answered to the asker alone through the response_url", async () => {
    bot = await answering();
    const asked = await bot.slack.command({ ...command, text: "status  &lt;x&gt; &amp; “y”" });
    expect(asked).toMatchObject({ status: 200, body: "" });
    const shown = await bot.slack.until(() => asked.answers()[0]);
    expect(shown).toMatchObject({ ephemeralTo: olivia, text: "Two clusters lack the sensor" });
    expect(bot.incoming[0]).toMatchObject({
      line: "status  <x> & “y”",
      source: "slash",
      caller: {
        person: olivia,
        channel: "C0SECURITY1",
        channelName: "security",
        language: "en",
        timezone: "Europe/London",
      },
    });
    expect(bot.slack.refusals).toEqual([]);
  });

  it("is acknowledged before anything is asked of Slack, the store or Azure", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const once = {
      first: () => held.then(() => true),
      keep: async () => {},
      take: async () => undefined,
      peek: async () => undefined,
      forget: async () => {},
    };
    bot = await startBot(({ reply }) => reply.answer(answer), { once });
    const asked = await bot.slack.command(command);
    expect(asked.status).toBe(200);
    expect(bot.slack.calls).toEqual([]);
    release();
    await bot.slack.until(() => asked.answers().length > 0);
  });

  it("is answered in the language of the person", async () => {
    bot = await answering();
    await bot.slack.command({ ...command, user: akira });
    await until(() => bot!.incoming.length > 0);
    expect(bot.incoming[0]?.caller).toMatchObject({ language: "ja", timezone: "Asia/Tokyo" });
  });

  it("shows once that it is working, however often it waits, and then replaces that message", async () => {
    bot = await startBot(async ({ reply }) => {
      for (const _ of ["for its turn to look", "for its turn to act"])
        await reply.working({ headline: "Working on it", parts: [] });
      await reply.answer(answer);
    });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().at(-1)?.text === "Two clusters lack the sensor");
    expect(asked.answers()).toHaveLength(1);
  });
});

describe("a request that does not prove that Slack sent it", () => {
  for (const signature of ["wrong", "old", "missing"] as const)
    it(`is refused with 401 where its signature is ${signature}, and nothing is done`, async () => {
      bot = await answering();
      const asked = await bot.slack.command({ ...command, signature });
      expect(asked.status).toBe(401);
      const good = await bot.slack.command(command);
      await bot.slack.until(() => good.answers().length > 0);
      expect(bot.incoming).toHaveLength(1);
    });
});

describe("a repeated delivery", () => {
  it("of a command has no second effect", async () => {
    bot = await answering();
    const asked = await bot.slack.command(command);
    expect((await asked.again()).status).toBe(200);
    expect((await asked.again({ retry: undefined })).status).toBe(200);
    await bot.slack.until(() => asked.answers().length > 0);
    const other = await bot.slack.command(command);
    await bot.slack.until(() => other.answers().length > 0);
    expect(bot.incoming).toHaveLength(2);
    expect(bot.counts.get("slack_repeated_total slash")).toBe(2);
  });

  it("of an event has no second effect", async () => {
    bot = await answering();
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await said.again();
    await until(() => bot!.counts.get("slack_repeated_total mention") === 1);
    await bot.slack.until(() => said.answers().length > 0);
    expect(said.answers()).toHaveLength(1);
  });

  it("is left be where the memory of what was done cannot be asked", async () => {
    const fails = () => Promise.reject(new Error("Redis is away"));
    const once = { first: fails, keep: fails, take: fails, forget: fails, peek: async () => undefined };
    bot = await startBot(({ reply }) => reply.answer(answer), { once });
    const asked = await bot.slack.command(command);
    await asked.again();
    await until(() => bot!.counts.get("slack_repeated_total slash") === 1);
    await bot.slack.until(() => asked.answers().length > 0);
    expect(bot.incoming).toHaveLength(1);
  });
});

describe("a mention", () => {
  it("is answered in the thread that it opens, for all to see", async () => {
    bot = await answering();
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    const shown = await bot.slack.until(() => said.answers()[0]);
    expect(shown).toMatchObject({ thread_ts: said.ts, text: "Two clusters lack the sensor" });
    expect(shown?.ephemeralTo).toBeUndefined();
    expect(bot.slack.callsOf("chat.postMessage")[0]?.args).toMatchObject({
      unfurl_links: "false",
      unfurl_media: "false",
    });
    expect(bot.incoming[0]).toMatchObject({
      line: "status",
      source: "mention",
      caller: { channel: "C0SECURITY1" },
    });
    expect(bot.incoming[0]?.caller.thread).toBeUndefined();
  });

  it("in a thread is answered there, and its entities are words again", async () => {
    bot = await answering();
    const root = bot.slack.say({ user: akira, channel: "security", text: "what about prod?" });
    const text =
      "<@U0BREAKWTR>: status <#C0PLATFORM1|platform> <http://aks.example.com|aks.example.com> &amp;";
    const said = await bot.slack.mention({ user: olivia, channel: "security", text, thread_ts: root.ts });
    await bot.slack.until(() => said.answers().length > 0);
    expect(said.answers()[0]?.thread_ts).toBe(root.ts);
    expect(bot.incoming[0]?.line).toBe("status C0PLATFORM1 aks.example.com &");
    expect(bot.incoming[0]?.caller.thread).toBe(root.ts);
  });

  it("replaces its working message, and a private answer takes it away", async () => {
    let isPrivate = false;
    bot = await startBot(async ({ reply }) => {
      await reply.working({ headline: "Working on it", parts: [] });
      await reply.answer(answer, { private: isPrivate });
    });
    const open = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => open.answers()[0]?.text === "Two clusters lack the sensor");
    expect(open.answers()).toHaveLength(1);
    isPrivate = true;
    const quiet = await bot.slack.mention({ user: olivia, channel: "security", text: "audit" });
    const shown = await bot.slack.until(() => {
      const [one, ...more] = quiet.answers();
      return one?.ephemeralTo && more.length === 0 && one;
    });
    expect(shown).toMatchObject({ ephemeralTo: olivia, thread_ts: quiet.ts });
  });

  it("by somebody of another organisation is distinguished", async () => {
    bot = await answering();
    bot.slack.state.users.set("U0CLARA0001", { id: "U0CLARA0001", name: "clara", team: "T0ELSEWHERE" });
    await bot.slack.mention({ user: "U0CLARA0001", channel: "security", text: "status" });
    await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await until(() => bot!.incoming.length === 2);
    const strangers = bot.incoming.filter(({ caller }) => caller.stranger).map(({ caller }) => caller.person);
    expect(strangers).toEqual(["U0CLARA0001"]);
  });

  it("by a bot, this one included, is not heard", async () => {
    bot = await answering();
    await bot.slack.mention({ user: "U0BREAKWTR", channel: "security", text: "status" });
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => said.answers().length > 0);
    expect(bot.incoming.map(({ caller }) => caller.person)).toEqual([olivia]);
  });
});

describe("a button", () => {
  it("types its command line for the person who presses it", async () => {
    bot = await answering();
    const asked = await bot.slack.command(command);
    const message = await bot.slack.until(() => asked.answers()[0]);
    const clicked = await bot.slack.click({ user: olivia, message, text: "Details" });
    expect(clicked.status).toBe(200);
    const shown = await bot.slack.until(() => clicked.answers()[0]);
    expect(shown?.ephemeralTo).toBe(olivia);
    expect(bot.incoming[1]).toMatchObject({
      line: 'status "cluster:aks-prod"',
      source: "button",
      caller: { channel: "C0SECURITY1" },
    });
    // The message with the button stays what it was.
    expect(message.text).toBe("Two clusters lack the sensor");
  });

  it("below a message for all names the message, and its answer replaces nothing", async () => {
    bot = await startBot(async ({ reply, source }) => {
      if (source === "button") await reply.working({ headline: "Working on it", parts: [] });
      await reply.answer(answer);
    });
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    const message = await bot.slack.until(() => said.answers()[0]);
    const clicked = await bot.slack.click({ user: akira, message, text: "Details" });
    await bot.slack.until(() => clicked.answers().at(-1)?.text === "Two clusters lack the sensor");
    expect(clicked.answers().every(({ ephemeralTo }) => ephemeralTo === akira)).toBe(true);
    expect(bot.incoming[1]?.caller.thread).toBe(said.ts);
    expect(bot.slack.callsOf("chat.update")).toEqual([]);
  });
});

describe("a shortcut", () => {
  it("types the command line that the manifest gives it; outside a channel the answer is a direct message", async () => {
    bot = await answering();
    await bot.slack.shortcut({ user: olivia, callback_id: "status" });
    await until(() => bot!.incoming.length > 0);
    expect(bot.incoming[0]).toMatchObject({ line: "status", source: "shortcut" });
    const direct = bot.incoming[0]!.caller.channel;
    expect(direct).toMatch(/^D/);
    // Source: docs.slack.dev "chat.postEphemeral": it may not be delivered to who looks elsewhere; a shortcut is pressed anywhere.
    await bot.slack.until(() => bot!.slack.messages(direct).length > 0);
    expect(bot.slack.callsOf("chat.postEphemeral")).toEqual([]);
  });

  it("on a message is answered through its response_url", async () => {
    bot = await answering();
    const message = bot.slack.say({ user: akira, channel: "security", text: "look at this" });
    const used = await bot.slack.shortcut({ user: olivia, callback_id: "alerts", message });
    await bot.slack.until(() => used.answers().length > 0);
    expect(bot.incoming[0]?.caller).toMatchObject({ channel: "C0SECURITY1", thread: message.ts });
    expect(message.text).toBe("look at this");
  });
});

describe("the process beside Slack's requests", () => {
  const routes = [
    { path: "/healthz", handle: async () => ({ status: 200, type: "text/plain", body: "ok\n" }) },
    { path: "/readyz", handle: () => Promise.reject(new Error("a bug")) },
  ];
  const get = async (app: SlackApp, path: string) => {
    const response = await fetch(`http://127.0.0.1:${app.port()}${path}`);
    return [response.status, await response.text()];
  };
  for (const socketMode of [false, true])
    it(`serves its routes ${socketMode ? "in Socket Mode" : "over HTTP"}`, async () => {
      bot = await startBot(() => {}, { routes, socketMode });
      expect(await get(bot.app, "/healthz")).toEqual([200, "ok\n"]);
      expect(await get(bot.app, "/readyz")).toEqual([500, "internal error\n"]);
      expect((await get(bot.app, "/secret"))[0]).toBe(404);
    });

  it("finishes at a stop what it has taken, and takes nothing more", async () => {
    let finish = () => {};
    const working = new Promise<void>((resolve) => {
      finish = resolve;
    });
    bot = await startBot(async ({ reply }) => {
      await working;
      await reply.answer(answer);
    });
    const asked = await bot.slack.command(command);
    await until(() => bot!.incoming.length > 0);
    const stopped = bot.app.stop();
    finish();
    await stopped;
    expect(asked.answers()).toHaveLength(1);
    expect(bot.app.connected()).toBe(false);
  });

  it("writes neither tokens nor what people say into its log", async () => {
    bot = await startBot(async ({ reply }) => reply.answer({ headline: "classified words", parts: [] }));
    bot.slack.faults.add({ kind: "status", method: "response_url", times: 1 });
    await bot.slack.command({ ...command, signature: "wrong", text: "classified words" });
    const asked = await bot.slack.command({ ...command, text: "classified words" });
    await bot.slack.until(
      () => bot!.slack.ephemerals("security", olivia).length + asked.answers().length > 0,
    );
    const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = bot.slack.env;
    const logged = JSON.stringify(
      bot.logs.map(({ about, message }) => [message, Object.values(about).map(String)]),
    );
    expect(bot.logs.length).toBeGreaterThan(0);
    for (const secret of [SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, "classified"])
      expect(logged).not.toContain(secret);
  });
});
