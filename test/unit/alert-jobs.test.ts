import { beforeAll, describe, expect, it } from "vitest";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { ReadAlert } from "../../src/domain/alerts/alert-merge.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import { UpstreamError } from "../../src/errors.ts";
import poll from "../../src/jobs/poll-alerts.ts";
import reconcile from "../../src/jobs/reconcile-alerts.ts";
import settleMutes from "../../src/jobs/settle-mutes.ts";
import alert from "../../src/notifiers/alert/index.ts";
import baseline from "../../src/notifiers/baseline.ts";
import muteEnded from "../../src/notifiers/mute-ended.ts";
import trouble from "../../src/notifiers/trouble.ts";
import type { AlertsAsked, Subscription } from "../../src/ports/azure.ts";
import type { PlacedMessage, StoredEvent } from "../../src/ports/outbox.ts";
import { troubleTeller } from "../../src/publish/trouble.ts";
import { renderFollow } from "../../src/slack/delivery/pieces.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { publishing, waitingEvents } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
let connection: ReturnType<typeof redis.connect>;
beforeAll(() => {
  connection = redis.connect();
});

const [channel, admin] = ["C0CHANNEL01", "C0ADMIN0001"];
const notifiers = new Map(
  Object.entries({ alert, baseline, trouble, "mute-ended": muteEnded }) as [string, NotifierDefinition][],
);
const [one, two] = ["s1", "s2"].map((id): Subscription => ({ id, name: `prod-${id}`, state: "Enabled" }));
const of = (subscription: Subscription, id: string) =>
  alertOf(id, {
    resource: `/subscriptions/${subscription.id}/providers/Microsoft.Security/locations/westeurope/alerts/${id}`,
    place: { subscription },
  });
const unreadOf = ({ id, name }: Subscription): Unread => ({
  id,
  name,
  why: "failed",
  detail: "InternalError",
});
const run = { id: "j1", attempt: 1 };

/** The jobs of the feed with a real store, against an Azure that is a record. */
function bench(scope: Partial<Ports["settings"]["scope"]> = {}) {
  const prefix = redis.prefix();
  const store = openStore(connection, prefix, [{ channel, topic: "alerts", scopes: [], origin: "file" }]);
  let ticks = Date.parse("2026-11-23T08:00:00.000Z");
  const clock = {
    now() {
      ticks += 1000;
      return new Date(ticks).toISOString();
    },
  };
  const azure = {
    listed: [one!, two!],
    unlisted: [] as Unread[],
    unread: [] as Unread[],
    /** Of Resource Graph nothing, without a word; of the alerts API an error. */
    hidden: [] as Unread[],
    alerts: [] as Alert[],
    failure: undefined as UpstreamError | undefined,
  };
  const answer = <T>(value: T, unread: Unread[] = []) => ({
    value,
    asOf: clock.now(),
    subscriptions: 2,
    unread,
  });
  const publish = publishing({ notifiers, store, clock });
  const readable = () =>
    azure.alerts.filter(
      ({ place }) => ![...azure.unread, ...azure.hidden].some(({ id }) => id === place.subscription.id),
    );
  const ports = {
    ...{ store, clock, publish, log: quiet, metrics: { count() {}, gauge() {}, observe() {} } },
    trouble: troubleTeller({ store, publish, clock, admin: async () => [admin!] }),
    settings: { scope: { managementGroups: [], subscriptions: [], ...scope } },
    azure: {
      async subscriptions() {
        if (azure.failure) throw azure.failure;
        return answer(azure.listed, azure.unlisted);
      },
      async alertSums() {
        const sums = Map.groupBy(readable(), ({ place }) => place.subscription.id);
        const value = new Map(
          [...sums].map(([id, some]) => [id, { alerts: some.length, sum: `${some.length}` }]),
        );
        return answer(value, azure.unread);
      },
      async alerts(asked: AlertsAsked) {
        const known = readable();
        if (asked.from === "all")
          return answer(
            asked.alerts.map((one) => ({ ...(one as ReadAlert), api: (one as ReadAlert).alert })),
          );
        const graph = asked.from === "graph";
        const homes = Map.groupBy(known, ({ place }) => place.subscription.id);
        const rows = new Map([...homes].map(([id, some]) => [id, some.length]));
        const read = known.map((alert) => ({ alert, [graph ? "row" : "api"]: alert }));
        return { ...answer(read, graph ? azure.unread : [...azure.unread, ...azure.hidden]), rows };
      },
    },
  } as unknown as Ports;
  const said = async (where: string, notifier: string) =>
    (await waitingEvents(connection, prefix, store, where)).filter((event) => event.notifier === notifier);
  const troubles = async () =>
    (await said(admin!, "trouble")).map(
      ({ event }) => event as { what: string; name: string; ended?: string; since: string },
    );
  return { store, azure, ports, said, troubles, clock };
}

