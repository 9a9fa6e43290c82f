import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import {
  type Alert,
  addSubscription,
  changeAlert,
  emptyEstate,
  estateOf,
  newAlert,
  type Subscription,
} from "../../playground/estate/estate.ts";
import { type Changes, readChanges, takeInChanges } from "../../src/alerts/changes.ts";
import { openStore } from "../../src/store/store.ts";
import { alertAt, rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo, refill, scriptedAzure } from "../azure-stand-in.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const now = new Date("2026-11-20T00:00:00Z");
const graph = "POST /providers/Microsoft.ResourceGraph/resources";

/** An answer of Resource Graph [QueryResponse, resultFormat `table`]. */
const tableOf = (rows: Record<string, unknown>[]) => ({
  totalRecords: rows.length,
  count: rows.length,
  resultTruncated: "false",
  data: {
    columns: Object.keys(rows[0]!).map((name) => ({ name, type: "string" })),
    rows: rows.map((one) => Object.values(one)),
  },
});

describe("the reader of alerts", () => {
  let azure: AzureStandIn;
  let home: Subscription;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    azure.faults.clear();
    refill(
      azure.estate,
      estateOf({ subscriptions: 3, clusters: 3, alerts: 30, recommendations: false }, now),
    );
    home = azure.estate.subscriptions[0]!;
  });
  afterAll(() => azure.stop());
  const port = () => portTo(azure.resourceManagerUrl).azure;
  /** What was asked meanwhile, ids left out. */
  async function asked(work: () => Promise<unknown>): Promise<string[]> {
    const from = azure.requests.length;
    await work();
    return azure.requests
      .slice(from)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((one) => one !== "GET /subscriptions");
  }
  const inHome = (alert: Alert) => alert.id.includes(home.subscriptionId);

  it("answers one alert with what the alerts API, its row and its resource say", async () => {
    const { id } = azure.estate.alerts.find(inHome)!;
    const cluster = azure.estate.clusters.find((one) => one.id.includes(home.subscriptionId))!;
    cluster.tags = { environment: "production", team: "payments", empty: "" };
    const reader = port();
    const requests = await asked(async () => {
      const [read] = (await reader.alerts({ from: "all", alerts: [id] })).value;
      expect(read).toMatchObject({ api: { whole: true }, row: { whole: false } });
      expect(read?.alert).toMatchObject({
        ...{ whole: true, region: cluster.location },
        tags: [
          ["environment", "production"],
          ["team", "payments"],
          ["empty", ""],
        ],
      });
    });
    expect(requests).toHaveLength(3);
    expect(requests.filter((one) => one === graph)).toHaveLength(2);
  });

  it("asks for a few alerts one by one, and for the list of a subscription where many are wanted", async () => {
    const reader = port();
    const { value: rows } = await reader.alerts({ from: "graph" });
    const mine = rows.filter(({ alert }) => alert.resource.includes(home.subscriptionId));
    expect(mine.length).toBeGreaterThan(5);
    const complete = (some: typeof rows) =>
      asked(async () => {
        const { value } = await reader.alerts({ from: "all", alerts: some });
        expect(value).toHaveLength(some.length);
        expect(value.every(({ api, row, alert }) => api && row && alert.whole)).toBe(true);
      });
    // One request besides is for their resources.
    expect(await complete(mine.slice(0, 5))).toHaveLength(6);
    expect(await complete(mine)).toEqual([expect.stringMatching(/Microsoft\.Security\/alerts$/), graph]);
  });

  it("answers without the details where only they cannot be read, and without the rest where only that cannot", async () => {
    const reader = port();
    const { value: rows } = await reader.alerts({ from: "graph" });
    azure.faults.add({ kind: "status", status: 403, match: { path: /\/alerts\/[^/]+$/ } });
    const [read] = (await reader.alerts({ from: "all", alerts: rows.slice(0, 1) })).value;
    expect(read).toMatchObject({ alert: { whole: false } });
    expect(read?.api).toBeUndefined();
    const { resource } = rows[0]!.alert;
    azure.faults.add({ kind: "status", status: 403, match: { path: /ResourceGraph/ } });
    await expect(reader.alerts({ from: "all", alerts: [resource] })).rejects.toMatchObject({ status: 403 });
    azure.faults.clear();
    azure.faults.add({ kind: "status", status: 403, match: { path: /ResourceGraph/ } });
    expect(await alertAt(reader, resource)).toMatchObject({ whole: true });
  });

  it("names a subscription whose alerts API refuses, and answers for the others", async () => {
    const reader = port();
    const { value: subscriptions } = await reader.subscriptions();
    azure.faults.add({ kind: "status", status: 403, match: { subscription: home.subscriptionId } });
    const read = await reader.alerts({ from: "api", subscriptions });
    expect(read.value).toHaveLength(azure.estate.alerts.filter((one) => !inHome(one)).length);
    expect(read.unread).toMatchObject([{ name: home.displayName, why: "denied" }]);
  });

  it("never puts a value into a query that could end its literal", async () => {
    const reader = port();
    const { value: rows } = await reader.alerts({ from: "graph" });
    const row = rows[0]!;
    const resource = row.alert.resource.replace(/[^/]+$/, "x') or name contains ('");
    const hostile = { row: undefined, api: row.alert, alert: { ...row.alert, resource, affected: resource } };
    const requests = await asked(() =>
      reader.alerts({ from: "all", alerts: [{ ...hostile, api: hostile.alert }] }),
    );
    expect(requests).toEqual([]);
  });

  describe("of what changed since the last poll", () => {
    const store = () => openStore(redis.connect(), redis.prefix(), []);
    /** `caused`: ends of the ids of alerts that a simulation caused. */
    function pollOf({ url = azure.resourceManagerUrl, caused = [] as readonly string[] } = {}) {
      const { azure: reader, clock } = portTo(url);
      const kept = store();
      const events: string[] = [];
      const ports = {
        azure: reader,
        store: kept,
        clock,
        simulated: async (alerts: readonly { id: string }[]) =>
          new Map(
            alerts
              .filter(({ id }) => caused.some((one) => id.endsWith(one)))
              .map(({ id }) => [id, { run: "r-1", scenario: "web-shell" }]),
          ),
        publish: async (notifier: string, some: readonly unknown[]) => {
          events.push(...some.map((event) => JSON.stringify([notifier, event])));
          return { recorded: 0, updated: 0, muted: 0 };
        },
      };
      const poll = async () => {
        events.length = 0;
        let changes: Changes | undefined;
        const requests = await asked(async () => {
          changes = await readChanges(ports);
          await takeInChanges(changes, ports);
        });
        clock.at += 60_000;
        return { requests, rows: changes!.rows.length, alerts: changes!.alerts, events: [...events] };
      };
      return { poll, store: kept, reader, clock };
    }

    it("is one request where nothing did, however many alerts there are", async () => {
      refill(
        azure.estate,
        estateOf({ subscriptions: 3, clusters: 3, alerts: 2300, recommendations: false }, now),
      );
      const { poll } = pollOf();
      expect(await poll()).toMatchObject({ rows: 2300, alerts: 2300 });
      for (const _ of [1, 2])
        expect(await poll()).toEqual({ requests: [graph], rows: 0, alerts: 2300, events: [] });
    });

    it("is only the subscription in which something did: a state, a new alert, one that arrives late", async () => {
      const { poll } = pollOf();
      await poll();
      const alert = azure.estate.alerts.find(inHome)!;
      const mine = azure.estate.alerts.filter(inHome).length;
      changeAlert(azure.estate, alert, { status: "Resolved" });
      expect(await poll()).toMatchObject({
        rows: mine,
        alerts: 30,
        events: [expect.stringContaining('"resolved"')],
      });
      expect(await poll()).toMatchObject({ rows: 0 });
      const old = new Date(now.getTime() - 86_400_000);
      const cluster = azure.estate.clusters.find(({ id }) => id.includes(home.subscriptionId))!;
      newAlert(azure.estate, { at: old, cluster, properties: { compromisedEntity: "late" } });
      expect(await poll()).toMatchObject({
        rows: mine + 1,
        alerts: 31,
        events: [expect.stringContaining('"late"')],
      });
      expect(await poll()).toMatchObject({ rows: 0, events: [] });
    });

    it("misses nothing that happened while no poll ran", async () => {
      const { poll } = pollOf();
      await poll();
      for (let index = 0; index < 40; index++)
        newAlert(azure.estate, {
          at: now,
          number: 500 + index,
          properties: { compromisedEntity: `away-${index}-` },
        });
      const { events } = await poll();
      for (let index = 0; index < 40; index++)
        expect(events.filter((event) => event.includes(`away-${index}-`))).toHaveLength(1);
      // With their details, so that the first reading of the alerts API finds nothing else.
      expect(events.every((event) => event.includes('"whole":true'))).toBe(true);
    });

    it("reads again what a button changed, until Azure's row says the same", async () => {
      const { poll, store, reader } = pollOf();
      await poll();
      const { value } = await rowsOf(reader);
      const alert = value.find(({ resource }) => resource.includes(home.subscriptionId))!;
      await store.alerts.press(alert.id, "resolved|x", "2026-11-20T00:00:00.000Z", home.subscriptionId);
      // Azure left it as it was: the message that says otherwise is corrected.
      expect((await poll()).events).toMatchObject([expect.stringContaining('"active"')]);
      expect((await poll()).rows).toBe(0);
    });

    it("reads a subscription that appears, and its first reading is a baseline; one that is gone needs none", async () => {
      const { poll, clock } = pollOf();
      await poll();
      clock.at += 5 * 60_000;
      const added = addSubscription(azure.estate, "added");
      newAlert(azure.estate, {
        at: now,
        cluster: {
          ...azure.estate.clusters[0]!,
          id: azure.estate.clusters[0]!.id.replace(/[0-9a-f-]{36}/, added.subscriptionId),
        },
      });
      const { rows, events } = await poll();
      expect(rows).toBe(1);
      expect(events).toMatchObject([expect.stringContaining('["baseline"')]);
      azure.estate.alerts = azure.estate.alerts.filter((one) => !inHome(one));
      azure.estate.revision++;
      expect(await poll()).toMatchObject({ rows: 0, events: [] });
    });

    it("posts what a simulation caused before the first reading of its subscription; the rest is its baseline", async () => {
      const its = azure.estate.alerts.find(inHome)!;
      const { poll } = pollOf({ caused: [its.id.split("/").at(-1)!.toLowerCase()] });
      const { events } = await poll();
      expect(events).toMatchObject([
        expect.stringMatching(/\["baseline".*"alerts":29/),
        expect.stringMatching(/\["alert".*"r-1"/),
      ]);
      expect((await poll()).events).toEqual([]);
    });

    it("is read again where the rows are older than the sum: two copies of Resource Graph answered", async () => {
      const idOf = (name: string) =>
        `/subscriptions/s/providers/Microsoft.Security/locations/westeurope/alerts/${name}`;
      let [sum, names] = ["1", ["before"]];
      const { url, stop } = await scriptedAzure((path, body) => {
        if (!path.includes("ResourceGraph"))
          return { body: { value: [{ subscriptionId: "s", displayName: "s" }] } };
        const rows = JSON.stringify(body).includes("summarize")
          ? [{ id: "s", subscriptionId: "s", alerts: Number(sum), sum }]
          : names.map((name) => ({ id: idOf(name), subscriptionId: "s", alertType: "K8S_X" }));
        return { body: tableOf(rows) };
      });
      const { poll } = pollOf({ url });
      await poll();
      sum = "2";
      expect(await poll()).toMatchObject({ rows: 1, events: [] });
      names = ["before", "after"];
      expect(await poll()).toMatchObject({ rows: 2, events: [expect.stringContaining("after")] });
      expect(await poll()).toMatchObject({ rows: 0, events: [] });
      await stop();
    });

    // A query about nothing but what may not be read is a bad request [Resource Graph docs, troubleshooting].
    it.each([
      [403, { code: "AuthorizationFailed", message: "no" }],
      [
        400,
        {
          code: "BadRequest",
          message: "see details",
          details: [{ code: "NoValidSubscriptionsInQueryRequest", message: "no" }],
        },
      ],
    ])(
      "goes on with the others where a subscription that changed may no longer be named: %i",
      async (status, error) => {
        const id = "/subscriptions/s/providers/Microsoft.Security/locations/westeurope/alerts/one";
        const row = { id, subscriptionId: "s", alertType: "K8S_X" };
        const sums = ["s", "locked"].map((id) => ({ id, subscriptionId: id, alerts: 1, sum: "7" }));
        const { url, stop } = await scriptedAzure((path, body) => {
          if (!path.includes("ResourceGraph"))
            return {
              body: { value: ["s", "locked"].map((id) => ({ subscriptionId: id, displayName: id })) },
            };
          if (JSON.stringify(body).includes("summarize")) return { body: tableOf(sums) };
          return (body as { subscriptions?: unknown }).subscriptions
            ? { status, body: { error } }
            : { body: tableOf([row]) };
        });
        const { azure: reader, clock } = portTo(url);
        expect(await readChanges({ azure: reader, store: store(), clock })).toMatchObject({
          rows: [{ alert: { type: "K8S_X" } }],
          unread: [{ id: "locked", why: "denied" }],
        });
        await stop();
      },
    );

    it("reads all rows where Azure does not take the query, or answers something else", async () => {
      const row = { id: "/subscriptions/s/x", subscriptionId: "s", alertType: "K8S_X" };
      const table = tableOf([row]);
      for (const answer of [
        { status: 400, body: { error: { code: "BadRequest", message: "no summarize" } } },
        { body: table },
      ]) {
        const { url, stop } = await scriptedAzure((path, body) => {
          if (!path.includes("ResourceGraph"))
            return { body: { value: [{ subscriptionId: "s", displayName: "s" }] } };
          return JSON.stringify(body).includes("summarize") ? answer : { body: table };
        });
        const { azure: reader, clock } = portTo(url);
        for (const _ of [1, 2]) {
          const changes = await readChanges({ azure: reader, store: store(), clock });
          expect(changes).toMatchObject({ alerts: 1, rows: [{ alert: { type: "K8S_X" } }] });
        }
        await stop();
      }
    });
  });
});
