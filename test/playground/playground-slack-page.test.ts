import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSlack } from "../../playground/slack/server.ts";
import type { SlackStandIn } from "../../playground/slack/stand-in.ts";

let slack: SlackStandIn;
let bot: Server;
let heard: URLSearchParams[];

beforeEach(async () => {
  heard = [];
  bot = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    heard.push(new URLSearchParams(body));
    response.end();
  });
  await new Promise<void>((resolve) => bot.listen(0, "127.0.0.1", resolve));
  const { port } = bot.address() as AddressInfo;
  slack = await startSlack({ pacing: 0, eventsUrl: `http://127.0.0.1:${port}/slack/events` });
});
afterEach(async () => {
  await slack.close();
  bot.closeAllConnections();
  bot.close();
});

const olivia = { user: "U0OLIVIA001", channel: "C0SECURITY1" };

async function ui(path: string, body?: object, type = "application/json"): Promise<Response> {
  const post = { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) };
  return fetch(`${slack.page}ui/${path}`, body ? post : {});
}

describe("the page for people", () => {
  it("serves itself under a policy that runs nothing but its own scripts", async () => {
    const page = await fetch(slack.page);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
    expect(assets).toContain("/app.js");
    for (const asset of assets) expect((await fetch(new URL(asset, slack.page))).status).toBe(200);
    expect((await fetch(`${slack.page}server.ts`)).status).toBe(404);
  });

  it("brings a typed command to the bot, and shows each person only what they may see", async () => {
    expect(await (await ui("type", { ...olivia, text: "/defender status sub:prod" })).json()).toMatchObject({
      status: 200,
    });
    expect(Object.fromEntries(heard[0]!)).toMatchObject({ command: "/defender", text: "status sub:prod" });
    await fetch(heard[0]!.get("response_url")!, {
      method: "POST",
      body: JSON.stringify({ text: "for olivia" }),
    });
    const seenBy = async (user: string) => {
      const shown = (await (await ui(`state?channel=${olivia.channel}&user=${user}`)).json()) as {
        messages: object[];
      };
      return shown.messages;
    };
    expect(await seenBy(olivia.user)).toMatchObject([{ text: "for olivia", ephemeral: true }]);
    expect(await seenBy("U0SAM000001")).toEqual([]);
  });

  it("takes a mention as a mention and other words as words, and no command in a thread", async () => {
    const { ts } = (await (await ui("type", { ...olivia, text: "good morning" })).json()) as { ts: string };
    expect(heard).toEqual([]);
    await ui("type", { ...olivia, text: "@Breakwater status", thread_ts: ts });
    expect(heard).toHaveLength(1);
    expect(slack.messages("security").map((message) => message.text)).toEqual([
      "good morning",
      "<@U0BREAKWTR> status",
    ]);
    const refused = await ui("type", { ...olivia, text: "/defender status", thread_ts: ts });
    expect(refused.status).toBe(400);
  });

  it("presses buttons", async () => {
    const client = new WebClient(slack.env.SLACK_BOT_TOKEN, { slackApiUrl: slack.url });
    const button = {
      type: "button",
      action_id: "take",
      value: "1",
      text: { type: "plain_text", text: "Take" },
    };
    const blocks = [{ type: "actions", block_id: "b", elements: [button] }] as never[];
    const { ts } = await client.chat.postMessage({ channel: olivia.channel, text: "x", blocks });
    await ui("press", { ...olivia, ts, block_id: "b", action_id: "take" });
    expect(JSON.parse(heard[0]!.get("payload")!)).toMatchObject({
      actions: [{ action_id: "take", value: "1" }],
    });
  });

  it("obeys only requests that another site's page cannot send unasked", async () => {
    const refused = await ui("type", { ...olivia, text: "/defender status" }, "text/plain");
    expect(refused.status).toBe(415);
    expect(heard).toEqual([]);
  });

  it("tells when something changed", async () => {
    const aborted = new AbortController();
    const stream = await fetch(`${slack.page}ui/changes`, { signal: aborted.signal });
    const reader = stream.body!.getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe("data: changed\n\n");
    slack.say({ ...olivia, text: "news" });
    expect(await next()).toBe("data: changed\n\n");
    aborted.abort();
  });
});

describe("the stand-in as a process of its own", () => {
  it("prints what the bot needs, serves, and ends when it is asked to", async () => {
    const child = spawn(process.execPath, ["playground/slack/serve.ts"], {
      env: { ...process.env, SLACK_STAND_IN_PACING: "0", SLACK_STAND_IN_SOCKET_MODE: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const env: Record<string, string> = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name, value] = /^(SLACK_\w+)=(.*)$/.exec(line) ?? [];
      if (name) env[name] = value!;
      if (line === "ready") break;
    }
    expect(Object.keys(env).sort()).toEqual([
      "SLACK_API_URL",
      "SLACK_APP_TOKEN",
      "SLACK_BOT_TOKEN",
      "SLACK_SIGNING_SECRET",
    ]);
    const client = new WebClient(env.SLACK_BOT_TOKEN, { slackApiUrl: env.SLACK_API_URL });
    expect(await client.auth.test()).toMatchObject({ ok: true });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});
