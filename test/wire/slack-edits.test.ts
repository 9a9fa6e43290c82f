import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Delivery, startDelivery } from "../deliveries.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const channel = "C0SECURITY1";
let world: Delivery;
beforeEach(async () => {
  world = await startDelivery(redis);
  await publish("e1", "first");
  await publish("e2", "second");
});
afterEach(() => world.stop());

/** Publishes and posts an alert that repeats the first one. */
async function publish(id: string, text: string) {
  await world.publish(channel, { id, text, again: "same" });
  await world.drain(channel);
}
const texts = () => world.slack.messages(channel).map(({ text }) => text);
const reply = () => world.slack.messages(channel).find(({ text }) => text.startsWith("also"))!;
const editsOf = (ts: string) =>
  world.slack.callsOf("chat.update").filter(({ args }) => JSON.stringify(args).includes(ts));

describe("the reply of an event that joined a message", () => {
  it("is edited in place when its event changes, before a note says so", async () => {
    const { ts } = reply();
    await publish("e2", "closed");
    expect(texts()).toEqual(["first, 2 times", "also closed", "second became closed"]);
    expect(reply().ts).toBe(ts);
  });

  it("is not edited where it would read the same", async () => {
    await publish("e1", "closed");
    await publish("e2", "second");
    expect(editsOf(reply().ts)).toEqual([]);
  });

  it("is edited again, harmlessly, by a process that follows one killed between the edit and its record", async () => {
    const { outbox } = world.store;
    const { shown } = outbox;
    outbox.shown = () => Promise.reject(new Error("killed"));
    await expect(publish("e2", "closed")).rejects.toThrow("killed");
    expect(editsOf(reply().ts)).toHaveLength(1);
    outbox.shown = shown;
    await world.drain(channel);
    expect(editsOf(reply().ts)).toHaveLength(2);
    expect(texts()).toEqual(["first, 2 times", "also closed", "second became closed"]);
  });

  it("is edited where the answer to its post was lost", async () => {
    world.slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", times: 1 });
    await publish("e3", "third");
    await publish("e3", "done");
    expect(texts()).toEqual(["first, 3 times", "also second", "also done", "third became done"]);
  });

  it("goes as words alone where Slack stumbles over it again and again, and holds up no other", async () => {
    const stumbles = { kind: "error", method: "chat.update", error: "internal_error" } as const;
    world.slack.faults.add({ ...stumbles, times: 4 });
    await publish("e2", "closed");
    expect(reply().blocks).toBeDefined();
    world.slack.faults.add({ ...stumbles, times: 5 });
    await publish("e2", "reopened");
    expect([reply().text, reply().blocks ?? []]).toEqual(["also reopened", []]);
    await publish("e3", "third");
    await publish("e3", "done");
    expect(texts()).toEqual(expect.arrayContaining(["also reopened", "also done", "third became done"]));
  });

  it("keeps nothing waiting where it was deleted, or may no longer be edited", async () => {
    world.slack.faults.add({ kind: "error", method: "chat.update", error: "edit_window_closed" });
    await publish("e2", "closed");
    world.slack.faults.clear();
    world.slack.faults.add({ kind: "error", method: "chat.update", error: "message_not_found" });
    await publish("e2", "reopened");
    world.slack.faults.clear();
    expect(texts().slice(1)).toEqual(["also second", "second became closed", "closed became reopened"]);
    await publish("e2", "over");
    expect(texts()).toEqual([
      "first, 2 times",
      "also second",
      "second became closed",
      "closed became reopened",
      "reopened became over",
    ]);
  });

  it("stays as it was where an older version posted it, and the rest goes on", async () => {
    const [message] = (await world.store.outbox.placed(channel, ["e2"])).values();
    const { shown: _, ...older } = message!;
    await world.store.outbox.shown(channel, older);
    await publish("e2", "closed");
    expect(texts()).toEqual(["first, 2 times", "also second", "second became closed"]);
  });
});

describe("a message whose event changes", () => {
  const head = () => world.slack.messages(channel).find(({ text }) => text.startsWith("first"))!;

  it("is not edited where it would read the same, after its post and after an edit of it", async () => {
    const { ts } = head();
    expect(editsOf(ts)).toHaveLength(1);
    await publish("e2", "closed");
    await publish("e2", "reopened");
    expect(editsOf(ts)).toHaveLength(1);
    await publish("e1", "open");
    expect(editsOf(ts)).toHaveLength(2);
    await publish("e2", "over");
    expect(editsOf(ts)).toHaveLength(2);
    await world.publish(channel, { id: "e9", text: "alone" });
    await world.drain(channel);
    const alone = world.slack.messages(channel).find(({ text }) => text === "alone")!;
    await publish("e9", "alone");
    expect(editsOf(alone.ts)).toEqual([]);
  });

  it("is edited once where it isn't known what it reads: an older version posted it, or its answer was lost", async () => {
    const [message] = (await world.store.outbox.placed(channel, ["e2"])).values();
    const { shown: _, ...older } = message!;
    await world.store.outbox.shown(channel, older);
    await publish("e2", "closed");
    await publish("e2", "reopened");
    expect(editsOf(head().ts)).toHaveLength(2);
  });

  it("is edited once for all changes that came meanwhile", async () => {
    const { ts } = head();
    for (const id of ["e1", "e2", "e1", "e2", "e1"])
      await world.publish(channel, { id, text: `changed ${id} ${Math.random()}`, again: "same" });
    await world.drain(channel);
    expect(editsOf(ts)).toHaveLength(2);
  });
});
