import { describe, expect, it } from "vitest";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { FindingsPort } from "../../src/ports/findings.ts";
import { assertReachable } from "../../src/readings/reachable.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import {
  benchOf,
  definitions,
  denyAlerts,
  last,
  linesOf,
  now,
  people,
  refused,
  textOf,
} from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { findingsWith } from "../snapshots.ts";

const redis = redisForThisFile();
const channel = "C0CHANNEL01";
const bench = (change: Parameters<typeof benchOf>[1] = {}, file: ChannelSubscription[] = []) =>
  benchOf(openStore(redis.connect(), redis.prefix(), file), change);
const info = { id: channel, name: "security", member: true, archived: false, private: false };

describe("subscribe", () => {
  it("keeps the filters, says them, and confirms with a test message in the channel", async () => {
    const one = bench();
    const message = last(
      await one.say(
        'subscribe alerts --severity high --scope "sub:prod-east" --scope rg:rg-demo --language ja',
        {
          person: people.member,
        },
      ),
    );
    expect(message.headline).toBe("This channel now receives alerts");
    expect(textOf(message)).toMatch(/High or higher.*sub:prod-east, rg:rg-demo.*日本語/);
    expect(await one.ports.store.subscriptions.list()).toEqual([
      {
        channel,
        topic: "alerts",
        severity: "high",
        scopes: [
          { kind: "sub", pattern: "prod-east" },
          { kind: "rg", pattern: "rg-demo" },
        ],
        language: "ja",
        origin: "command",
        by: people.member,
        at: now,
      },
    ]);
    expect(one.published).toEqual([
      {
        notifier: "test-message",
        events: [{ channel, topic: "alerts", by: people.member, at: now, language: "ja" }],
      },
    ]);
  });

  it("subscribing again replaces the filters, and says what they were", async () => {
    const one = bench();
    await one.say("subscribe alerts --severity high");
    expect(textOf(last(await one.say("subscribe alerts --severity low")))).toMatch(
      /Low or higher.*Before: High or higher/s,
    );
    expect(await one.ports.store.subscriptions.list()).toHaveLength(1);
  });

  it("a guest may not; a topic that is none is suggested", async () => {
    const one = bench();
    expect(textOf(last(await one.say("subscribe alerts", { person: people.guest })))).toContain(
      "you're a guest",
    );
    expect(textOf(last(await one.say("subscribe alrets")))).toContain("Did you mean “alerts”");
    expect(await one.ports.store.subscriptions.list()).toEqual([]);
  });

  it.each([
    ["archived", async () => ({ ...info, archived: true }), "archived"],
    ["without the bot", async () => ({ ...info, member: false }), "/invite @Breakwater"],
    ["that the bot cannot see", () => Promise.reject(refused("channel_not_found")), "/invite @Breakwater"],
  ])("a channel %s is refused with what to do", async (_name, look, said) => {
    const one = bench({ chat: { channel: look } });
    expect(textOf(last(await one.say("subscribe alerts")))).toContain(said);
    expect(await one.ports.store.subscriptions.list()).toEqual([]);
  });

  it.each([
    // Slack names the scope that it would take [docs.slack.dev "conversations.info"]; the bot has no use for this one.
    ["of several people", "mpim:read", "isn't part of this conversation"],
    ["that a scope is missing for", "groups:read", "needs groups:read"],
  ])("a conversation %s is refused for what it is", async (_name, scope, said) => {
    const needs = `conversations.info: missing_scope (needs ${scope})`;
    const refusal = new UpstreamError(needs, { system: "slack", code: "missing_scope", retryable: false });
    const one = bench({ chat: { channel: () => Promise.reject(refusal) } });
    const text = textOf(last(await one.say("subscribe alerts")));
    expect(text).toContain(said);
    expect(text).not.toContain("/invite");
  });

  it("of direct conversations only the bot's own can be subscribed, without looking at it", async () => {
    const direct = async () => "D0BOTANDME1";
    const look = () => Promise.reject(refused("missing_scope"));
    const reach = (one: string) =>
      assertReachable({ channel: one, person: people.operator }, { direct, channel: look });
    await reach("D0BOTANDME1");
    await expect(reach("D0YOUANDME1")).rejects.toThrow("isn't part of this conversation");
  });

  it("what breakwater.yaml sets is changed there, not here", async () => {
    const file: ChannelSubscription = { channel, topic: "alerts", scopes: [], origin: "file" };
    const one = bench({}, [file]);
    expect(textOf(last(await one.say("subscribe alerts --severity high")))).toContain("breakwater.yaml");
    expect(await one.ports.store.subscriptions.list()).toEqual([file]);
    expect(textOf(last(await one.say("subscriptions")))).toContain("set in breakwater.yaml");
  });

  it("a preview changes nothing and counts messages and bursts; its button subscribes like that", async () => {
    const one = bench();
    const burst = Array.from({ length: 7 }, (_, n) =>
      alertOf(`b${n}`, { type: `T${n}`, generated: "2026-11-22T10:00:30.000Z" }),
    );
    one.alerts.splice(0, 2, ...burst, alertOf("c1"), alertOf("low", { severity: "low" }));
    const asked = "subscribe alerts --severity medium --state all";
    const message = last(await one.say(`${asked} --preview`, { source: "button" }));
    expect(message.headline).toBe(
      "This would have sent 2 messages in the last 7 days (1 is a roll-up of a burst)",
    );
    expect(await one.ports.store.subscriptions.list()).toEqual([]);
    const [line] = linesOf(message);
    expect(line).toBe(asked);
  });

  it("a preview of what was read in part says so in its first line", async () => {
    const one = bench();
    denyAlerts(one);
    one.alerts.splice(0);
    expect(last(await one.say("subscribe alerts --preview")).headline).toBe(
      "This would have sent nothing in the last 7 days · 1 of 2 couldn't be read",
    );
  });

  it("a topic of which nothing is kept has no preview, and the answer says so", async () => {
    expect(textOf(last(await bench().say("subscribe drills --preview")))).toContain("there's no history");
  });

  it("a topic for which nothing is posted yet says so; others do not", async () => {
    const without = {
      ...definitions,
      notifiers: new Map([...definitions.notifiers].filter(([name]) => name === "test-message")),
    };
    const silent = "posts nothing for drills yet";
    expect(textOf(last(await bench({ ports: { definitions: without } }).say("subscribe drills")))).toContain(
      silent,
    );
    expect(textOf(last(await bench().say("subscribe drills")))).not.toContain("posts nothing");
  });
});

