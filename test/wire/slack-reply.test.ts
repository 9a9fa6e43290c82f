import { afterEach, describe, expect, it } from "vitest";
import { remove } from "../../playground/slack/posting.ts";
import { exampleWorkspace } from "../../playground/slack/workspace.ts";
import type { Incoming } from "../../src/dispatch/incoming.ts";
import type { Form, Message } from "../../src/message/message.ts";
import { akira, olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

let bot: SlackBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

const command = { user: olivia, channel: "security", text: "alerts" };
const table: Message = {
  headline: "Three alerts",
  parts: [
    {
      table: {
        caption: "Alerts",
        columns: [{ label: "Alert" }, { label: "Count" }],
        rows: [["Crypto miner", { number: 3 }]],
      },
    },
  ],
};
const pages = (count: number): Message => ({
  headline: "Page 0",
  parts: [],
  thread: Array.from({ length: count }, (_, index) => ({ headline: `Page ${index + 1}`, parts: [] })),
});
const form: Form = {
  title: "Dismiss an alert",
  line: "alert dismiss abc",
  submit: "Dismiss",
  cancel: "Cancel",
  fields: [
    { name: "reason", label: "Reason", kind: "text", multiline: true },
    {
      name: "for",
      label: "For",
      kind: "choice",
      optional: true,
      options: [{ label: "Four hours", value: "4h" }],
    },
  ],
};

describe("tables and charts in a workspace that refuses them", () => {
  it("are sent once more as text, and from then on at once", async () => {
    bot = await startBot(({ reply }) => reply.answer(table), { refuseNewBlocks: true });
    const asked = await bot.slack.command(command);
    const shown = await bot.slack.until(() => asked.answers()[0]);
    expect(JSON.stringify(shown.blocks)).toContain("Crypto miner      3");
    expect(bot.slack.refusals).toHaveLength(1);
    const again = await bot.slack.command(command);
    await bot.slack.until(() => again.answers()[0]);
    expect(bot.slack.refusals).toHaveLength(1);
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "alerts" });
    await bot.slack.until(() => said.answers()[0]);
    expect(bot.slack.refusals).toHaveLength(1);
    const checks = await bot.chat.checks("en");
    expect(checks.find(({ name }) => name === "Slack tables and charts")?.said).toContain(
      "refuses data_table",
    );
  });

  it("are Slack's own where they are taken", async () => {
    bot = await startBot(({ reply }) => reply.answer(table));
    const asked = await bot.slack.command(command);
    const shown = await bot.slack.until(() => asked.answers()[0]);
    expect(shown.blocks?.map(({ type }) => type)).toEqual(["header", "data_table"]);
  });
});

describe("an answer that Slack finds too long", () => {
  it("is cut smaller, and says all the same", async () => {
    const lines = Array.from({ length: 25 }, (_, index) => `line-${index}- ${"x".repeat(300)}`);
    const long: Message = { headline: "Long", parts: lines.map((sentence) => ({ sentence })) };
    bot = await startBot(({ reply }) => reply.answer(long));
    const error = "msg_blocks_too_long";
    bot.slack.faults.add({ kind: "error", method: "response_url", error, times: 1 });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 2);
    for (let line = 0; line < 25; line++)
      expect(
        asked.answers().filter(({ blocks }) => JSON.stringify(blocks).includes(`line-${line}-`)),
      ).toHaveLength(1);
  });
});

describe("an answer of several messages to one person", () => {
  it("follows below the first, and what is too much for the channel goes to the direct messages", async () => {
    bot = await startBot(({ reply }) => reply.answer(pages(7)));
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 5);
    expect(asked.answers().map(({ text }) => text)).toEqual([
      "Page 0",
      "Page 1",
      "Page 2",
      "Page 3",
      "4 more messages are in your direct messages.",
    ]);
    const direct = await bot.chat.direct(olivia);
    expect(bot.slack.messages(direct).map(({ text }) => text)).toEqual([
      "Page 4",
      "Page 5",
      "Page 6",
      "Page 7",
    ]);
  });

  it("goes on without the response_url when its five uses are over", async () => {
    bot = await startBot(async ({ reply }) => {
      await reply.working({ headline: "Working", parts: [] });
      await reply.answer(pages(4));
      await reply.answer(pages(0));
    });
    await bot.slack.command(command);
    await bot.slack.until(() => bot!.slack.callsOf("chat.postEphemeral").length === 2);
    const shown = bot.slack.ephemerals("security", olivia).map(({ text }) => text);
    expect(shown).toEqual([
      "Page 0",
      "Page 1",
      "Page 2",
      "Page 3",
      "1 more message is in your direct messages.",
      "Page 0",
    ]);
  });

  it("in a thread for all follows in that thread", async () => {
    bot = await startBot(({ reply }) => reply.answer(pages(3)));
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "alerts" });
    await bot.slack.until(() => said.answers().length === 4);
    expect(said.answers().map(({ text }) => text)).toEqual(["Page 0", "Page 1", "Page 2", "Page 3"]);
  });
});

