import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../../playground/slack/faults.ts";
import { type SlackOptions, usualScopes } from "../../playground/slack/options.ts";
import { UpstreamError } from "../../src/errors.ts";
import { checksOf } from "../../src/slack/checks.ts";
import { slackPosting } from "../../src/slack/delivery/posting.ts";
import { people } from "../../src/slack/people.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { slackScopes } from "../../src/slack/scopes.ts";
import { akira, type SlackBot, startBot } from "../slack-bot.ts";

let bot: SlackBot;
const start = async (options: SlackOptions = {}) => {
  bot = await startBot(() => {}, options);
};
beforeEach(() => start());
afterEach(() => bot.stop());

const channel = "C0SECURITY1";
const body = compile({ headline: "An alert", parts: [] }, { language: "en" }).head;
const failure = (work: Promise<unknown>): Promise<UpstreamError> =>
  work.then(
    () => {
      throw new Error("it should have failed");
    },
    (error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error;
      return error;
    },
  );
const post = (key = "k1") => bot.posting.post({ channel, body, metadata: { key, part: 0 } });

describe("a call that fails says so in one way", () => {
  const cases: [Omit<Fault, "method">, Partial<UpstreamError>][] = [
    [
      { kind: "ratelimited", retryAfter: 7 },
      { code: "ratelimited", status: 429, retryable: true, retryAfter: 7 },
    ],
    [
      { kind: "status", status: 503 },
      { code: "http_503", status: 503, retryable: true },
    ],
    [
      { kind: "status", status: 403 },
      { code: "http_403", status: 403, retryable: false },
    ],
    [{ kind: "reset" }, { code: "ECONNRESET", status: 0, retryable: true }],
    [{ kind: "lostAnswer" }, { code: "ECONNRESET", status: 0, retryable: true }],
    [{ kind: "truncate" }, { code: "ECONNRESET", status: 0, retryable: true }],
    [{ kind: "garbage" }, { code: "unreadable_answer", retryable: true }],
    [
      { kind: "error", error: "internal_error" },
      { code: "internal_error", retryable: true },
    ],
    [
      { kind: "error", error: "is_archived" },
      { code: "is_archived", retryable: false },
    ],
    [
      { kind: "error", error: "token_revoked" },
      { code: "token_revoked", retryable: false },
    ],
  ];
  for (const [fault, expected] of cases)
    it(`${fault.kind} ${fault.status ?? fault.error ?? ""}`, async () => {
      bot.slack.faults.add({ ...fault, method: "chat.postMessage" });
      const error = await failure(post());
      expect(error).toMatchObject({ system: "slack", ...expected });
      // Retries are the delivery layer's business.
      expect(bot.slack.callsOf("chat.postMessage")).toHaveLength(1);
    });

  it("where no server listens", async () => {
    const { url } = bot.slack;
    await bot.slack.close();
    expect(url).toContain("127.0.0.1");
    expect(await failure(post())).toMatchObject({ code: "ECONNREFUSED", retryable: true, status: 0 });
    await start();
  });

  it("names the scope that is missing", async () => {
    await bot.stop();
    await start({ scopes: usualScopes.filter((scope) => scope !== "chat:write") });
    const error = await failure(post());
    expect(error).toMatchObject({ code: "missing_scope", retryable: false });
    expect(error.message).toContain("chat:write");
  });

  it("is counted, and 429s apart", async () => {
    bot.slack.faults.add({ kind: "ratelimited", method: "chat.postMessage", times: 1 });
    await failure(post());
    await post();
    expect(bot.counts.get("slack_ratelimited_total chat.postMessage")).toBe(1);
    expect(bot.counts.get("slack_requests_total chat.postMessage ratelimited")).toBe(1);
    expect(bot.counts.get("slack_requests_total chat.postMessage ok")).toBe(1);
  });
});