describe("subscribe rescan", () => {
  const days = ["2026-11-10", "2026-11-21", "2026-11-22"].map((day, index) => ({
    slot: `${day}T08:00:00.000Z`,
    open: { high: 100 + index },
    fixed: index,
    added: 5,
  }));
  const storeWith = (findings: FindingsPort) => ({
    ...openStore(redis.connect(), redis.prefix(), []),
    findings,
  });
  const scanned = () => bench({ ports: { store: storeWith(findingsWith(undefined, { days })) } });

  it("--state all goes with alerts only, is kept, and said", async () => {
    const one = bench();
    const refusal = textOf(last(await one.say("subscribe rescan --state all")));
    expect(refusal).toMatch(/--state works only with alerts, not with rescan.*subscribe alerts --state all/s);
    expect(textOf(last(await one.say("subscribe alerts --state all")))).toContain("all states");
    expect(await one.ports.store.subscriptions.list()).toMatchObject([{ topic: "alerts", state: "all" }]);
  });

  it("--severity is refused of topics that have none, which say nothing of it", async () => {
    const one = bench();
    expect(textOf(last(await one.say("subscribe compliance --severity high")))).toMatch(
      /--severity works only with alerts, rescan, recommendations, not with compliance/,
    );
    expect(textOf(last(await one.say("subscribe compliance")))).not.toContain("severity");
    expect(textOf(last(await one.say("subscribe recommendations")))).toContain("every severity");
  });

  it("--immediate goes with rescan only, is kept, and said", async () => {
    const one = bench();
    const refusal = textOf(last(await one.say("subscribe alerts --immediate critical")));
    expect(refusal).toMatch(
      /--immediate works only with rescan.*, not with alerts.*subscribe rescan --immediate critical/s,
    );
    expect(await one.ports.store.subscriptions.list()).toEqual([]);
    await one.say("subscribe rescan --severity high --immediate critical");
    expect(await one.ports.store.subscriptions.list()).toMatchObject([
      { topic: "rescan", severity: "high", immediate: "critical" },
    ]);
    expect(textOf(last(await one.say("subscriptions")))).toContain(
      "new images immediately: Critical, fixable",
    );
  });

  it("the preview says what the digests of the last seven days counted, and what is unknown", async () => {
    const line = "subscribe rescan --severity high --immediate critical --preview";
    const message = last(await scanned().say(line, { source: "button" }));
    expect(message.headline).toBe(
      "This would have sent 2 digests in the last 7 days (one per schedules.rescan)",
    );
    expect(textOf(message.parts)).toMatch(
      /2026-11-22.*5 new, 2 fixed · open 102 \(102 High\).*2026-11-21.*whole scope.*aren't included/s,
    );
    expect(linesOf(message)[0]).toBe("subscribe rescan --severity high --immediate critical");
    const none = last(await bench().say("subscribe rescan --preview"));
    expect(none.headline).toContain("Preview unknown");
  });
});