describe("a file", () => {
  const withFile: Message = {
    headline: "Findings",
    parts: [{ file: { name: "findings.csv", title: "Findings", csv: [["CVE"], ["CVE-2026-1"]] } }],
  };
  it("of a private answer goes to the asker's direct messages, and a line says so", async () => {
    bot = await startBot(({ reply }) => reply.answer(withFile));
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 2);
    expect(asked.answers()[1]?.text).toBe("The file findings.csv is in your direct messages.");
    const direct = await bot.chat.direct(olivia);
    expect(bot.slack.files).toMatchObject([{ name: "findings.csv", channels: [direct], completed: true }]);
    expect(bot.slack.files[0]?.content.toString("utf8")).toBe("\uFEFFCVE\r\nCVE-2026-1\r\n");
  });

  it("that cannot be sent is named with the reason", async () => {
    bot = await startBot(({ reply }) => reply.answer(withFile));
    bot.slack.faults.add({
      kind: "error",
      method: "files.getUploadURLExternal",
      error: "file_uploads_disabled",
    });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 2);
    expect(asked.answers()[1]?.text).toBe("The file findings.csv could not be sent: file_uploads_disabled.");
  });

  it("whose answer was lost may have arrived; those that did are named in one sentence", async () => {
    const file = (name: string) => ({ file: { name, title: name, csv: [["CVE"], ["CVE-2026-1"]] } });
    const three = { headline: "Findings", parts: ["a.csv", "b.csv", "c.csv"].map(file) };
    bot = await startBot(({ reply }) => reply.answer(three));
    bot.slack.faults.add({ kind: "lostAnswer", method: "files.completeUploadExternal", times: 1 });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 2);
    expect(asked.answers()[1]?.text).toMatch(
      /^The files b.csv and c.csv are in your direct messages. The file a.csv may not have arrived/,
    );
  });

  it("of an answer for all is shared in the thread", async () => {
    bot = await startBot(({ reply }) => reply.answer(withFile));
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "findings" });
    await bot.slack.until(() => said.answers().length === 2);
    expect(said.answers()[1]).toMatchObject({ thread_ts: said.ts, files: [{ name: "findings.csv" }] });
  });
});

describe("a form", () => {
  const asking = async ({ reply, source, line }: Incoming) => {
    if (source === "modal") await reply.answer({ headline: ["done: ", { code: line }], parts: [] });
    else await reply.form(form);
  };

  it("opens with the trigger; its submission types the line with what was filled in, and the answer reaches the asker", async () => {
    bot = await startBot(asking);
    await bot.slack.command(command);
    const view = await bot.slack.until(() => bot!.slack.openView(olivia));
    const values = { reason: 'a test\nof "quotes" <!channel>' };
    const sent = await bot.slack.submit({ user: olivia, view, values });
    expect(sent).toMatchObject({ status: 200 });
    await until(() => bot!.incoming.length === 2);
    expect(bot.incoming[1]).toMatchObject({
      line: 'alert dismiss abc --reason "a test\nof \\"quotes\\" <!channel>"',
      source: "modal",
      caller: { person: olivia, channel: "C0SECURITY1" },
    });
    const shown = await bot.slack.until(() => bot!.slack.ephemerals("security", olivia)[0]);
    expect(shown.text).toContain("done: alert dismiss abc");
    expect(shown.text).not.toContain("<!channel>");
  });

  it("passes on a choice by its value", async () => {
    bot = await startBot(asking);
    await bot.slack.command(command);
    const view = await bot.slack.until(() => bot!.slack.openView(olivia));
    await bot.slack.submit({ user: olivia, view, values: { reason: "noise", for: "4h" } });
    await until(() => bot!.incoming.length === 2);
    expect(bot.incoming[1]?.line).toBe("alert dismiss abc --reason noise --for 4h");
  });

  it("is not opened where there is no trigger, or it is too old: the caller learns it", async () => {
    const opened: boolean[] = [];
    bot = await startBot(async ({ reply }) => void opened.push(await reply.form(form)));
    await bot.slack.mention({ user: olivia, channel: "security", text: "dismiss" });
    await until(() => opened.length === 1);
    bot.slack.faults.add({ kind: "error", method: "views.open", error: "expired_trigger_id" });
    await bot.slack.command(command);
    await until(() => opened.length === 2);
    expect(opened).toEqual([false, false]);
  });
});

