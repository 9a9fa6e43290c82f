import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, SocketModeReceiver } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSlack } from "../../playground/slack/server.ts";
import type { SlackStandIn } from "../../playground/slack/stand-in.ts";

const place = { user: "U0OLIVIA001", channel: "C0SECURITY1" };
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => "error",
  setName() {},
};

const form = (extra: object = {}) => ({
  type: "modal" as const,
  callback_id: "form",
  title: { type: "plain_text" as const, text: "Resolve" },
  submit: { type: "plain_text" as const, text: "Send" },
  blocks: [
    {
      type: "input",
      block_id: "why",
      label: { type: "plain_text", text: "Reason" },
      element: { type: "plain_text_input", action_id: "reason", max_length: 20 },
    },
    {
      type: "input",
      block_id: "how",
      optional: true,
      label: { type: "plain_text", text: "How" },
      element: {
        type: "static_select",
        action_id: "way",
        options: [{ text: { type: "plain_text", text: "By hand" }, value: "hand" }],
      },
    },
  ] as never[],
  ...extra,
});

const buttons = [
  {
    type: "actions",
    elements: [
      { type: "button", action_id: "take", value: "alert-1", text: { type: "plain_text", text: "Take" } },
      {
        type: "static_select",
        action_id: "pick",
        options: [{ text: { type: "plain_text", text: "One" }, value: "1" }],
      },
    ],
  },
] as never[];

/** A bot of Bolt's own making, with the listeners that a test gives it. */
type Bot = { app: App; seen: Record<string, unknown>[]; stop(): Promise<unknown> };

async function startBot(slack: SlackStandIn, listen: (app: App) => void): Promise<Bot> {
  const seen: Record<string, unknown>[] = [];
  const clientOptions = { slackApiUrl: slack.env.SLACK_API_URL };
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = slack.env;
  const receiver = appToken
    ? new SocketModeReceiver({ appToken, logger: quiet as never, installerOptions: { clientOptions } })
    : new HTTPReceiver({ signingSecret, logger: quiet as never });
  const app = new App({ token: slack.env.SLACK_BOT_TOKEN, receiver, clientOptions, logger: quiet as never });
  app.use(async ({ body, next }) => {
    seen.push(body as unknown as Record<string, unknown>);
    await next();
  });
  listen(app);
  const server = (await (appToken ? app.start() : app.start(0))) as Server;
  if (!appToken)
    slack.setEventsUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return { app, seen, stop: () => app.stop() };
}

let slack: SlackStandIn;
let bot: Bot | undefined;

afterEach(async () => {
  await bot?.stop();
  bot = undefined;
  await slack.close();
});