describe("unsubscribe", () => {
  const confirm = async (one: ReturnType<typeof bench>, line: string) => {
    const [button] = linesOf(last(await one.say(line)));
    return textOf(last(await one.say(button!, { source: "button" })));
  };

  it("asks first, then ends one topic, or all", async () => {
    const one = bench();
    await one.say("subscribe alerts");
    await one.say("subscribe drills");
    await one.say("unsubscribe alerts");
    expect(await one.ports.store.subscriptions.list()).toHaveLength(2);
    expect(await confirm(one, "unsubscribe alerts")).toContain("no longer receives alerts");
    expect(await confirm(one, "unsubscribe")).toContain("no longer receives drills");
    expect(await one.ports.store.subscriptions.list()).toEqual([]);
    expect(await confirm(one, "unsubscribe")).toContain("nothing was changed");
  });
});

describe("mute and unmute", () => {
  it("mutes for a while; unmuting sums up in the channel what was muted", async () => {
    const one = bench();
    one.alerts.splice(1);
    expect(textOf(last(await one.say('mute "*Imds*" --scope cluster:aks-* --for 4h')))).toContain(
      "for 4 hrs: *Imds* · in cluster:aks-*",
    );
    const [mute] = await one.ports.store.mutes.list(now);
    expect(mute).toMatchObject({
      channel,
      sort: "*Imds*",
      scopes: [{ kind: "cluster", pattern: "aks-*" }],
      until: "2026-11-23T12:00:00.000Z",
    });
    const kept = new Map(["a1", "a2", "a3"].map((id) => [id, "K8S.NODE_ImdsCall"]));
    await one.ports.store.mutes.keepOut(mute!.id, kept);
    expect(textOf(last(await one.say("subscriptions")))).toContain("3 muted so far");
    expect(textOf(last(await one.say("unmute")))).toMatch(/1 mute of this channel ended.*3 muted/s);
    expect(one.published).toMatchObject([
      { notifier: "muted", events: [{ channel, id: mute!.id, by: people.operator }] },
      {
        notifier: "mute-ended",
        events: [
          {
            channel,
            until: now,
            counts: { "K8S.NODE_ImdsCall": 3 },
            by: people.operator,
            endedBy: people.operator,
          },
        ],
      },
    ]);
    expect(await one.ports.store.mutes.list(now)).toEqual([]);
    expect(textOf(last(await one.say("unmute")))).toContain("Nothing was muted");
  });

  it("asks how long where it is not said, and reads the form's answer", async () => {
    const one = bench();
    const shown = (await one.say("mute K8S.NODE_X")).at(-1);
    const { line } = (shown as { form: { line: string } }).form;
    await one.say(`${line} --for "1d"`, { source: "modal" });
    expect(await one.ports.store.mutes.list(now)).toMatchObject([
      { sort: "K8S.NODE_X", until: "2026-11-24T08:00:00.000Z" },
    ]);
  });

  it("only operators may", async () => {
    const one = bench();
    await one.say("mute --for 1h", { person: people.member });
    expect(await one.ports.store.mutes.list(now)).toEqual([]);
  });

  it("the line in the channel says who muted what, until when, with a button that ends this mute only", async () => {
    const one = bench();
    await one.say("mute K8S.NODE_X --scope cluster:aks-demo --for 4h");
    await one.say("mute K8S.NODE_Y --for 4h");
    const { events, notifier } = one.published[0]!;
    const line = one.ports.definitions.notifiers
      .get(notifier)!
      .render(events[0], { language: "en", now, posted: now });
    expect(textOf(line)).toMatch(/🔕 Muted until .*K8S\.NODE_X · in cluster:aks-demo/s);
    const [button] = linesOf(line);
    await one.say(button!, { source: "button" });
    expect(await one.ports.store.mutes.list(now)).toMatchObject([{ sort: "K8S.NODE_Y" }]);
    expect(textOf(last(await one.say(button!, { source: "button" })))).toContain("already ended");
  });

  it("alone it asks for type, scope and length, at once and without a confirmation", async () => {
    const one = bench();
    const shown = await one.say("mute");
    expect(shown.map(({ kind }) => kind)).toEqual(["loading", "form"]);
    const { form } = shown[1] as { form: { line: string; fields: { name: string; optional?: boolean }[] } };
    expect(form.fields.map(({ name, optional }) => [name, optional ?? false])).toEqual([
      ["alertType", true],
      ["scope", true],
      ["for", false],
    ]);
    await one.say(`${form.line} --alert-type "*Imds*" --scope "cluster:aks-demo" --for "1h"`, {
      source: "modal",
    });
    expect(await one.ports.store.mutes.list(now)).toMatchObject([
      { sort: "*Imds*", scopes: [{ kind: "cluster", pattern: "aks-demo" }] },
    ]);
  });

  const failing = { azure: { subscriptions: () => Promise.reject(refused("ServerTimeout")) } };
  it.each([
    ["everything", {}, "mute --for 1h", "every type of alert"],
    ["everything in a scope", {}, "mute --scope cluster:aks-* --for 1h", "every type of alert"],
    ["everything by a glob", {}, 'mute "**" --for 1h', "every type of alert"],
    ["a High alert", {}, "mute K8S.NODE_ImdsCall --for 1h", "High or higher, for example"],
    ["what could not be read", failing, "mute K8S.NODE_Unknown --for 1h", "severity is unknown"],
  ])(
    "a mute that covers %s is confirmed first, by a button that works once",
    async (_name, change, line, said) => {
      const one = bench(change);
      const asked = last(await one.say(line));
      expect(textOf(asked)).toContain(said);
      expect(await one.ports.store.mutes.list(now)).toEqual([]);
      expect(one.published).toEqual([]);
      const [button] = linesOf(asked);
      await one.say(button!, { source: "button" });
      await one.say(button!, { source: "button" });
      expect(await one.ports.store.mutes.list(now)).toHaveLength(1);
    },
  );

  it("a mute that covers lower severities only is not confirmed", async () => {
    const one = bench();
    one.alerts.splice(1);
    await one.say("mute K8S.NODE_ImdsCall --for 1h");
    expect(await one.ports.store.mutes.list(now)).toHaveLength(1);
  });
});
