import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import { type Exemption, exemptionName } from "../../src/domain/exemptions/exemptions.ts";
import { UpstreamError } from "../../src/errors.ts";
import job from "../../src/jobs/exemptions.ts";
import { type OpenStore, openStore } from "../../src/store/store.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";
import { definitions } from "../dispatch-parts.ts";
import { exemptionOf } from "../exemptions.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const day = 86_400_000;
const start = Date.parse("2026-11-23T08:00:00.000Z");

/** The job over a real Redis and Azure's stand-in, at times that the test sets. */
describe("what becomes of an approved suppression", () => {
  let azure: AzureStandIn;
  let store: OpenStore;
  let at = start;
  let published: { notifier: string; event: Exemption }[] = [];
  let lost: string[] = [];
  let carriedOut: Promise<unknown>[] = [];
  let ports: Ports;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: demoEstate(new Date(start)) });
  });
  afterAll(() => azure.stop());
  beforeEach(() => {
    store = openStore(redis.connect(), redis.prefix(), []);
    [at, published, lost, carriedOut] = [start, [], [], []];
    azure.estate.suppressionRules.length = 0;
    ports = {
      store,
      azure: portTo(azure.resourceManagerUrl).azure,
      readings: { outdate: async () => {} },
      queue: {
        enqueue: async (_job: string, payload: { id: string }) =>
          void carriedOut.push(job.run(payload, ports, { id: "2", attempt: 1 })),
      },
      clock: { now: () => new Date(at).toISOString() },
      log: { info() {}, warn() {}, error() {}, debug() {} },
      rights: {
        may: async (person: string) => ({ allowed: !lost.includes(person), why: { en: "no", ja: "不可" } }),
      },
      publish: async (notifier: string, [event]: Exemption[]) => {
        published.push({
          notifier,
          event: definitions.notifiers.get(notifier)!.event.parse(event) as Exemption,
        });
        return { recorded: 1, updated: 0, muted: 0 };
      },
    } as unknown as Ports;
  });
  const approved = (change: Partial<Exemption> = {}) => {
    const [{ subscriptionId: id = "", displayName: name = "" } = {}] = azure.estate.subscriptions;
    const times = { requested: new Date(start).toISOString(), approved: new Date(start).toISOString() };
    return exemptionOf({
      ...{ subscription: { id, name }, state: "approved", approver: "U0OPERATOR1", at: times },
      ...change,
    });
  };
  /** At its schedule, and what it hands on. */
  const run = async (later = 0) => {
    at = start + later;
    await job.run({}, ports, { id: "1", attempt: 1 });
    await Promise.allSettled(carriedOut);
    await Promise.all(carriedOut.splice(0));
  };
  const state = async (id = "x-1") => (await store.exemptions.get(id))?.state;
  const sent = (notifier: string) => published.filter((one) => one.notifier === notifier);

  it("is created once, announced 3 days before its end, once, and then has ended", async () => {
    await store.exemptions.add(approved());
    await run();
    expect(await state()).toBe("active");
    expect(azure.estate.suppressionRules).toHaveLength(1);
    await run(6 * day);
    expect(sent("exemption-reminder")).toEqual([]);
    await run(7.5 * day);
    await run(7.6 * day);
    expect(sent("exemption-reminder")).toHaveLength(1);
    const { render } = definitions.notifiers.get("exemption-reminder")!;
    const context = { language: "en" as const, now: "", posted: "" };
    const said = JSON.stringify(render(sent("exemption-reminder")[0]!.event, context));
    expect(said).toMatch(
      /"Extend".*suppress K8S.NODE_ImdsCall sub:.*--for 10d.*"Let it expire".*let-expire x-1/,
    );
    await run(10.1 * day);
    expect(await state()).toBe("ended");
  });

  it("is carried out by the job of its own alone, which never overlaps: written and audited once", async () => {
    await store.exemptions.add(approved());
    const called: unknown[] = [];
    ports.queue.enqueue = async (_job, payload) => void called.push(payload);
    await run();
    expect([called, azure.estate.suppressionRules]).toEqual([[{ id: "x-1" }], []]);
    expect(job.key?.({ id: "x-1" })).not.toBe(job.key?.({}));
    for (const _ of [1, 2]) await job.run({ id: "x-1" }, ports, { id: "2", attempt: 1 });
    expect(await store.audit.read(new Date(0).toISOString())).toHaveLength(1);
  });

  it("has not ended by a clock alone, while Azure can't say whether its end was moved", async () => {
    await store.exemptions.add(approved());
    await run();
    const { exemptionsOf } = ports.azure;
    ports.azure.exemptionsOf = async () => {
      throw new UpstreamError("throttled", { system: "azure", status: 429, retryable: true });
    };
    await run(11 * day);
    expect(await state()).toBe("active");
    ports.azure.exemptionsOf = exemptionsOf;
    azure.estate.suppressionRules[0]!.properties.expirationDateUtc = "2026-12-10T08:00:00Z";
    await run(11 * day + 1);
    expect((await store.exemptions.get("x-1"))?.expires).toBe("2026-12-10T08:00:00.000Z");
  });

  it("has neither ended nor is about to where someone took its end away", async () => {
    await store.exemptions.add(approved());
    await run();
    delete azure.estate.suppressionRules[0]!.properties.expirationDateUtc;
    for (const days of [8, 11]) await run(days * day);
    expect([await state(), sent("exemption-reminder")]).toEqual(["active", []]);
  });

  it("is not announced where it is as short as the reminder", async () => {
    await store.exemptions.add(approved({ expires: new Date(start + 2 * day).toISOString() }));
    await run();
    await run(day);
    expect(sent("exemption-reminder")).toEqual([]);
  });

  it("says so where someone removed or disabled it in the portal, and follows a changed end", async () => {
    await store.exemptions.add(approved());
    await run();
    const [rule] = azure.estate.suppressionRules;
    rule!.properties.expirationDateUtc = "2026-12-08T08:00:00Z";
    await run(day);
    expect((await store.exemptions.get("x-1"))?.expires).toBe("2026-12-08T08:00:00.000Z");
    rule!.properties.state = "Disabled";
    await run(2 * day);
    expect(await state()).toBe("removed");
    const { event } = sent("exemption").at(-1)!;
    const { changed } = definitions.notifiers.get("exemption")!;
    const context = { language: "en" as const, now: "", posted: "" };
    const reply = changed!({ ...event, state: "active" }, event, context);
    expect(JSON.stringify(reply)).toMatch(/removed outside Slack.*Request it again/);
  });

  it("stays as it is while Azure's list lacks what was just made, or can't be read", async () => {
    await store.exemptions.add(approved());
    await run();
    azure.estate.suppressionRules.length = 0;
    await run(60_000);
    expect(await state()).toBe("active");
    const [{ subscriptionId: id = "" } = {}] = azure.estate.subscriptions;
    const all = azure.estate.permissions[id]!;
    azure.estate.permissions[id] = [];
    await run(day);
    azure.estate.permissions[id] = all;
    expect(await state()).toBe("active");
    await run(day + 1);
    expect(await state()).toBe("removed");
  });

  it.each(["U0OPERATOR1", "U0MEMBER001"])(
    "is not created where %s lost the permission meanwhile",
    async (id) => {
      await store.exemptions.add(approved());
      lost = [id];
      await run();
      expect(await state()).toBe("failed");
      expect(azure.estate.suppressionRules).toEqual([]);
    },
  );

  it("one that Azure doesn't answer for holds up no other, and is tried again", async () => {
    const [, second] = azure.estate.subscriptions;
    const other = { id: second!.subscriptionId, name: second!.displayName };
    await store.exemptions.add(approved());
    await store.exemptions.add(approved({ id: "x-2", subscription: other }));
    const { putExemption } = ports.azure;
    ports.azure.putExemption = async (plan, comment) => {
      if (plan.subscription.id === other.id) return putExemption(plan, comment);
      throw new UpstreamError("no answer", { system: "azure", code: "ETIMEDOUT", retryable: true });
    };
    await expect(run()).rejects.toThrow("no answer");
    expect(await Promise.all([state(), state("x-2")])).toEqual(["approved", "active"]);
    ports.azure.putExemption = putExemption;
    await run(60_000);
    expect(await state()).toBe("active");
  });

  it("is audited before it happens: without the audit log, nothing does", async () => {
    await store.exemptions.add(approved());
    const { begin } = store.audit;
    store.audit.begin = async () => {
      throw new Error("full");
    };
    await expect(run()).rejects.toThrow("full");
    expect(azure.estate.suppressionRules).toEqual([]);
    store.audit.begin = begin;
    await run();
    const [entry] = await store.audit.read(new Date(0).toISOString());
    expect(entry).toMatchObject({ command: "suppress", outcome: "done", person: "U0OPERATOR1" });
  });

  it("an exemption that someone deleted is noticed, though no list has what lies below a subscription", async () => {
    const [cluster] = azure.estate.clusters;
    const resource = `${cluster!.id}/providers/Microsoft.Security/standardAssignments/${exemptionName("recommendation", "k", cluster!.id)}`;
    const [, , id = ""] = cluster!.id.split("/");
    const subscription = { id, name: "one" };
    await store.exemptions.add(approved({ kind: "recommendation", what: "k", resource, subscription }));
    await run();
    await run(day);
    expect(await state()).toBe("active");
    azure.estate.standardAssignments.length = 0;
    await run(2 * day);
    expect(await state()).toBe("removed");
  });

  it("a later request for the same thing takes its place", async () => {
    await store.exemptions.add(approved());
    await run();
    await store.exemptions.add(approved({ id: "x-2", expires: "2026-12-20T08:00:00.000Z" }));
    await run(day);
    expect(await Promise.all([state(), state("x-2")])).toEqual(["ended", "active"]);
    expect(azure.estate.suppressionRules).toHaveLength(1);
  });

  it("a request that no one decided on expires", async () => {
    await store.exemptions.add(approved({ state: "requested" }));
    await run(60_000);
    expect(await state()).toBe("requested");
    await run(31 * 60_000);
    expect(await state()).toBe("expired");
  });
});