describe.each([
  ["HTTP", false],
  ["Socket Mode", true],
])("over %s", (_name, socketMode) => {
  beforeEach(async () => {
    slack = await startSlack({ pacing: 0, socketMode });
  });

  it("brings a slash command and shows what comes back through its response_url", async () => {
    bot = await startBot(slack, (app) =>
      app.command("/defender", async ({ ack, respond, payload }) => {
        await ack();
        await respond({ text: "Working…" });
        await respond({ text: `Done: ${payload.text}`, replace_original: true });
        await respond({ text: "For all", response_type: "in_channel" });
      }),
    );
    const commanded = await slack.command({ ...place, text: "status sub:prod" });
    expect(commanded).toMatchObject({ status: 200 });
    await slack.until(() => slack.messages("security").length === 1);
    expect(commanded.answers().map((message) => [message.text, message.ephemeralTo])).toEqual([
      ["Done: status sub:prod", "U0OLIVIA001"],
      ["For all", undefined],
    ]);
    expect(commanded.answers()[0]?.history).toMatchObject([{ text: "Working…" }]);
    expect(bot.seen[0]).toMatchObject({
      command: "/defender",
      channel_name: "security",
      user_name: "olivia",
    });
  });

  it("shows what an acknowledgement says, to the asker only", async () => {
    bot = await startBot(slack, (app) => app.command("/defender", ({ ack }) => ack("At once")));
    const commanded = await slack.command({ ...place, text: "" });
    expect(commanded.answers()).toMatchObject([{ text: "At once", ephemeralTo: "U0OLIVIA001" }]);
    expect(slack.messages("security")).toEqual([]);
  });

  it("brings a mention as an event, and its repetition with the same id", async () => {
    bot = await startBot(slack, (app) =>
      app.event("app_mention", async ({ event, say }) => {
        await say({ text: `Heard: ${event.text}`, thread_ts: event.thread_ts ?? event.ts });
      }),
    );
    const mentioned = await slack.mention({ ...place, text: "status" });
    const [answer] = await slack.until(() =>
      mentioned.answers().length > 0 ? mentioned.answers() : undefined,
    );
    expect(answer?.text).toBe("Heard: <@U0BREAKWTR> status");
    await mentioned.again();
    await slack.until(() => mentioned.answers().length === 2);
    expect(new Set(bot.seen.map((body) => body.event_id))).toEqual(new Set([mentioned.eventId]));
    const elsewhere = await slack.mention({ ...place, channel: "C0PUBLIC001", text: "status" });
    expect(elsewhere).toMatchObject({ status: 0, body: "not_in_channel" });
  });

  it("brings a click with the message, and lets the bot replace it", async () => {
    bot = await startBot(slack, (app) =>
      app.action("take", async ({ ack, respond, body }) => {
        await ack();
        await respond({ text: `Taken by ${body.user.name}`, replace_original: true });
      }),
    );
    await bot.app.client.chat.postMessage({ channel: place.channel, text: "Alert", blocks: buttons });
    const [message] = slack.messages("security");
    await slack.click({ user: place.user, message: message!, text: "Take" });
    await slack.until(() => message?.text === "Taken by olivia");
    expect(slack.messages("security")).toHaveLength(1);
    expect(message?.history).toMatchObject([{ text: "Alert" }]);
    expect(bot.seen[0]).toMatchObject({
      type: "block_actions",
      container: { type: "message", channel_id: place.channel, is_ephemeral: false },
      message: { ts: message?.ts },
      actions: [{ action_id: "take", value: "alert-1", type: "button" }],
    });
  });

  it("brings a choice in a menu, and a click in an ephemeral message without its content", async () => {
    bot = await startBot(slack, (app) => {
      app.command("/defender", async ({ ack, respond }) => {
        await ack();
        await respond({ text: "x", blocks: buttons });
      });
      app.action("pick", ({ ack }) => ack());
    });
    const commanded = await slack.command({ ...place, text: "" });
    const [message] = await slack.until(() => (commanded.answers().length ? commanded.answers() : undefined));
    await slack.selectOption({ user: place.user, message: message!, action_id: "pick", option: "One" });
    const body = bot.seen.at(-1);
    expect(body).toMatchObject({
      container: { is_ephemeral: true },
      actions: [{ selected_option: { value: "1" } }],
    });
    expect(body).not.toHaveProperty("message");
    await expect(slack.click({ user: "U0SAM000001", message: message!, text: "Take" })).rejects.toThrow(
      "does not see",
    );
    await expect(slack.click({ user: place.user, message: message!, text: "Drop" })).rejects.toThrow(
      "[ Take ]",
    );
  });

  it("opens a form, refuses what the client would refuse, and brings the values", async () => {
    bot = await startBot(slack, (app) => {
      app.command("/defender", async ({ ack, client, payload }) => {
        await ack();
        await client.views.open({ trigger_id: payload.trigger_id, view: form() });
      });
      app.view("form", async ({ ack, view }) => {
        const reason = view.state.values.why?.reason?.value;
        await (reason === "bad" ? ack({ response_action: "errors", errors: { why: "No." } }) : ack());
      });
    });
    const { user } = place;
    await slack.command({ ...place, text: "" });
    const view = await slack.until(() => slack.openView(user));
    await expect(slack.submit({ user, view, values: {} })).rejects.toThrow("needs why");
    await expect(slack.submit({ user, view, values: { why: "x".repeat(21) } })).rejects.toThrow(
      "20 characters",
    );
    await expect(slack.submit({ user, view, values: { other: "x" } })).rejects.toThrow("no field other");
    expect(await slack.submit({ user, view, values: { why: "bad" } })).toMatchObject({
      errors: { why: "No." },
    });
    expect(view.open).toBe(true);
    await slack.submit({ user, view, values: { reason: "fine", way: "By hand" } });
    expect(view.open).toBe(false);
    expect(bot.seen.at(-1)).toMatchObject({
      type: "view_submission",
      view: {
        state: {
          values: {
            why: { reason: { value: "fine" } },
            how: { way: { selected_option: { value: "hand" } } },
          },
        },
      },
    });
  });

  it("brings shortcuts, on their own and on a message", async () => {
    bot = await startBot(slack, (app) => app.shortcut(/.*/, ({ ack }) => ack()));
    const message = slack.say({ ...place, text: "look" });
    expect(await slack.shortcut({ user: place.user, callback_id: "ask" })).toMatchObject({ status: 200 });
    expect(await slack.shortcut({ user: place.user, callback_id: "ask", message })).toMatchObject({
      status: 200,
    });
    expect(bot.seen).toMatchObject([
      { type: "shortcut", callback_id: "ask" },
      { type: "message_action", message: { ts: message.ts } },
    ]);
  });
});