describe("the first reading of a subscription", () => {
  it("is that in which it could be read: what it had before is summed up then, and not posted", async () => {
    const { azure, ports, said } = bench();
    azure.alerts = [of(one!, "a1"), of(two!, "b1")];
    azure.unread = [unreadOf(two!)];
    await poll.run({}, ports, run);
    azure.unread = [];
    await poll.run({}, ports, run);
    expect(await said(channel!, "alert")).toEqual([]);
    expect((await said(channel!, "baseline")).map(({ event }) => event)).toMatchObject([
      { subscriptions: ["prod-s1"], alerts: 1 },
      { subscriptions: ["prod-s2"], alerts: 1 },
    ]);
    azure.alerts.push(of(two!, "b2"));
    await poll.run({}, ports, run);
    expect((await said(channel!, "alert")).map(({ key }) => key)).toEqual(["b2"]);
  });

  it("is not that in which Resource Graph left it out without a word", async () => {
    const { azure, ports, store, said } = bench();
    azure.alerts = [of(two!, "b1")];
    azure.hidden = [{ ...unreadOf(two!), why: "denied" }];
    for (let runs = 0; runs < 2; runs++) {
      await poll.run({}, ports, run);
      await reconcile.run({}, ports, run);
    }
    await poll.run({}, ports, run);
    expect((await store.alerts.reading())?.unread).toMatchObject([{ name: "prod-s2", why: "denied" }]);
    azure.hidden = [];
    await poll.run({}, ports, run);
    await reconcile.run({}, ports, run);
    expect(await said(channel!, "alert")).toEqual([]);
    expect((await said(channel!, "baseline")).at(-1)?.event).toMatchObject({
      subscriptions: ["prod-s2"],
      alerts: 1,
    });
  });

  it("that was read before goes on where it stopped when it may be read again", async () => {
    const { azure, ports, said } = bench();
    await poll.run({}, ports, run);
    await reconcile.run({}, ports, run);
    azure.alerts = [of(two!, "b1")];
    azure.hidden = [{ ...unreadOf(two!), why: "denied" }];
    await reconcile.run({}, ports, run);
    await poll.run({}, ports, run);
    azure.hidden = [];
    await poll.run({}, ports, run);
    expect((await said(channel!, "alert")).map(({ key }) => key)).toEqual(["b1"]);
  });

  it("is never that of the reconciliation, which reports a subscription that can't be read all the same", async () => {
    const { azure, ports, said, troubles } = bench();
    azure.alerts = [of(one!, "a1")];
    azure.unread = [unreadOf(two!)];
    for (let runs = 0; runs < 4; runs++) await reconcile.run({}, ports, run);
    expect(await said(channel!, "alert")).toEqual([]);
    expect(await said(channel!, "baseline")).toEqual([]);
    expect(await troubles()).toMatchObject([{ what: "subscription:s2", name: "prod-s2" }]);
    azure.unread = [];
    await reconcile.run({}, ports, run);
    expect((await troubles()).map(({ ended }) => Boolean(ended))).toEqual([false, true]);
  });
});

describe("a subscription that was read before", () => {
  it("and is no longer listed is reported by its name, once, and once more when it is back", async () => {
    const { azure, ports, troubles } = bench();
    await poll.run({}, ports, run);
    await reconcile.run({}, ports, run);
    azure.listed = [one!];
    for (let polls = 0; polls < 2; polls++) await poll.run({}, ports, run);
    expect(await troubles()).toMatchObject([{ what: "subscription-gone:s2", name: "prod-s2" }]);
    azure.listed = [one!, two!];
    await poll.run({}, ports, run);
    expect((await troubles()).map(({ ended }) => Boolean(ended))).toEqual([false, true]);
  });

  it("and is left out of the scope since is no trouble; one that was, ends without a word", async () => {
    const { azure, ports, store, troubles } = bench({ subscriptions: ["prod-s1"] });
    await store.alerts.mark(new Map(), new Map(), ["s1", "s2"]);
    azure.listed = [one!];
    for (const what of ["subscription-gone:s2", "subscription:s2"])
      await store.trouble.open(what, {
        ...{ since: "2026-11-20T08:00:00.000Z", detail: "It is no longer listed by Azure." },
        ...{ kind: "subscription", name: "s2", channels: [] },
      });
    await poll.run({}, ports, run);
    expect(await troubles()).toEqual([]);
    expect(await store.trouble.list()).toEqual([]);
  });

  it("is not gone while its management group can't be read: the group is reported", async () => {
    const { azure, ports, troubles } = bench({ managementGroups: ["platform"], subscriptions: ["prod-s1"] });
    await poll.run({}, ports, run);
    azure.listed = [one!];
    const group = { id: "platform", name: "platform", why: "denied", detail: "AuthorizationFailed" } as const;
    // Read never, and named nowhere: no news each time that the bot sees less than the whole group.
    azure.unlisted = [group, { ...group, id: "s9", name: "prod-s9" }];
    await poll.run({}, ports, run);
    expect(await troubles()).toMatchObject([{ what: "subscription-gone:platform", name: "platform" }]);
    azure.listed = [one!, two!];
    azure.unlisted = [];
    await poll.run({}, ports, run);
    expect((await troubles()).map(({ ended }) => Boolean(ended))).toEqual([false, true]);
  });
});

