import { ErrorCode, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackOptions, usualScopes } from "../../playground/slack/options.ts";
import { startSlack } from "../../playground/slack/server.ts";
import type { SlackStandIn } from "../../playground/slack/stand-in.ts";

let slack: SlackStandIn;
let client: WebClient;

function clientOf(stand: SlackStandIn, token = stand.env.SLACK_BOT_TOKEN): WebClient {
  const quiet = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => "error",
    setName() {},
  };
  return new WebClient(token, {
    slackApiUrl: stand.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 3000,
    logger: quiet as never,
  });
}

async function restart(options: SlackOptions): Promise<void> {
  await slack.close();
  slack = await startSlack({ pacing: 0, ...options });
  client = clientOf(slack);
}

/** The error code that Slack answered, or "ok". */
async function codeOf(call: Promise<{ ok: boolean }>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    const { data, code } = error as { data?: { error?: string }; code?: string };
    return data?.error ?? code ?? String(error);
  }
}

beforeEach(async () => {
  slack = await startSlack({ pacing: 0 });
  client = clientOf(slack);
});
afterEach(() => slack.close());

describe("tokens and scopes", () => {
  it("answers auth.test with the identity and the granted scopes in the header", async () => {
    const answer = await client.auth.test();
    expect(answer).toMatchObject({
      ok: true,
      user_id: "U0BREAKWTR",
      bot_id: "B0BREAKWTR",
      team_id: "T0BREAKWTR",
    });
    expect(answer.response_metadata?.scopes).toEqual([...usualScopes]);
  });

  it("refuses no token, a wrong token and the app's token", async () => {
    const unset = await fetch(`${slack.url}auth.test`, { method: "POST" });
    expect(await unset.json()).toMatchObject({ ok: false, error: "not_authed" });
    expect(await codeOf(clientOf(slack, "xoxb-other").auth.test())).toBe("invalid_auth");
    expect(await codeOf(clientOf(slack, slack.state.settings.appToken).auth.test())).toBe(
      "not_allowed_token_type",
    );
  });

  it("refuses an unknown method", async () => {
    expect(await codeOf(client.apiCall("chat.shout"))).toBe("unknown_method");
  });

  it.each([
    ["chat.postMessage", { channel: "C0SECURITY1", text: "x" }, "chat:write"],
    ["chat.update", { channel: "C0SECURITY1", ts: "1.000000", text: "x" }, "chat:write"],
    ["chat.delete", { channel: "C0SECURITY1", ts: "1.000000" }, "chat:write"],
    ["chat.postEphemeral", { channel: "C0SECURITY1", user: "U0SAM000001", text: "x" }, "chat:write"],
    ["conversations.history", { channel: "C0SECURITY1" }, "channels:history"],
    ["conversations.history", { channel: "C0ADMIN0001" }, "groups:history"],
    ["conversations.replies", { channel: "C0SECURITY1", ts: "1.000000" }, "channels:history"],
    ["conversations.info", { channel: "C0SECURITY1" }, "channels:read"],
    ["conversations.info", { channel: "C0ADMIN0001" }, "groups:read"],
    ["conversations.open", { users: "U0SAM000001" }, "im:write"],
    ["users.info", { user: "U0SAM000001" }, "users:read"],
    ["users.list", {}, "users:read"],
    ["usergroups.list", {}, "usergroups:read"],
    ["usergroups.users.list", { usergroup: "S0APPROVERS" }, "usergroups:read"],
    ["files.getUploadURLExternal", { filename: "a.csv", length: 1 }, "files:write"],
    ["files.completeUploadExternal", { files: [{ id: "F1" }] }, "files:write"],
  ])("%s (%o) needs %s", async (method, args, scope) => {
    await restart({ scopes: usualScopes.filter((one) => one !== scope) });
    const error = await client.apiCall(method, args).catch((caught: { data: unknown }) => caught);
    expect((error as { data: unknown }).data).toMatchObject({ error: "missing_scope", needed: scope });
    await restart({ scopes: [...usualScopes, scope] });
    expect(await codeOf(client.apiCall(method, args))).not.toBe("missing_scope");
  });
});