describe("a post whose answer was lost", () => {
  const since = new Date().toISOString();
  it("is found again by its key, and no other is taken for it", async () => {
    bot.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await failure(post("alert-1"));
    const result = await bot.posting.find({ channel, since, key: "alert-1", part: 0 });
    expect(result?.ts).toBe(bot.slack.messages(channel)[0]?.ts);
    expect(await bot.posting.find({ channel, since, key: "alert-1", part: 1 })).toBeUndefined();
    expect(await bot.posting.find({ channel, since, key: "alert", part: 0 })).toBeUndefined();
  });

  it("is found after more messages than a page holds", async () => {
    const { ts } = await post("alert-1");
    for (let index = 0; index < 250; index++)
      bot.slack.say({ user: akira, channel: "security", text: `${index}` });
    expect(await bot.posting.find({ channel, since, key: "alert-1", part: 0 })).toEqual({ ts });
    expect(bot.slack.callsOf("conversations.history")).toHaveLength(2);
  });

  it("is found in a thread", async () => {
    const { ts: thread } = await post("alert-1");
    const { ts } = await bot.posting.post({ channel, thread, body, metadata: { key: "alert-1", part: 1 } });
    expect(await bot.posting.find({ channel, thread, since, key: "alert-1", part: 1 })).toEqual({ ts });
    expect(await bot.posting.find({ channel, since, key: "alert-1", part: 1 })).toBeUndefined();
  });
});

