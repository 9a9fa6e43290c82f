import { describe, expect, it, onTestFinished } from "vitest";
import { startSlack } from "../../playground/slack/server.ts";
import type { SlackStandIn } from "../../playground/slack/stand-in.ts";
import { exampleWorkspace } from "../../playground/slack/workspace.ts";
import type { ChannelSubscription, Mute } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import type { SlackPosting } from "../../src/slack/delivery/posting.ts";
import { learnFrom } from "../../src/slack/delivery/renumbered.ts";
import { openStore } from "../../src/store/store.ts";
import { type Delivery, deliveryTo } from "../deliveries.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const [old, latest, other] = ["G0PRIVATE01", "C0SHARED001", "C0SECURITY1"] as const;
const now = "2026-11-28T12:00:00.000Z";
const later = "2026-11-28T13:00:00.000Z";
const open = (file: ChannelSubscription[] = []) => openStore(redis.connect(), redis.prefix(), file);
const subscription = (channel: string, about: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  ...{ channel, topic: "alerts", scopes: [], origin: "command", by: "U1", at: now },
  ...about,
});
const mute = (id: string): Mute => ({ id, channel: old, scopes: [], from: now, until: later, by: "U1" });

describe("what is stored under an earlier id", () => {
  it("is read as that of the latest one: subscriptions, those of the file, and mutes", async () => {
    const store = open([subscription(old, { topic: "rescan", origin: "file" })]);
    await store.subscriptions.put(subscription(old));
    await store.mutes.put(mute("m1"));
    expect(await store.channels.learn(old, latest, now)).toBe(true);
    expect((await store.subscriptions.list()).map(({ channel, topic }) => [channel, topic])).toEqual([
      [latest, "rescan"],
      [latest, "alerts"],
    ]);
    expect((await store.mutes.list(now, latest)).map(({ id }) => id)).toEqual(["m1"]);
    expect((await store.mutes.end(latest, { person: "U1", at: now }, "m1")).length).toBe(1);
    expect(await store.mutes.list(now)).toEqual([]);
  });

  it("gives way to a newer subscription of the same topic, and goes with it", async () => {
    const store = open();
    await store.subscriptions.put(subscription(old, { severity: "low" }));
    await store.subscriptions.put(subscription(latest, { severity: "high", at: later }));
    await store.channels.learn(old, latest, now);
    expect((await store.subscriptions.list()).map(({ severity }) => severity)).toEqual(["high"]);
    expect((await store.subscriptions.remove(latest, "alerts")).length).toBe(1);
    expect(await store.subscriptions.list()).toEqual([]);
  });
});

describe("the changes of ids", () => {
  it("are followed one after the other, and may come back", async () => {
    const { channels } = open();
    await channels.learn("G1", "C1", now);
    await channels.learn("C1", "C2", now);
    expect((await channels.latest())("G1")).toBe("C2");
    expect(await channels.learn("G1", "C1", now)).toBe(false);
    expect(await channels.learn("C2", "G1", now)).toBe(true);
    const latestOf = await channels.latest();
    expect(["G1", "C1", "C2", "C9"].map(latestOf)).toEqual(["G1", "G1", "G1", "C9"]);
  });

  it("are of channels alone", async () => {
    const { channels } = open();
    for (const [a, b] of [
      ["D1", "C1"],
      ["C1", "D1"],
      ["C1", "C1"],
      ["C1", "c1|x"],
      ["undefined", "C1"],
    ] as const)
      expect(await channels.learn(a, b, now)).toBe(false);
  });
});