describe("over HTTP alone", () => {
  beforeEach(async () => {
    slack = await startSlack({ pacing: 0, ackTimeout: 300 });
    bot = await startBot(slack, (app) => {
      app.command("/defender", ({ ack }) => ack());
      app.command("/silent", async () => {});
    });
  });

  it.each(["wrong", "old", "missing"] as const)("a %s signature is refused by the bot", async (signature) => {
    const commanded = await slack.command({ ...place, text: "status", signature });
    expect(commanded.status).toBe(401);
    expect(bot?.seen).toEqual([]);
  });

  it("repeats a command with the same trigger", async () => {
    const commanded = await slack.command({ ...place, text: "status" });
    expect(await commanded.again()).toMatchObject({ status: 200 });
    expect(bot?.seen.map((body) => body.trigger_id)).toEqual([commanded.triggerId, commanded.triggerId]);
  });

  it("gives up on a bot that does not acknowledge, or is not there", async () => {
    const silent = await slack.command({ ...place, command: "/silent", text: "" });
    expect(silent).toMatchObject({ status: 0, body: "operation_timeout" });
    slack.setEventsUrl("http://127.0.0.1:1/slack/events");
    expect(await slack.command({ ...place, text: "" })).toMatchObject({ status: 0 });
  });
});

describe("triggers and views", () => {
  let now = Date.now();
  let clicks = 0;

  beforeEach(async () => {
    now = Date.now();
    clicks = 0;
    slack = await startSlack({ pacing: 0, clock: () => now });
    bot = await startBot(slack, (app) => {
      app.command("/defender", ({ ack }) => ack());
      app.action("deeper", async ({ ack }) => {
        clicks += 1;
        await ack();
      });
    });
  });

  const deeper = {
    type: "actions",
    elements: [{ type: "button", action_id: "deeper", text: { type: "plain_text", text: "Deeper" } }],
  };
  const view = (extra: object = {}) => form({ blocks: [deeper], ...extra }) as never;
  const refusal = async (call: Promise<unknown>) =>
    (await call.catch((error: { data: { error: string } }) => error.data.error)) as string;

  it("a trigger works once, within three seconds", async () => {
    const { views } = bot!.app.client;
    const first = await slack.command({ ...place, text: "" });
    await views.open({ trigger_id: first.triggerId, view: view() });
    expect(await refusal(views.open({ trigger_id: first.triggerId, view: view() }))).toBe(
      "exchanged_trigger_id",
    );
    const second = await slack.command({ ...place, text: "" });
    now += 3001;
    expect(await refusal(views.open({ trigger_id: second.triggerId, view: view() }))).toBe(
      "expired_trigger_id",
    );
    expect(await refusal(views.open({ trigger_id: "1.2.3", view: view() }))).toBe("invalid_trigger_id");
  });

  it("an invalid view does not use up the trigger, and says where it is wrong", async () => {
    const { views } = bot!.app.client;
    const { triggerId } = await slack.command({ ...place, text: "" });
    const title = { type: "plain_text", text: "x".repeat(25) };
    await expect(views.open({ trigger_id: triggerId, view: view({ title }) })).rejects.toMatchObject({
      data: {
        error: "invalid_arguments",
        response_metadata: {
          messages: expect.arrayContaining([expect.stringContaining("/view/title/text")]),
        },
      },
    });
    await views.open({ trigger_id: triggerId, view: view() });
    expect(slack.openView(place.user)).toBeDefined();
  });

  it("stacks three views and no more; update minds the hash", async () => {
    const { views } = bot!.app.client;
    const { triggerId } = await slack.command({ ...place, text: "" });
    await views.open({ trigger_id: triggerId, view: view() });
    const push = async () => {
      const clicked = await slack.click({
        user: place.user,
        view: slack.openView(place.user)!,
        text: "Deeper",
      });
      return refusal(views.push({ trigger_id: clicked.triggerId, view: view() }));
    };
    await push();
    await push();
    expect(await push()).toBe("push_limit_reached");
    expect(clicks).toBe(3);
    const top = slack.openView(place.user)!;
    expect(await refusal(views.update({ view_id: top.id, hash: "old", view: view() }))).toBe("hash_conflict");
    await views.update({ view_id: top.id, hash: top.hash, view: view({ private_metadata: "page 2" }) });
    expect(top).toMatchObject({ private_metadata: "page 2", history: [expect.anything()] });
    expect(await refusal(views.update({ view_id: "V0", view: view() }))).toBe("not_found");
  });

  it("tells of a closed view only where the view asked for it", async () => {
    const { views } = bot!.app.client;
    const { user } = place;
    for (const notify_on_close of [false, true]) {
      const { triggerId } = await slack.command({ ...place, text: "" });
      await views.open({ trigger_id: triggerId, view: view({ notify_on_close }) });
      await slack.closeView({ user, view: slack.openView(user)! });
    }
    expect(bot!.seen.filter((body) => body.type === "view_closed")).toHaveLength(1);
  });
});