describe("an answer of Slack that lacks what it should have", () => {
  const scripted = (answers: Record<string, unknown>) => {
    const asked: string[] = [];
    const call = async (method: string) => {
      asked.push(method);
      const answer = answers[method];
      if (answer instanceof Error) throw answer;
      return answer as never;
    };
    return { asked, posting: slackPosting(call, { count() {}, gauge() {}, observe() {} }) };
  };
  const metadata = { key: "k", part: 0 };

  it("is no post: without a time stamp history has to say where it is", async () => {
    const { posting } = scripted({ "chat.postMessage": { ok: true } });
    const error = await failure(posting.post({ channel, body, metadata }));
    expect(error).toMatchObject({ code: "unreadable_answer", retryable: true });
  });

  it("takes no reply back where the thread is there after all", async () => {
    const { posting, asked } = scripted({
      "chat.postMessage": { ok: true, ts: "2.000001" },
      "conversations.replies": { messages: [{ ts: "1.000001" }] },
    });
    expect(await posting.post({ channel, thread: "1.000001", body, metadata })).toEqual({ ts: "2.000001" });
    expect(asked).not.toContain("chat.delete");
  });

  it("ends a search whose cursor comes again and again", async () => {
    const page = { messages: [], response_metadata: { next_cursor: "same" } };
    const { posting, asked } = scripted({ "conversations.history": page });
    const since = new Date().toISOString();
    expect(await posting.find({ channel, since, ...metadata })).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});

describe("the pump's other calls", () => {
  it("replace a message, blocks and all", async () => {
    const { ts } = await post();
    const next = compile({ headline: "Resolved", tone: "good", parts: [] }, { language: "en" }).head;
    await bot.posting.update({ channel, ts, body: next });
    expect(bot.slack.messages(channel)[0]).toMatchObject({
      text: "Resolved",
      blocks: [{ text: { text: "✅ Resolved" } }],
    });
    await bot.posting.update({ channel, ts, body: { ...next, text: "plain", blocks: [] } });
    expect(bot.slack.messages(channel)[0]?.blocks ?? []).toEqual([]);
  });

  it("upload a file first, share it in the thread, and can tell whether that was done", async () => {
    const { ts: thread } = await post();
    const bytes = new TextEncoder().encode("a,b\r\n");
    const { file } = await bot.posting.reserveFile({ name: "x.csv", title: "X", bytes });
    expect(await bot.posting.fileIsShared({ file, channel, thread })).toBe(false);
    await bot.posting.shareFile({ file, title: "X", channel, thread });
    expect(await bot.posting.fileIsShared({ file, channel, thread })).toBe(true);
    expect(bot.slack.files[0]).toMatchObject({ title: "X", channels: [channel] });
    expect(bot.slack.files[0]?.content.toString()).toBe("a,b\r\n");
  });
});

describe("user groups", () => {
  it("are known by their handles, read once for a while: Slack allows the list only now and then", async () => {
    const before = bot.slack.callsOf("usergroups.list").length;
    expect((await bot.chat.groupHandles()).get("S0OPERATORS")).toBe("operators");
    expect((await bot.chat.groupHandles()).get("S0APPROVERS")).toBe("approvers");
    expect(bot.slack.callsOf("usergroups.list")).toHaveLength(before + 1);
  });
});

describe("people and channels", () => {
  it("are read with language, time zone and membership", async () => {
    expect(await bot.chat.person(akira)).toEqual({
      id: akira,
      identity: akira,
      name: "akira",
      locale: "ja-JP",
      timezone: "Asia/Tokyo",
      member: true,
    });
    expect((await bot.chat.person("U0GUEST0001")).member).toBe(false);
    expect((await bot.chat.person("U0STRANGER1")).member).toBe(false);
    expect(await bot.chat.group("S0OPERATORS")).toEqual([akira, "U0OLIVIA001"]);
    expect(await bot.chat.channel("C0ARCHIVED1")).toMatchObject({ name: "old-alerts", archived: true });
    expect(await bot.chat.channel("C0PUBLIC001")).toMatchObject({ member: false, private: false });
    expect(await bot.chat.direct(akira)).toMatch(/^D/);
  });

  it("that are public can be posted to without joining, where the token has the optional scope", async () => {
    // Source: docs.slack.dev "chat:write.public".
    expect((await bot.chat.channel("C0PUBLIC001")).open).toBeUndefined();
    await start({ scopes: [...usualScopes, "chat:write.public"] });
    expect(await bot.chat.channel("C0PUBLIC001")).toMatchObject({ member: false, open: true });
  });

  it("of another organisation are no members, also where they share a channel with the app", async () => {
    const { users } = bot.slack.state;
    const clara = { id: "U0CLARA0001", name: "clara" };
    users.set(clara.id, { ...clara, team: "T0ELSEWHERE" });
    expect(await bot.chat.person(clara.id)).toMatchObject({ member: false, stranger: true });
    users.set(clara.id, { ...clara, team: "T0ELSEWHERE", enterprise_user: { enterprise_id: "E0OTHER" } });
    expect(await bot.chat.person(clara.id)).toMatchObject({ member: false, stranger: true });
    // Another workspace of the same organisation is no other organisation.
    const teams = ["T0ELSEWHERE", bot.slack.state.team.id];
    const enterprise_user = { enterprise_id: "E0HARBOUR", teams };
    users.set(clara.id, { ...clara, team: "T0ELSEWHERE", enterprise_user });
    expect(await bot.chat.person(clara.id)).toMatchObject({ member: true });
    expect(await bot.chat.person("U0GUEST0001")).not.toHaveProperty("stranger");
  });

  it("are looked up for rights every time, for their language once in five minutes", async () => {
    await bot.chat.person(akira);
    await bot.chat.person(akira);
    expect(bot.slack.callsOf("users.info")).toHaveLength(2);
    let now = 0;
    const log = { info() {}, warn() {}, error() {}, debug() {} };
    const known = people(bot.chat, log, "en", () => now);
    expect(await known.meet(akira)).toEqual({
      language: "ja",
      timezone: "Asia/Tokyo",
      name: "akira",
      identity: akira,
    });
    await known.meet(akira);
    expect(bot.slack.callsOf("users.info")).toHaveLength(3);
    now += 5 * 60_000 + 1;
    await known.meet(akira);
    expect(bot.slack.callsOf("users.info")).toHaveLength(4);
    // Who cannot be looked up is spoken to in the default language, and looked up again the next time.
    expect(await known.meet("U0UNKNOWN")).toEqual({ language: "en" });
    await known.meet("U0UNKNOWN");
    expect(bot.slack.callsOf("users.info")).toHaveLength(6);
  });
});

describe("what doctor asks of Slack", () => {
  it("is the token and each scope of the manifest", async () => {
    const checks = await bot.chat.checks("en");
    expect(checks[0]).toMatchObject({ name: "Slack token", state: "ok" });
    expect(checks.filter(({ name }) => name.startsWith("Slack scope"))).toHaveLength(slackScopes.length);
    expect(checks.every(({ state }) => state === "ok")).toBe(true);
  });

  it("says once that scopes are unknown where Slack's answer doesn't name them", async () => {
    const { scopes, ...identity } = await bot.chat.identity();
    expect(scopes).toContain("commands");
    const unknown = checksOf(identity, [], "en").filter(({ state }) => state !== "ok");
    expect(unknown).toMatchObject([{ name: "Slack scopes", state: "unknown" }]);
  });

  it("names a missing scope with the line that fixes it; the optional one is no problem", async () => {
    await bot.stop();
    await start({ scopes: usualScopes.filter((scope) => scope !== "files:write") });
    const failed = (await bot.chat.checks("en")).filter(({ state }) => state !== "ok");
    expect(failed).toEqual([
      {
        name: "Slack scope files:write",
        state: "failed",
        said: "missing: CSV files",
        fix: "Add files:write under OAuth & Permissions, Bot Token Scopes, and reinstall the app.",
      },
    ]);
    expect((await bot.chat.checks("ja")).filter(({ state }) => state !== "ok")).toMatchObject([
      { name: "Slack スコープ files:write", said: "不足: CSV ファイルの共有" },
    ]);
  });
});