describe("another channel in the answer to a post", () => {
  const refused = new UpstreamError("conversations.info: channel_not_found", {
    ...{ system: "slack", code: "channel_not_found", retryable: false },
  });
  it.each<[string, () => Promise<string>, string]>([
    ["is the latest id where Slack says so when asked", () => Promise.resolve(latest), latest],
    ["is the latest id where Slack knows the earlier one no more", () => Promise.reject(refused), latest],
    ["is not learned where Slack says that the id hasn't changed", () => Promise.resolve(old), old],
  ])("%s", async (_, idOf, expected) => {
    const { channels } = open();
    const posting = { idOf } as unknown as SlackPosting;
    await learnFrom(old, latest, { channels, posting, clock: { now: () => now }, log: quiet });
    expect((await channels.latest())(old)).toBe(expected);
  });
});

type Started = { slack: SlackStandIn; delivery: Delivery; prefix: string; connection: RedisConnection };

async function start(): Promise<Started> {
  const { channels, ...others } = exampleWorkspace;
  const workspace = { ...others, channels: [...channels, { id: old, name: "secrets", is_private: true }] };
  const slack = await startSlack({ workspace, pacing: 0 });
  onTestFinished(() => slack.close());
  const [connection, prefix] = [redis.connect(), redis.prefix()];
  return { slack, delivery: deliveryTo(slack, connection, prefix), prefix, connection };
}

const textsIn = (slack: SlackStandIn) => slack.messages(latest).map(({ text }) => text);
const times = (slack: SlackStandIn, word: string) =>
  slack.messages(latest).filter(({ text, thread_ts }) => text === word && !thread_ts).length;
const alert = (id: string, text = id) => ({ id, text });
/** As `sweep-outbox` does. */
async function drainAll({ store, drain }: Delivery): Promise<void> {
  for (let round = 0; round < 5; round++)
    for (const channel of await store.outbox.busy()) await drain(channel);
}
async function keysLeft({ connection, prefix }: Started): Promise<string[]> {
  return connection.keys(`${prefix}:outbox:${old}:*`);
}

describe("a channel whose id changes", () => {
  it("is learned of by the answer to a post, and all that it has goes on under the latest id", async () => {
    const started = await start();
    const { slack, delivery } = started;
    await delivery.publish(old, alert("before"));
    await delivery.drain(old);
    const [posted] = slack.messages(old);
    await slack.convert(old, latest);
    await delivery.publish(old, alert("during"));
    await delivery.publish(latest, alert("during"));
    await delivery.drain(old);
    await drainAll(delivery);
    expect((await delivery.store.channels.latest())(old)).toBe(latest);
    expect(textsIn(slack)).toEqual(["before", "during"]);
    await delivery.publish(latest, alert("before", "before, resolved"));
    await drainAll(delivery);
    expect(slack.callsOf("chat.update").at(-1)?.args).toMatchObject({ channel: latest, ts: posted!.ts });
    expect(slack.messages(latest)[0]!.text).toBe("before, resolved");
    expect(await keysLeft(started)).toEqual([]);
    expect(await delivery.store.outbox.channels()).toEqual([latest]);
  });

  it("gets what was recorded under its earlier id at the last moment, an update of what it has included", async () => {
    const started = await start();
    const { slack, delivery } = started;
    await delivery.publish(old, alert("a"));
    await delivery.drain(old);
    await slack.convert(old, latest);
    await delivery.store.channels.learn(old, latest, now);
    await drainAll(delivery);
    await delivery.publish(old, alert("a", "changed"));
    await delivery.publish(old, alert("b"));
    await drainAll(delivery);
    expect(textsIn(slack)).toEqual(["changed", "b"]);
    expect(await keysLeft(started)).toEqual([]);
  });

  it("is not posted to while another process delivers under its earlier id", async () => {
    const { slack, delivery } = await start();
    const { store } = delivery;
    await delivery.publish(old, alert("a"));
    await slack.convert(old, latest);
    await store.channels.learn(old, latest, now);
    const lease = await store.leases.acquire(`deliver:${old}`, 60);
    await delivery.publish(latest, alert("a"));
    expect(await delivery.drain(latest, 3)).toEqual([1, 1, 1]);
    expect(textsIn(slack)).toEqual([]);
    await lease!.release();
    await delivery.drain(latest);
    expect(textsIn(slack)).toEqual(["a"]);
  });

  it("forgets a pause of the earlier id, and says that it's over", async () => {
    const { slack, delivery } = await start();
    slack.faults.add({ kind: "error", error: "channel_not_found", method: "chat.postMessage", times: 1 });
    await delivery.publish(old, alert("a"));
    await delivery.drain(old, 1);
    expect(delivery.reported.get(`channel:${old}`)).toBe("channel");
    await slack.convert(old, latest);
    await delivery.store.channels.learn(old, latest, now);
    await drainAll(delivery);
    expect(textsIn(slack)).toEqual(["a"]);
    expect(delivery.resolved).toContain(`channel:${old}`);
  });

  it("settles two calls that were under way, under each id, one after the other", async () => {
    const started = await start();
    const { slack, delivery, connection } = started;
    await slack.convert(old, latest);
    for (const [channel, id] of [
      [old, "a"],
      [latest, "b"],
    ] as const) {
      await delivery.publish(channel, alert(id));
      slack.faults.add({ kind: "lostAnswer", method: "chat.postMessage", channel, times: 1 });
      await delivery.drain(channel, 1);
    }
    expect((await connection.keys(`${started.prefix}:outbox:*:intent`)).length).toBe(2);
    await delivery.store.channels.learn(old, latest, now);
    expect(await delivery.store.channels.join(old, latest)).toBe(false);
    await drainAll(delivery);
    expect(textsIn(slack).sort()).toEqual(["a", "b"]);
    expect(await keysLeft(started)).toEqual([]);
  });

  it("leaves the other channels alone", async () => {
    const { slack, delivery } = await start();
    await delivery.publish(other, alert("x"));
    await slack.convert(old, latest);
    await delivery.store.channels.learn(old, latest, now);
    await drainAll(delivery);
    expect(slack.messages(other).map(({ text }) => text)).toEqual(["x"]);
    expect(textsIn(slack)).toEqual([]);
  });
});