describe("a modal", () => {
  const details: Message & { title: string } = {
    ...table,
    title: "Alert details, all of them",
    parts: [...table.parts, { actions: [{ label: "Take", line: "take abc" }] }],
  };

  it("opens at once as working and is then filled; its buttons know the channel", async () => {
    bot = await startBot(async ({ reply, line }) => {
      if (line === "take abc") return reply.answer({ headline: "taken", parts: [] });
      await reply.openLoading("Alert");
      await reply.modal(details);
    });
    await bot.slack.command(command);
    const view = await bot.slack.until(() => {
      const open = bot!.slack.openView(olivia);
      return JSON.stringify(open?.blocks ?? "").includes("Crypto miner") ? open : undefined;
    });
    expect(view).toMatchObject({ title: { text: "Alert details, all of t…" } });
    const clicked = await bot.slack.click({ user: olivia, view, text: "Take" });
    expect(clicked.status).toBe(200);
    await until(() => bot!.incoming.length === 2);
    expect(bot.incoming[1]).toMatchObject({
      line: "take abc",
      source: "button",
      caller: { channel: "C0SECURITY1" },
    });
    await bot.slack.until(() => bot!.slack.ephemerals("security", olivia).length > 0);
  });

  it("that was opened as working shows an answer that came instead", async () => {
    bot = await startBot(async ({ reply }) => {
      await reply.openLoading("Alert");
      await reply.answer({ headline: "Azure does not answer", parts: [] });
    });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() =>
      JSON.stringify(bot!.slack.openView(olivia)?.blocks ?? "").includes("Azure does not answer"),
    );
    expect(asked.answers()).toEqual([]);
  });

  it("that does not take the answer says so, and a message has it", async () => {
    bot = await startBot(async ({ reply }) => {
      await reply.openLoading("Alert");
      bot!.slack.faults.add({ kind: "error", method: "views.update", error: "invalid_arguments", times: 1 });
      if (!(await reply.modal(details))) await reply.answer(details);
    });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers()[0]);
    const view = bot.slack.openView(olivia);
    expect(JSON.stringify(view?.blocks)).toContain("it is in a message");
  });

  it("is filled although Slack failed for a moment", async () => {
    bot = await startBot(async ({ reply }) => {
      await reply.openLoading("Alert");
      bot!.slack.faults.add({ kind: "error", method: "views.update", error: "internal_error", times: 1 });
      await reply.modal(details);
    });
    await bot.slack.command(command);
    await bot.slack.until(() =>
      JSON.stringify(bot!.slack.openView(olivia)?.blocks ?? "").includes("Crypto miner"),
    );
  });

  it("that was closed meanwhile gives way to a message", async () => {
    bot = await startBot(async ({ reply }) => {
      await reply.openLoading("Alert");
      await bot!.slack.closeView({ user: olivia, view: bot!.slack.openView(olivia)! });
      if (!(await reply.modal(details))) await reply.answer(details);
    });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers()[0]);
  });
});