describe("posting", () => {
  it("shows a message with its metadata, which history gives back only when asked", async () => {
    const metadata = { event_type: "alert", event_payload: { key: "a/1" } };
    const posted = await client.chat.postMessage({ channel: "C0SECURITY1", text: "hello", metadata });
    expect(slack.messages("security")).toMatchObject([{ ts: posted.ts, text: "hello", metadata }]);
    const plain = await client.conversations.history({ channel: "C0SECURITY1" });
    expect(plain.messages?.[0]).not.toHaveProperty("metadata");
    const full = await client.conversations.history({ channel: "C0SECURITY1", include_all_metadata: true });
    expect(full.messages).toMatchObject([{ ts: posted.ts, text: "hello", metadata, bot_id: "B0BREAKWTR" }]);
  });

  it("takes JSON bodies as well as forms", async () => {
    const response = await fetch(`${slack.url}chat.postMessage`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${slack.env.SLACK_BOT_TOKEN}`,
        "content-type": "application/json; charset=utf-8",
      },
      body: JSON.stringify({ channel: "#security", blocks: [{ type: "divider" }], text: "日本語" }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: "C0SECURITY1" });
    expect(slack.messages("C0SECURITY1")[0]).toMatchObject({ text: "日本語", blocks: [{ type: "divider" }] });
  });

  it.each([
    ["C0NOWHERE01", "channel_not_found"],
    ["C0HIDDEN001", "channel_not_found"],
    ["C0ARCHIVED1", "is_archived"],
    ["C0PUBLIC001", "not_in_channel"],
    ["C0ADMIN0001", "ok"],
  ])("to %s answers %s", async (channel, expected) => {
    expect(await codeOf(client.chat.postMessage({ channel, text: "x" }))).toBe(expected);
  });

  it("reaches public channels without membership only with chat:write.public, private ones never", async () => {
    await restart({ scopes: [...usualScopes, "chat:write.public"] });
    expect(await codeOf(client.chat.postMessage({ channel: "C0PUBLIC001", text: "x" }))).toBe("ok");
    expect(await codeOf(client.chat.postMessage({ channel: "C0HIDDEN001", text: "x" }))).toBe(
      "channel_not_found",
    );
  });

  it("refuses no content, too long text, broken blocks and broken metadata by Slack's names", async () => {
    const channel = "C0SECURITY1";
    expect(await codeOf(client.apiCall("chat.postMessage", { channel }))).toBe("no_text");
    expect(await codeOf(client.chat.postMessage({ channel, text: "x".repeat(40_000) }))).toBe("ok");
    expect(await codeOf(client.chat.postMessage({ channel, text: "x".repeat(40_001) }))).toBe("msg_too_long");
    expect(await codeOf(client.apiCall("chat.postMessage", { channel, blocks: "[{" }))).toBe(
      "invalid_blocks_format",
    );
    const metadata = { event_type: "x" };
    expect(await codeOf(client.apiCall("chat.postMessage", { channel, text: "x", metadata }))).toBe(
      "invalid_metadata_format",
    );
  });

  it("names the block and the field of an invalid message", async () => {
    const blocks = [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] as const;
    const failed = client.chat.postMessage({ channel: "C0SECURITY1", text: "x", blocks: [...blocks] });
    await expect(failed).rejects.toMatchObject({
      code: ErrorCode.PlatformError,
      data: {
        error: "invalid_blocks",
        response_metadata: {
          messages: ["[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
        },
      },
    });
    expect(slack.messages("security")).toEqual([]);
  });

  it("puts replies into threads, and lists them apart from the channel", async () => {
    const channel = "C0SECURITY1";
    const { ts } = await client.chat.postMessage({ channel, text: "parent" });
    await client.chat.postMessage({ channel, text: "reply", thread_ts: ts });
    const top = await client.conversations.history({ channel });
    expect(top.messages).toMatchObject([{ text: "parent", reply_count: 1 }]);
    const replies = await client.conversations.replies({ channel, ts: ts! });
    expect(replies.messages?.map((message) => message.text)).toEqual(["parent", "reply"]);
    const lost = client.chat.postMessage({ channel, text: "x", thread_ts: "1.000001" });
    expect(await codeOf(lost)).toBe("thread_not_found");
  });

  it("changes and deletes own messages only, and keeps the previous text", async () => {
    const channel = "C0SECURITY1";
    const { ts } = await client.chat.postMessage({ channel, text: "one" });
    await client.chat.update({ channel, ts: ts!, text: "two" });
    expect(slack.messages(channel)).toMatchObject([{ text: "two", history: [{ text: "one" }], edited: {} }]);
    const theirs = slack.say({ user: "U0SAM000001", channel, text: "mine" });
    expect(await codeOf(client.chat.update({ channel, ts: theirs.ts, text: "x" }))).toBe(
      "cant_update_message",
    );
    expect(await codeOf(client.chat.delete({ channel, ts: theirs.ts }))).toBe("cant_delete_message");
    expect(await codeOf(client.chat.update({ channel, ts: "1.000001", text: "x" }))).toBe(
      "message_not_found",
    );
    await client.chat.delete({ channel, ts: ts! });
    expect(slack.messages(channel).map((message) => message.text)).toEqual(["mine"]);
  });

  it("keeps ephemeral messages apart: only their reader has them, and chat.update cannot reach them", async () => {
    const channel = "C0SECURITY1";
    const { message_ts } = await client.chat.postEphemeral({ channel, user: "U0SAM000001", text: "psst" });
    expect(slack.messages(channel)).toEqual([]);
    expect(slack.ephemerals(channel, "U0SAM000001")).toMatchObject([{ text: "psst" }]);
    expect(slack.ephemerals(channel, "U0OLIVIA001")).toEqual([]);
    expect(await codeOf(client.chat.update({ channel, ts: message_ts!, text: "x" }))).toBe(
      "message_not_found",
    );
  });

  it("opens direct messages", async () => {
    const { channel } = await client.conversations.open({ users: "U0AKIRA0001" });
    await client.chat.postMessage({ channel: channel!.id!, text: "hi" });
    await client.chat.postMessage({ channel: "U0AKIRA0001", text: "again" });
    expect(slack.messages(channel!.id!).map((message) => message.text)).toEqual(["hi", "again"]);
  });
});

describe("history", () => {
  it("is newest first, in pages, between open or inclusive ends", async () => {
    const channel = "C0SECURITY1";
    const stamps: string[] = [];
    for (let index = 0; index < 5; index += 1)
      stamps.push((await client.chat.postMessage({ channel, text: String(index) })).ts!);
    const first = await client.conversations.history({ channel, limit: 2 });
    expect(first.messages?.map((message) => message.text)).toEqual(["4", "3"]);
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor;
    const second = await client.conversations.history({ channel, limit: 3, cursor });
    expect(second.messages?.map((message) => message.text)).toEqual(["2", "1", "0"]);
    expect(second.has_more).toBe(false);
    const ends = { channel, oldest: stamps[1], latest: stamps[3] };
    const open = await client.conversations.history(ends);
    expect(open.messages?.map((message) => message.text)).toEqual(["2"]);
    const closed = await client.conversations.history({ ...ends, inclusive: true });
    expect(closed.messages?.map((message) => message.text)).toEqual(["3", "2", "1"]);
  });

  it("may lag behind what was posted", async () => {
    await restart({ historyLag: 150 });
    const channel = "C0SECURITY1";
    await client.chat.postMessage({ channel, text: "late" });
    expect((await client.conversations.history({ channel })).messages).toEqual([]);
    await expect
      .poll(async () => (await client.conversations.history({ channel })).messages?.length, { timeout: 2000 })
      .toBe(1);
  });

  it("is closed where the bot is not a member", async () => {
    expect(await codeOf(client.conversations.history({ channel: "C0PUBLIC001" }))).toBe("not_in_channel");
    expect(await codeOf(client.conversations.history({ channel: "C0HIDDEN001" }))).toBe("channel_not_found");
  });
});

describe("people and channels", () => {
  it("tells language, time zone and who is a guest or a stranger", async () => {
    const akira = await client.users.info({ user: "U0AKIRA0001", include_locale: true });
    expect(akira.user).toMatchObject({ locale: "ja-JP", tz: "Asia/Tokyo", is_restricted: false });
    expect((await client.users.info({ user: "U0AKIRA0001" })).user).not.toHaveProperty("locale");
    expect((await client.users.info({ user: "U0GUEST0001" })).user).toMatchObject({ is_restricted: true });
    expect((await client.users.info({ user: "U0STRANGER1" })).user).toMatchObject({ is_stranger: true });
    expect(await codeOf(client.users.info({ user: "U0UNKNOWN01" }))).toBe("user_not_found");
  });

  it("lists groups, their people, and everyone in pages", async () => {
    expect((await client.usergroups.users.list({ usergroup: "S0APPROVERS" })).users).toEqual(["U0OLIVIA001"]);
    expect(await codeOf(client.usergroups.users.list({ usergroup: "S0NONE" }))).toBe("no_such_subteam");
    const names: string[] = [];
    for await (const page of client.paginate("users.list", { limit: 2 }))
      names.push(...(page as unknown as { members: { name: string }[] }).members.map(({ name }) => name));
    expect(names).toEqual(["akira", "olivia", "sam", "gina", "stefan", "breakwater"]);
  });
});

describe("files", () => {
  it("shows an uploaded file in its thread, with its bytes", async () => {
    const channel_id = "C0SECURITY1";
    const { ts } = await client.chat.postMessage({ channel: channel_id, text: "parent" });
    const csv = Buffer.from("名前,件数\nnginx,3\n");
    const upload = { channel_id, thread_ts: ts!, file: csv, filename: "findings.csv", title: "Findings" };
    await client.filesUploadV2({ ...upload, initial_comment: "all of it" });
    const [, message] = slack.messages("security");
    expect(message).toMatchObject({ thread_ts: ts, text: "all of it", files: [{ name: "findings.csv" }] });
    expect(slack.files[0]).toMatchObject({ title: "Findings", mimetype: "text/csv", size: csv.length });
    expect(slack.files[0]!.content.equals(csv)).toBe(true);
    const download = await fetch(slack.files[0]!.url_private);
    expect(Buffer.from(await download.arrayBuffer()).equals(csv)).toBe(true);
  });

  it("refuses to complete what was never uploaded or has another length", async () => {
    const asked = await client.files.getUploadURLExternal({ filename: "a.csv", length: 5 });
    const complete = () =>
      codeOf(
        client.files.completeUploadExternal({ files: [{ id: asked.file_id! }], channel_id: "C0SECURITY1" }),
      );
    expect(await complete()).toBe("file_not_found");
    await fetch(asked.upload_url!, { method: "POST", body: "1234" });
    expect(await complete()).toBe("file_not_found");
    await fetch(asked.upload_url!, { method: "POST", body: "12345" });
    expect(await complete()).toBe("ok");
  });
});

describe("rate limits", () => {
  it("takes one message a pace and channel, and answers 429 with Retry-After beyond", async () => {
    await restart({ pacing: 60_000 });
    expect(await codeOf(client.chat.postMessage({ channel: "C0SECURITY1", text: "1" }))).toBe("ok");
    expect(await codeOf(client.chat.postMessage({ channel: "C0PLATFORM1", text: "1" }))).toBe("ok");
    await expect(client.chat.postMessage({ channel: "C0SECURITY1", text: "2" })).rejects.toMatchObject({
      code: ErrorCode.RateLimitedError,
      retryAfter: 54,
    });
    expect(slack.calls.at(-1)).toMatchObject({ status: 429, answer: { ok: false, error: "ratelimited" } });
    expect(slack.messages("security")).toHaveLength(1);
  });

  it("lets a burst through where it is configured, and messages again after the pace", async () => {
    await restart({ pacing: 100, burst: 3 });
    const channel = "C0SECURITY1";
    const codes: string[] = [];
    for (let index = 0; index < 4; index += 1)
      codes.push(await codeOf(client.chat.postMessage({ channel, text: "x" })));
    expect(codes.slice(0, 3)).toEqual(["ok", "ok", "ok"]);
    await expect
      .poll(() => codeOf(client.chat.postMessage({ channel, text: "y" })), { timeout: 2000 })
      .toBe("ok");
  });

  it("holds the tiers where they are on", async () => {
    await restart({ tiers: true });
    const channel = "C0SECURITY1";
    for (let index = 0; index < 50; index += 1) await client.conversations.history({ channel });
    expect(await codeOf(client.conversations.history({ channel }))).toBe(ErrorCode.RateLimitedError);
  });
});

describe("faults", () => {
  const post = () => codeOf(client.chat.postMessage({ channel: "C0SECURITY1", text: "x" }));

  it.each([
    [{ kind: "ratelimited", retryAfter: 7 }, ErrorCode.RateLimitedError, 0],
    [{ kind: "status", status: 503 }, ErrorCode.HTTPError, 0],
    [{ kind: "error", error: "team_access_not_granted" }, "team_access_not_granted", 0],
    [{ kind: "reset" }, ErrorCode.RequestError, 0],
    [{ kind: "lostAnswer" }, ErrorCode.RequestError, 1],
    [{ kind: "slow", ms: 30 }, "ok", 1],
    [{ kind: "truncate" }, "TypeError: terminated", 1],
    [{ kind: "garbage" }, "<html><body>Gateway</body></html>", 0],
  ] as const)("%o happens once, is reported as %s, and leaves %i messages", async (fault, code, messages) => {
    const active = slack.faults.add({ ...fault, method: "chat.postMessage", times: 1 });
    expect(await post()).toBe(code);
    expect(slack.messages("security")).toHaveLength(messages);
    expect(active.hits).toBe(1);
    expect(await post()).toBe("ok");
  });

  it("meets only the channel that it names, until it is cleared", async () => {
    slack.faults.add({ kind: "error", error: "internal_error", channel: "C0PLATFORM1" });
    expect(await post()).toBe("ok");
    expect(await codeOf(client.chat.postMessage({ channel: "C0PLATFORM1", text: "x" }))).toBe(
      "internal_error",
    );
    slack.faults.clear();
    expect(await codeOf(client.chat.postMessage({ channel: "C0PLATFORM1", text: "x" }))).toBe("ok");
  });
});