/** The connection of a process that ends after so many calls: whatever it sends afterwards does not arrive. */
function dyingAfter(calls: number): { connection: RedisConnection; died(): boolean } {
  const connection = redis.connect();
  const send = connection.sendCommand.bind(connection);
  // The commands of a pipeline share a stream: they arrive together, or not at all.
  const sent = new Set<object>();
  connection.sendCommand = (command: Parameters<typeof send>[0], stream: Parameters<typeof send>[1]) => {
    const call = stream ?? command;
    if (sent.has(call) || sent.size < calls) {
      sent.add(call);
      return send(command, stream);
    }
    died = true;
    command.reject(new Error("the process has ended"));
    return command.promise;
  };
  let died = false;
  return { connection, died: () => died };
}

describe("a process that ends at any command to Redis", () => {
  it("while the id of a channel changes loses nothing and posts nothing twice", async () => {
    for (let calls = 1; ; calls += 2) {
      const { slack, delivery, prefix, connection } = await start();
      await delivery.publish(old, alert("before"));
      await delivery.drain(old);
      await slack.convert(old, latest);
      await delivery.publish(old, alert("before", "edited"));
      for (const channel of [old, latest]) await delivery.publish(channel, alert("during"));
      await delivery.publish(latest, alert("after"));
      const dying = dyingAfter(calls);
      const first = deliveryTo(slack, dying.connection, prefix);
      for (const channel of [old, latest]) await first.drain(channel).catch(() => undefined);
      // Leases end by themselves some seconds after their process.
      const leases = await connection.keys(`${prefix}:lease:*`);
      if (leases.length > 0) await connection.del(leases);
      for (const channel of [old, latest]) await delivery.drain(channel);
      await drainAll(delivery);
      for (const word of ["edited", "during", "after"])
        expect([calls, word, times(slack, word)]).toEqual([calls, word, 1]);
      expect((await delivery.store.channels.latest())(old)).toBe(latest);
      if (!dying.died()) break;
    }
  }, 360_000);
});