describe("an answer on a bad day", () => {
  const answering = () => startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }));

  it("is tried once more where the response_url fails for a moment, and replaces what may have arrived", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "ratelimited", method: "response_url", retryAfter: 1, times: 1 });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 1);
  });

  it("goes another way where the response_url is dead", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "error", method: "response_url", error: "expired_url" });
    await bot.slack.command(command);
    const shown = await bot.slack.until(() => bot!.slack.ephemerals("security", olivia)[0]);
    expect(shown.text).toBe("Here it is");
  });

  it("is given once more where a proxy's page came in place of Slack's answer", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "garbage", method: "response_url", times: 1 });
    const asked = await bot.slack.command(command);
    await bot.slack.until(() => asked.answers().length === 1);
  });

  it("goes another way where the response_url takes not even the words alone", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "error", method: "response_url", error: "invalid_payload" });
    await bot.slack.command(command);
    const shown = await bot.slack.until(() => bot!.slack.ephemerals("security", olivia)[0]);
    expect(shown.text).toBe("Here it is");
  });

  it("becomes a direct message where the bot may not speak in the channel", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "error", method: "response_url", error: "expired_url" });
    await bot.slack.command({ ...command, channel: "general" });
    const direct = await bot.chat.direct(olivia);
    await bot.slack.until(() => bot!.slack.messages(direct)[0]?.text === "Here it is");
  });

  it("is posted once in a thread although Slack's answer to the post was lost", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => bot!.slack.callsOf("conversations.replies").length > 0);
    await until(() => bot!.counts.get("slack_requests_total conversations.replies ok") === 1);
    expect(said.answers()).toHaveLength(1);
  });
});

describe("an answer whose working message cannot be edited", () => {
  for (const [error, times] of [
    ["internal_error", 1],
    ["message_not_found", undefined],
    ["service_unavailable", undefined],
  ] as const)
    it(`is given once: ${error}${times ? " for a moment" : ""}`, async () => {
      bot = await startBot(async ({ reply }) => {
        await reply.working({ headline: "Working on it", parts: [] });
        await reply.answer({ headline: "Here it is", parts: [] });
      });
      bot.slack.faults.add({ kind: "error", method: "chat.update", error, times });
      const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
      await bot.slack.until(() => said.answers().some(({ text }) => text === "Here it is"));
      expect(said.answers().map(({ text }) => text)).toEqual(["Here it is"]);
    });
});

describe("an answer outside any channel", () => {
  it("finds the direct conversation although Slack failed for a moment", async () => {
    bot = await startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }));
    const error = "internal_error";
    bot.slack.faults.add({ kind: "error", method: "conversations.open", error, times: 1 });
    await bot.slack.shortcut({ user: olivia, callback_id: "status" });
    await until(() => bot!.incoming.length === 1);
    expect(bot.incoming[0]?.caller.channel).toMatch(/^D/);
  });
});

describe("an answer for all that cannot be posted", () => {
  const answering = () => startBot(({ reply }) => reply.answer({ headline: "Here it is", parts: [] }));

  it("goes to the asker alone where the thread takes nothing", async () => {
    bot = await answering();
    const error = "restricted_action_thread_locked";
    bot.slack.faults.add({ kind: "error", method: "chat.postMessage", error });
    await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    const shown = await bot.slack.until(() => bot!.slack.ephemerals("security", olivia)[0]);
    expect(shown.text).toBe("Here it is");
  });

  it("goes to the asker alone where the words were deleted, and nothing of it is left in the channel", async () => {
    let delayed = () => {};
    const deleted = new Promise<void>((resolve) => {
      delayed = resolve;
    });
    bot = await startBot(async ({ reply }) => {
      await deleted;
      await reply.answer({ headline: "Here it is", parts: [] });
    });
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    remove(bot.slack.state, bot.slack.messages("security").find(({ ts }) => ts === said.ts)!);
    delayed();
    const shown = await bot.slack.until(() => bot!.slack.ephemerals("security", olivia)[0]);
    expect(shown).toMatchObject({ text: "Here it is", thread_ts: undefined });
    expect(bot.slack.messages("security")).toEqual([]);
  });

  it("is posted again where history does not say whether it arrived", async () => {
    bot = await answering();
    bot.slack.faults.add({ kind: "reset", method: "chat.postMessage", times: 1 });
    bot.slack.faults.add({ kind: "error", method: "conversations.replies", error: "missing_scope" });
    const said = await bot.slack.mention({ user: olivia, channel: "security", text: "status" });
    await bot.slack.until(() => said.answers().length === 1);
  });
});

