import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Delivery, startDelivery } from "../deliveries.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const channel = "C0SECURITY1";
let world: Delivery;
beforeEach(async () => {
  world = await startDelivery(redis);
});
afterEach(() => world.stop());

const texts = () => world.slack.messages(channel).map(({ text }) => text);
const top = () =>
  world.slack
    .messages(channel)
    .filter(({ thread_ts, ts }) => !thread_ts || thread_ts === ts)
    .map(({ text }) => text);
const waiting = async () => (await world.store.outbox.depth()).find((one) => one.channel === channel);
const deleteFirst = async () => {
  const { ts } = world.slack.messages(channel)[0]!;
  await fetch(`${world.slack.url}chat.delete`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${world.slack.env.SLACK_BOT_TOKEN}`,
    },
    body: JSON.stringify({ channel, ts }),
  });
};

describe("a message that somebody deleted in Slack", () => {
  for (const answer of ["Slack's own", "thread_not_found"] as const)
    it(`keeps nothing from the channel that would have joined it (${answer} answer)`, async () => {
      await world.publish(channel, { id: "e1", text: "first", again: "same" });
      await world.drain(channel);
      await deleteFirst();
      if (answer !== "Slack's own")
        world.slack.faults.add({ kind: "error", method: "conversations.replies", error: answer });
      await world.publish(channel, { id: "e2", text: "second", again: "same" });
      await world.drain(channel);
      expect(texts()).toEqual(["second"]);
      // And what comes next joins the message that is there.
      await world.publish(channel, { id: "e3", text: "third", again: "same" });
      await world.drain(channel);
      expect(top()).toEqual(["second, 2 times"]);
      expect(texts()).toContain("also third");
    });

  it("is not missed: its changes are no longer posted, and what waits after it goes on", async () => {
    await world.publish(channel, { id: "e1", text: "open" });
    await world.drain(channel);
    await deleteFirst();
    await world.publish(channel, { id: "e1", text: "closed" });
    await world.publish(channel, { id: "e2", text: "other" });
    await world.drain(channel);
    expect(texts()).toEqual(["other"]);
    expect(await waiting()).toBeUndefined();
  });

  it("leaves no reply of its own lying about in the channel", async () => {
    await world.publish(channel, { id: "e1", text: "open", again: "same" });
    await world.drain(channel);
    await world.publish(channel, { id: "e2", text: "next", again: "same" });
    // The row joins and the head is edited; then the message goes before its reply is posted.
    await world.drain(channel, 2);
    await deleteFirst();
    await world.drain(channel);
    expect(texts()).toEqual(["next"]);
    expect(world.reported.size).toBe(0);
  });
});

describe("an edit in a channel that takes nothing for a while", () => {
  it("waits as a post does, and is made when the channel is back", async () => {
    await world.publish(channel, { id: "e1", text: "open" });
    await world.drain(channel);
    const place = world.slack.state.channels.get(channel)!;
    place.is_archived = true;
    await world.publish(channel, { id: "e1", text: "closed" });
    const waits = await world.drain(channel, 8);
    expect(waits.filter((seconds) => seconds >= 5).length).toBeGreaterThan(2);
    expect(world.reported.get(`channel:${channel}`)).toBe("channel");
    expect(await waiting()).toMatchObject({ waiting: 1, paused: "is_archived" });
    place.is_archived = false;
    await world.drain(channel);
    expect(texts()).toEqual(["closed", "open became closed"]);
    expect(world.resolved).toContain(`channel:${channel}`);
  });
});

describe("a file that cannot be shared", () => {
  for (const [method, error] of [
    ["files.getUploadURLExternal", "missing_scope"],
    ["files.getUploadURLExternal", "file_uploads_disabled"],
    ["files.completeUploadExternal", "not_in_channel"],
    ["files.completeUploadExternal", "file_not_found"],
  ] as const)
    it(`is named in its place, and keeps nothing else waiting: ${method} ${error}`, async () => {
      const fault = world.slack.faults.add({ kind: "error", method, error });
      await world.publish(channel, { id: "e1", text: "with a file", file: "rows.csv" });
      await world.publish(channel, { id: "e2", text: "high" });
      await world.drain(channel);
      expect(top()).toEqual(["with a file", "high"]);
      expect(texts()).toContain(
        "The file rows.csv could not be shared here. The command shows what it holds.",
      );
      expect(world.reported.get(`files:${channel}`)).toBe("files");
      expect(await waiting()).toBeUndefined();
      fault.times = 0;
      await world.publish(channel, { id: "e3", text: "another", file: "more.csv" });
      await world.drain(channel);
      expect(world.slack.files.filter(({ completed }) => completed).map(({ name }) => name)).toEqual([
        "more.csv",
      ]);
      expect(world.resolved).toContain(`files:${channel}`);
    });
});

describe("a message over which Slack itself stumbles", () => {
  it("is tried in words alone after a while, and keeps nothing waiting for ever", async () => {
    const stumbles = { kind: "error", method: "chat.postMessage", error: "internal_error" } as const;
    const fault = world.slack.faults.add({ ...stumbles, times: 5 });
    await world.publish(channel, { id: "e1", text: "odd", rows: 2 });
    await world.publish(channel, { id: "e2", text: "high" });
    await world.drain(channel);
    expect(fault.hits).toBe(5);
    expect(top()).toHaveLength(2);
    expect(top()[0]).toContain("row-1-");
    expect(world.slack.messages(channel)[0]?.blocks).toBeUndefined();
  });

  it("goes as it is where Slack was away for longer", async () => {
    const stumbles = { kind: "error", method: "chat.postMessage", error: "internal_error" } as const;
    world.slack.faults.add({ ...stumbles, times: 8 });
    await world.publish(channel, { id: "e1", text: "even", rows: 2 });
    await world.drain(channel);
    expect(world.slack.messages(channel)[0]?.blocks?.length).toBe(2);
  });

  it("goes as it is where Slack was away for a moment only", async () => {
    const stumbles = { kind: "error", method: "chat.postMessage", error: "internal_error" } as const;
    world.slack.faults.add({ ...stumbles, times: 4 });
    await world.publish(channel, { id: "e1", text: "even", rows: 2 });
    await world.drain(channel);
    expect(world.slack.messages(channel)[0]?.blocks?.length).toBe(2);
  });
});

describe("a host for uploads that cannot be reached", () => {
  it("is tried a few times, and then keeps nothing else waiting", async () => {
    const fault = world.slack.faults.add({ kind: "reset", method: "upload" });
    await world.publish(channel, { id: "e1", text: "with a file", file: "rows.csv" });
    await world.publish(channel, { id: "e2", text: "high" });
    await world.drain(channel);
    expect(fault.hits).toBe(5);
    expect(texts()).toContain("The file rows.csv could not be shared here. The command shows what it holds.");
    expect(top()).toEqual(["with a file", "high"]);
    expect(world.reported.get(`files:${channel}`)).toBe("files");
  });

  it("takes the file when it is back", async () => {
    world.slack.faults.add({ kind: "status", method: "upload", status: 503, times: 3 });
    await world.publish(channel, { id: "e1", text: "with a file", file: "rows.csv" });
    await world.drain(channel);
    expect(world.slack.files.filter(({ completed }) => completed)).toHaveLength(1);
    expect(world.reported.size).toBe(0);
  });
});

describe("a channel that takes messages but no replies", () => {
  it("gets each row as a message, and is not held up by a reply", async () => {
    await world.publish(channel, { id: "e1", text: "first", again: "same" });
    await world.drain(channel);
    world.slack.faults.add({
      kind: "error",
      method: "chat.postMessage",
      error: "restricted_action_non_threadable_channel",
      times: 1,
    });
    await world.publish(channel, { id: "e2", text: "second", again: "same" });
    await world.drain(channel);
    expect(top()).toEqual(["first, 2 times", "second"]);
    expect(world.reported.get(`held:${channel}:replies`)).toBe("held");
    expect(await waiting()).toBeUndefined();
  });
});

describe("a notification below the message of another", () => {
  const replyBelow = () => world.slack.thread(world.slack.messages(channel)[0]!).map(({ text }) => text);

  it("is a reply, edited in place, and nothing in the channel itself", async () => {
    await world.publish(channel, { id: "e1", text: "first" });
    await world.publish(channel, { id: "r1", text: "one", below: "e1" });
    await world.drain(channel);
    expect([top(), replyBelow()]).toEqual([["first"], ["reply one"]]);
    await world.publish(channel, { id: "r1", text: "changed", below: "e1" });
    await world.drain(channel);
    expect([top(), replyBelow()]).toEqual([["first"], ["reply changed"]]);
  });

  it("is there once where the answer to its post was lost", async () => {
    await world.publish(channel, { id: "e1", text: "first" });
    await world.drain(channel);
    world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await world.publish(channel, { id: "r1", text: "one", below: "e1" });
    await world.drain(channel);
    expect([top(), replyBelow()]).toEqual([["first"], ["reply one"]]);
  });

  it("is a message of its own where that one is not in the channel, or takes no replies", async () => {
    // Posted before the next: two of the same millisecond have no order.
    await world.publish(channel, { id: "r0", text: "zero", below: "never" });
    await world.drain(channel);
    await world.publish(channel, { id: "e1", text: "first" });
    await world.drain(channel);
    expect(top()).toEqual(["reply zero", "first"]);
    const error = "restricted_action_non_threadable_channel";
    world.slack.faults.add({ kind: "error", method: "chat.postMessage", error, times: 1 });
    await world.publish(channel, { id: "r1", text: "one", below: "e1" });
    await world.drain(channel);
    expect(top()).toEqual(["reply zero", "first", "reply one"]);
    expect(await waiting()).toBeUndefined();
  });

  it("is a message of its own where that one was deleted meanwhile", async () => {
    await world.publish(channel, { id: "e1", text: "first" });
    await world.drain(channel);
    await deleteFirst();
    await world.publish(channel, { id: "r1", text: "one", below: "e1" });
    await world.drain(channel);
    expect(top()).toEqual(["reply one"]);
  });
});

describe("a post whose answer was lost", () => {
  it("is found where history leaves metadata out", async () => {
    world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await world.publish(channel, { id: "e1", text: "once" });
    await world.drain(channel, 1);
    for (const message of world.slack.messages(channel)) message.metadata = undefined;
    await world.drain(channel);
    expect(texts()).toEqual(["once"]);
  });

  it("is found where Slack gives one short page of history at a time", async () => {
    await world.stop();
    world = await startDelivery(redis, { historyPage: 15 });
    world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await world.publish(channel, { id: "e1", text: "once" });
    await world.drain(channel, 1);
    for (let index = 0; index < 40; index++)
      world.slack.say({ user: "U0OLIVIA001", channel, text: `${index}` });
    const limit = { kind: "ratelimited", method: "conversations.history", retryAfter: 60 } as const;
    world.slack.faults.add({ ...limit, every: 2 });
    await world.drain(channel);
    expect(texts().filter((text) => text === "once")).toHaveLength(1);
    expect(await waiting()).toBeUndefined();
  });

  it("is reported where the history can't be read, until it can", async () => {
    const unread = { kind: "error", method: "conversations.history", error: "missing_scope" } as const;
    for (const times of [1, 0]) {
      world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
      if (times > 0) world.slack.faults.add({ ...unread, times });
      await world.publish(channel, { id: `e${times}`, text: "once" });
      await world.drain(channel);
      expect(world.reported.get(`unverified:${channel}`)).toBe("unverified");
      expect(world.resolved.includes(`unverified:${channel}`)).toBe(times === 0);
    }
  });

  it("below a message that is gone by then is no trouble for anybody", async () => {
    await world.publish(channel, { id: "e1", text: "open" });
    await world.drain(channel);
    await world.publish(channel, { id: "e1", text: "closed" });
    world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await world.drain(channel, 2);
    await deleteFirst();
    await world.drain(channel);
    expect(world.reported.size).toBe(0);
    expect(await waiting()).toBeUndefined();
  });
});

describe("blocks that Slack refuses", () => {
  const rows = { id: "e1", text: "with a table", rows: 2 };
  it("are remembered where the workspace does not know them", async () => {
    await world.stop();
    world = await startDelivery(redis, { refuseNewBlocks: true });
    await world.publish(channel, rows);
    await world.drain(channel);
    expect(JSON.stringify(world.slack.messages(channel)[0]?.blocks)).toContain("row-1-");
    expect(await world.store.once.peek("slack:refused-blocks", z.array(z.string()))).toEqual(["data_table"]);
  });

  for (const error of ["invalid_blocks", "invalid_arguments", "msg_too_long"])
    it(`go as text, and as their words alone, so that the channel goes on: ${error}`, async () => {
      world.slack.faults.add({ kind: "error", method: "chat.postMessage", error, times: 2 });
      await world.publish(channel, rows);
      await world.publish(channel, { id: "e2", text: "next" });
      await world.drain(channel);
      expect(top()[1]).toBe("next");
      for (const word of ["with a table", "row-0-", "row-1-"]) expect(top()[0]).toContain(word);
      expect(world.slack.messages(channel)[0]?.blocks).toBeUndefined();
    });

  const shown = (word: string) =>
    world.slack.messages(channel).filter((message) => JSON.stringify(message).includes(word)).length;

  it("are cut smaller where Slack counts otherwise, each line once", async () => {
    const error = "msg_blocks_too_long";
    world.slack.faults.add({ kind: "error", method: "chat.postMessage", error, times: 1 });
    await world.publish(channel, { id: "e1", text: "long", lines: 40 });
    await world.drain(channel);
    expect(world.slack.messages(channel).every(({ blocks }) => blocks && blocks.length > 0)).toBe(true);
    for (let line = 0; line < 40; line++) expect(shown(`line-${line}-`)).toBe(1);
  });

  it("take nothing along that is below their message: its other parts and its file are there, once", async () => {
    const reason = { error: "invalid_blocks", times: 1 };
    world.slack.faults.add({ kind: "error", method: "chat.postMessage", ...reason });
    await world.publish(channel, { id: "e1", text: "long", rows: 150, lines: 50 });
    await world.drain(channel);
    for (let line = 0; line < 50; line++) expect(shown(`line-${line}-`)).toBe(1);
    const [file, ...more] = world.slack.files;
    expect(more).toEqual([]);
    expect(file).toMatchObject({ completed: true, channels: [channel] });
    expect(file?.content.toString()).toContain("row-149-");
  });

  it("below a message go as words alone", async () => {
    await world.publish(channel, { id: "e1", text: "long", lines: 45, rows: 3 });
    world.slack.faults.add({
      kind: "error",
      method: "chat.postMessage",
      error: "invalid_blocks",
      every: 2,
      times: 1,
    });
    await world.drain(channel);
    for (let line = 0; line < 45; line++) expect(shown(`line-${line}-`)).toBe(1);
    for (let row = 0; row < 3; row++) expect(shown(`row-${row}-`)).toBe(1);
  });
});