describe("an Azure that can't be read", () => {
  const failure = new UpstreamError("HTTP 503", { system: "azure", status: 503, retryable: true });

  it("is reported with the time of the first poll that failed", async () => {
    const { azure, ports, troubles, clock } = bench();
    azure.failure = failure;
    const before = clock.now();
    await poll.run({}, ports, run);
    const after = clock.now();
    for (let polls = 0; polls < 3; polls++) await poll.run({}, ports, run);
    const [first] = await troubles();
    expect(first!.since > before && first!.since < after).toBe(true);
  });

  it("is what it is where all subscriptions are gone at once: one report, not one for each", async () => {
    const { azure, ports, troubles } = bench();
    await poll.run({}, ports, run);
    azure.listed = [];
    for (let polls = 0; polls < 5; polls++) await poll.run({}, ports, run);
    expect(await troubles()).toMatchObject([{ what: "azure" }]);
  });

  it("is reported as back although the process that noticed it died before it noted that", async () => {
    const { azure, ports, store, troubles } = bench();
    azure.failure = failure;
    for (let polls = 0; polls < 4; polls++) await poll.run({}, ports, run);
    azure.failure = undefined;
    const { setReading } = store.alerts;
    store.alerts.setReading = () => Promise.reject(new Error("killed"));
    await expect(poll.run({}, ports, run)).rejects.toThrow("killed");
    store.alerts.setReading = setReading;
    await poll.run({}, ports, run);
    expect((await troubles()).map(({ ended }) => Boolean(ended))).toEqual([false, true]);
    expect(await store.trouble.list()).toEqual([]);
  });
});

describe("a mute that someone ended", () => {
  it("is summed up by the job where the process died before, and says who it was", async () => {
    const { ports, store, said, clock } = bench();
    const mute = {
      id: "m1",
      channel: channel!,
      scopes: [{ kind: "cluster", pattern: "aks-*" } as const],
      by: "U1",
    };
    await store.mutes.put({ ...mute, from: "2026-11-23T07:00:00.000Z", until: "2026-11-23T12:00:00.000Z" });
    await store.mutes.keepOut(
      "m1",
      new Map([
        ["e1", "K8S_X"],
        ["e2", "constructor"],
      ]),
    );
    expect(await store.mutes.end(channel!, { person: "U2", at: clock.now() })).toMatchObject([{ id: "m1" }]);
    await settleMutes.run({}, ports, run);
    const event = (await said(channel!, "mute-ended"))[0]?.event;
    expect(event).toMatchObject({ by: "U1", endedBy: "U2", counts: { K8S_X: 1, constructor: 1 } });
    const text = JSON.stringify(muteEnded.render(event as never, { language: "en", now: "", posted: "" }));
    expect(text).toContain("everything · in cluster:aks-*");
    expect(await store.mutes.ended("2027-01-01T00:00:00.000Z")).toEqual([]);
  });
});

describe("the reply of an alert that came again", () => {
  it("says when it was posted itself, not when the message above it was", () => {
    const now = "2026-11-23T08:30:00.000Z";
    const event = { v: 1, id: "a2", notifier: "alert", event: { alert: alertOf("a2") } };
    const reply = renderFollow(
      { kind: "joined", message: "m", id: "a2", at: now },
      {
        message: { notifier: "alert", language: "en", posted: "2026-11-23T08:00:00.000Z" } as PlacedMessage,
        events: new Map([["a2", event as StoredEvent]]),
        notifiers,
        now,
      },
    );
    const said = JSON.stringify(reply);
    expect(said).toContain(`"time":"${now}"`);
    expect(said).not.toContain("08:00:00");
  });
});

describe("a problem of a channel", () => {
  const about = { since: "2026-11-23T08:00:00.000Z", detail: "not_in_channel", what: "channel:C0CHANNEL01" };
  const context = { language: "en", now: "", posted: "" } as const;

  it("names it by Slack's own link, and by its id for those to whom Slack doesn't name it", () => {
    const { headline, parts } = trouble.render({ ...about, kind: "channel", name: channel! }, context);
    expect(headline).toContainEqual({ channel });
    expect(JSON.stringify(parts)).toContain(`not_in_channel (${channel})`);
  });

  it("is listed with the others where many are reported at once", () => {
    const events = [channel!, "C0CHANNEL02"].map((name) => ({ ...about, kind: "channel" as const, name }));
    const ended = { ...events[0]!, ended: "2026-11-23T09:00:00.000Z" };
    const { headline, parts } = trouble.bundle!.render([...events, ended], { ...context, burst: true });
    expect(headline).toBe("2 new problems, 1 resolved");
    expect(parts).toContainEqual({ list: [expect.anything(), expect.anything(), expect.anything()] });
  });

  it("differs from a subscription whose name looks like a channel's id", () => {
    const { headline } = trouble.render({ ...about, kind: "subscription", name: "CONTOSO01" }, context);
    expect(JSON.stringify(headline)).not.toContain("channel");
  });
});
