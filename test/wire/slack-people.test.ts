import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "../../playground/slack/faults.ts";
import { type Channel, exampleWorkspace, type User } from "../../playground/slack/workspace.ts";
import { rightsPort } from "../../src/dispatch/rights.ts";
import { membersOf } from "../../src/slack/lookups.ts";
import { akira, olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

const [global, local] = ["W0AKIRA0000", "U0AKIRA0099"] as const;
const clara = "U0CLARA0001";
const enterprise_user = { id: global, enterprise_id: "E0HARBOUR00" };
const extra: User[] = [
  { id: global, name: "akira", enterprise_user },
  { id: local, name: "akira", enterprise_user },
  { id: clara, name: "clara", team: "T0ELSEWHERE" },
  { id: "U0GONE00001", name: "gone", deleted: true },
];
const shared: Channel = { id: "C0SHARED001", name: "shared", is_ext_shared: true };
const workspace = {
  ...exampleWorkspace,
  users: [...exampleWorkspace.users, ...extra],
  channels: [...exampleWorkspace.channels, shared],
};

let bot: SlackBot;
afterEach(() => bot.stop());
const start = async (options: Parameters<typeof startBot>[1] = {}) => {
  bot = await startBot(() => {}, { workspace, ...options });
  return bot;
};
const lists = { operators: ["S0OPERATORS"], approvers: ["S0APPROVERS"] };

describe("a human of an Enterprise Grid", () => {
  it("is the same caller by every id, and may what the group allows that lists another of them", async () => {
    await start();
    bot.slack.state.usergroups.find(({ id }) => id === "S0OPERATORS")!.users = [local];
    for (const user of [local, global])
      await bot.slack.command({ user, channel: "security", text: "status" });
    await until(() => bot.incoming.length === 2);
    expect(bot.incoming.map(({ caller }) => caller.person)).toEqual([global, global]);
    const rights = rightsPort(lists, bot.directory);
    expect((await rights.may(global, "operator")).allowed).toBe(true);
    expect((await rights.may(akira, "operator")).allowed).toBe(false);
    expect(await bot.chat.direct(local)).toBe(await bot.chat.direct(global));
  });
});

describe("a deactivated account", () => {
  it("has no permission, though its group still lists it", async () => {
    await start();
    bot.slack.state.usergroups.find(({ id }) => id === "S0OPERATORS")!.users = ["U0GONE00001"];
    const rights = rightsPort(lists, bot.directory);
    expect(await rights.may("U0GONE00001", "operator")).toMatchObject({ cause: "deactivated" });
    expect(await rights.may("U0GONE00001", "member")).toMatchObject({ cause: "deactivated" });
  });
});

const failures: Omit<Fault, "method">[] = [
  { kind: "ratelimited", retryAfter: 30 },
  { kind: "status", status: 503 },
  { kind: "error", error: "user_not_found" },
  { kind: "reset" },
  { kind: "garbage" },
];
describe.each(failures)("who cannot be looked up ($kind)", (failure) => {
  it("is of the own organisation only where the payload says so", async () => {
    await start();
    bot.slack.faults.add({ ...failure, method: "users.info" });
    const asked = { channel: "shared", text: "status" };
    await bot.slack.mention({ ...asked, user: clara });
    await bot.slack.mention({ ...asked, user: olivia });
    await bot.slack.mention({ ...asked, user: akira, channel: "security" });
    await bot.slack.command({ ...asked, user: olivia, channel: "security" });
    const message = bot.slack.say({ user: akira, channel: "shared", text: "look" });
    await bot.slack.shortcut({ user: clara, callback_id: "alerts", message });
    await bot.slack.shortcut({ user: olivia, callback_id: "alerts", message });
    await until(() => bot.incoming.length === 6);
    const strangers = bot.incoming.filter(({ caller }) => caller.stranger);
    expect(strangers.map(({ caller, source }) => [caller.person, source, caller.stranger]).sort()).toEqual([
      [clara, "mention", "unknown"],
      [clara, "shortcut", "unknown"],
    ]);
  });
});

describe("who cannot be looked up, and whose payload says nothing", () => {
  it("is unknown: so is everybody where Slack does not say where the bot is at home", async () => {
    await start();
    bot.slack.faults.add({ kind: "status", method: "users.info" });
    bot.slack.faults.add({ kind: "status", method: "auth.test" });
    await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await until(() => bot.incoming.length === 1);
    expect(bot.incoming[0]?.caller.stranger).toBe("unknown");
  });
});

describe("a mention that is edited", () => {
  it("is answered again only where its command changed", async () => {
    await start();
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status  aks-demo" });
    await said.edit("status aks-demo");
    await until(() => bot.counts.get("slack_repeated_total mention") === 1);
    await said.edit("alerts");
    await until(() => bot.incoming.length === 2);
    expect(bot.incoming.map(({ line }) => line)).toEqual(["status  aks-demo", "alerts"]);
    await said.again();
    await until(() => bot.counts.get("slack_repeated_total mention") === 2);
  });
});

describe("look-ups of groups", () => {
  it("are shared by 45 commands at once, and by those after them: Slack allows about 20 a minute", async () => {
    await start({ tiers: true });
    const rights = rightsPort(lists, bot.directory);
    const at = Array.from({ length: 45 }, () => rights.may(akira, "operator"));
    expect((await Promise.all(at)).every(({ allowed }) => allowed)).toBe(true);
    for (let n = 0; n < 45; n++) expect((await rights.may(akira, "operator")).allowed).toBe(true);
    expect(bot.slack.callsOf("usergroups.users.list").length).toBeLessThanOrEqual(20);
  });

  it("are shared by processes that have one store", async () => {
    await start();
    const asked: string[] = [];
    const call = async (method: string) => {
      asked.push(method);
      return { users: [akira] } as never;
    };
    const log = { info() {}, warn() {}, error() {}, debug() {} };
    for (const look of [1, 2].map(() => membersOf(call, { once: bot.once, log })))
      expect(await look("S0OPERATORS")).toEqual([akira]);
    expect(asked).toHaveLength(1);
  });

  it("wait through a short Retry-After", async () => {
    await start();
    bot.slack.faults.add({ kind: "ratelimited", method: "usergroups.users.list", times: 1, retryAfter: 1 });
    expect((await rightsPort(lists, bot.directory).may(akira, "operator")).allowed).toBe(true);
    expect(bot.slack.callsOf("usergroups.users.list")).toHaveLength(2);
  });

  it("are made again after five seconds", async () => {
    const kept: number[] = [];
    const once = {
      first: async () => true,
      take: async () => undefined,
      peek: async () => undefined,
      forget: async () => {},
      keep: async (_id: string, _value: unknown, seconds: number) => void kept.push(seconds),
    };
    await start({ once });
    const rights = rightsPort(lists, bot.directory);
    expect((await rights.may(akira, "operator")).allowed).toBe(true);
    bot.slack.state.usergroups.find(({ id }) => id === "S0OPERATORS")!.users = [];
    // A store that has forgotten it: as after the five seconds.
    expect((await rights.may(akira, "operator")).allowed).toBe(false);
    expect(kept).toEqual([5, 5]);
  });
});