describe("response_url", () => {
  let now = Date.now();

  beforeEach(async () => {
    now = Date.now();
    slack = await startSlack({ pacing: 0, clock: () => now });
    bot = await startBot(slack, (app) => app.command("/defender", ({ ack }) => ack()));
  });

  async function respond(url: string, body: object): Promise<string> {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    return `${response.status} ${await response.text()}`;
  }

  it("works five times; a refused message does not count", async () => {
    const { responseUrl, answers } = await slack.command({ ...place, text: "" });
    expect(await respond(responseUrl, { blocks: [{ type: "header" }] })).toMatch(/^400 .*invalid_blocks/);
    expect(slack.refusals).toMatchObject([
      { errors: ["missing required field: text [json-pointer:/blocks/0]"] },
    ]);
    expect(await respond(responseUrl, {})).toMatch(/^400 .*no_text/);
    for (let index = 0; index < 5; index += 1)
      expect(await respond(responseUrl, { text: String(index) })).toBe("200 ok");
    expect(await respond(responseUrl, { text: "6" })).toMatch(/^404 .*used_url/);
    expect(answers().map((message) => message.text)).toEqual(["0", "1", "2", "3", "4"]);
    expect(slack.responses).toHaveLength(8);
  });

  it("ends after thirty minutes", async () => {
    const { responseUrl } = await slack.command({ ...place, text: "" });
    now += 30 * 60_000 + 1;
    expect(await respond(responseUrl, { text: "late" })).toMatch(/^404 .*expired_url/);
  });

  it("deletes the original", async () => {
    const { responseUrl, answers } = await slack.command({ ...place, text: "" });
    await respond(responseUrl, { text: "soon gone" });
    expect(await respond(responseUrl, { delete_original: true })).toBe("200 ok");
    expect(answers()).toEqual([]);
    expect(slack.ephemerals()).toEqual([]);
  });

  it("can fail on the way like the rest", async () => {
    const { responseUrl, answers } = await slack.command({ ...place, text: "" });
    slack.faults.add({ kind: "lostAnswer", method: "response_url", times: 1 });
    await expect(respond(responseUrl, { text: "arrived" })).rejects.toThrow();
    expect(answers().map((message) => message.text)).toEqual(["arrived"]);
    slack.faults.add({ kind: "status", status: 503, method: "response_url", times: 1 });
    expect(await respond(responseUrl, { text: "x" })).toMatch(/^503/);
  });
});

describe("Socket Mode connections", () => {
  beforeEach(async () => {
    slack = await startSlack({ pacing: 0, socketMode: true, ackTimeout: 300 });
  });

  it("need the app's token and its scope", async () => {
    const open = (token: string) =>
      fetch(`${slack.url}apps.connections.open`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
      }).then((response) => response.json());
    expect(await open(slack.env.SLACK_BOT_TOKEN)).toMatchObject({ error: "not_allowed_token_type" });
    slack.state.settings.appScopes = [];
    expect(await open(slack.env.SLACK_APP_TOKEN!)).toMatchObject({
      error: "missing_scope",
      needed: "connections:write",
    });
  });

  it("share the envelopes between them", async () => {
    const listen = (app: App) => app.command("/defender", ({ ack }) => ack());
    bot = await startBot(slack, listen);
    const second = await startBot(slack, listen);
    expect(slack.sockets.count()).toBe(2);
    for (let index = 0; index < 4; index += 1) await slack.command({ ...place, text: String(index) });
    expect([bot.seen.length, second.seen.length]).toEqual([2, 2]);
    await second.stop();
    await slack.until(() => slack.sockets.count() === 1);
  });

  it("are asked to reconnect, and nothing is delivered to one that was asked", async () => {
    bot = await startBot(slack, (app) => app.command("/defender", ({ ack }) => ack()));
    slack.sockets.disconnect({ reason: "refresh_requested" });
    expect(await slack.command({ ...place, text: "" })).toMatchObject({ status: 0 });
    await slack.until(
      () => slack.callsOf("apps.connections.open").length === 2 && slack.sockets.count() === 1,
      9000,
    );
    expect(await slack.command({ ...place, text: "" })).toMatchObject({ status: 200 });
  }, 15_000);

  it("can be half open: nothing is acknowledged there", async () => {
    bot = await startBot(slack, (app) => app.command("/defender", ({ ack }) => ack()));
    slack.sockets.freeze();
    expect(await slack.command({ ...place, text: "" })).toMatchObject({
      status: 0,
      body: "operation_timeout",
    });
    slack.sockets.disconnect({ reason: "warning" });
  });
});