describe("an answer while the bot's memory is away", () => {
  it("is given all the same", async () => {
    const fails = () => Promise.reject(new Error("Redis is away"));
    const once = { first: fails, keep: fails, take: fails, forget: fails, peek: fails };
    bot = await startBot(({ reply }) => reply.answer(table), { once, refuseNewBlocks: true });
    const asked = await bot.slack.command(command);
    const shown = await bot.slack.until(() => asked.answers()[0]);
    expect(JSON.stringify(shown.blocks)).toContain("Crypto miner");
  });
});

describe("sharing", () => {
  const shared: Message = { headline: ["Shared by ", { person: akira }], parts: [] };
  it("posts into the channel, and names people without notifying them", async () => {
    bot = await startBot(async ({ reply }) => void (await reply.post(shared)));
    await bot.slack.command(command);
    const posted = await bot.slack.until(() => bot!.slack.messages("security")[0]);
    expect(posted.text).toBe("Shared by akira");
    expect(JSON.stringify(posted.blocks)).not.toContain('"user"');
  });

  const long: Message = {
    headline: "Long",
    parts: Array.from({ length: 40 }, (_, index) => ({ sentence: `line-${index}- ${"x".repeat(970)}` })),
    thread: [{ headline: "More", parts: [{ file: { name: "rows.csv", title: "Rows", csv: [["a"]] } }] }],
  };
  const sharing = async (message: Message) => {
    const left: string[][] = [];
    bot = await startBot(async ({ reply }) => void left.push(await reply.post(message)));
    return left;
  };

  it("of 39,000 characters posts the head in the channel, and all of the rest in its thread", async () => {
    const left = await sharing(long);
    await bot!.slack.command(command);
    await until(() => left[0]);
    expect(left).toEqual([[]]);
    const posted = bot!.slack.messages("security");
    const [head, ...rest] = posted;
    expect(head?.thread_ts).toBeUndefined();
    expect(rest.length).toBeGreaterThan(2);
    expect(new Set(rest.map(({ thread_ts }) => thread_ts))).toEqual(new Set([head!.ts]));
    for (let line = 0; line < 40; line++)
      expect(
        posted.filter(({ blocks }) => JSON.stringify(blocks ?? []).includes(`line-${line}-`)),
      ).toHaveLength(1);
  });

  it("says how many messages of the thread could not be posted, and why; the head is not posted again", async () => {
    const left = await sharing(long);
    bot!.slack.faults.add({ kind: "error", method: "chat.postMessage", every: 2, error: "thread_locked" });
    await bot!.slack.command(command);
    await until(() => left[0]);
    expect(left[0]![0]).toMatch(/^\d+ more messages couldn't be posted: thread_locked\.$/);
    expect(bot!.slack.messages("security").filter(({ text }) => text === "Long")).toHaveLength(1);
  });

  it("has an upper limit, and says what is beyond it", async () => {
    const left = await sharing(pages(25));
    await bot!.slack.command(command);
    await until(() => left[0]);
    expect(left).toEqual([["5 more messages were left out: an answer is shared in at most 21 messages."]]);
    expect(bot!.slack.messages("security")).toHaveLength(21);
  });

  it("of a long answer in such a channel says what it cannot show", async () => {
    const long: Message = {
      ...pages(5),
      parts: [{ file: { name: "rows.csv", title: "Rows", csv: [["a"]] } }],
    };
    bot = await startBot(async ({ reply }) => {
      await reply.post(long);
      await reply.answer({ headline: "Shared", parts: [] });
    });
    await bot.slack.command({ ...command, channel: "general" });
    await bot.slack.until(() => bot!.slack.messages("general").length === 4);
    const shown = bot.slack.messages("general");
    expect(shown.slice(0, 3).map(({ text }) => text)).toEqual(["Page 0", "Page 1", "Page 2"]);
    expect(shown[3]?.text).toContain("3 more messages can't be shown here");
    expect(shown[3]?.text).toContain("The file rows.csv could not be sent: not_in_channel.");
    await bot.slack.until(() => bot!.slack.ephemerals("general", olivia).at(-1)?.text === "Shared");
  });

  it("works through the response_url in a channel that the bot has not joined", async () => {
    bot = await startBot(async ({ reply }) => void (await reply.post(shared)), {
      workspace: exampleWorkspace,
    });
    await bot.slack.command({ ...command, channel: "general" });
    await bot.slack.until(() => bot!.slack.messages("general")[0]?.text === "Shared by akira");
  });
});
