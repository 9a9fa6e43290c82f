import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { registry } from "../../playground/estate/containers.ts";
import { digestOf, pushImage } from "../../playground/estate/contents.ts";
import {
  addSubscription,
  emptyEstate,
  type Resource,
  type Subscription,
} from "../../playground/estate/estate.ts";
import { knownPackage } from "../../playground/estate/packages.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const at = new Date("2026-11-20T00:00:00Z");
const graph = { path: /ResourceGraph/ };

describe("reading findings when Azure fails", () => {
  let azure: AzureStandIn;
  let one: Subscription;
  let two: Subscription;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    refill(azure.estate, emptyEstate());
    azure.faults.clear();
    one = addSubscription(azure.estate, "one");
    two = addSubscription(azure.estate, "two");
    azure.estate.registries.push(registry(one, "acrone", {}), registry(two, "acrtwo", {}));
    azure.requests.length = 0;
  });
  afterAll(() => azure.stop());

  const fill = (acr: Resource, images: number, packages = ["curl", "openssl"]) => {
    for (let index = 0; index < images; index++)
      pushImage(azure.estate, {
        registry: acr,
        repository: `app-${index}`,
        digest: digestOf(`${acr.name} ${index}`),
        at,
        packages: packages.map((name) => knownPackage(name)),
      });
  };
  const read = async (port = portTo(azure.resourceManagerUrl).azure, signal?: AbortSignal) => {
    const pages = gathered();
    return { ...pages, said: await port.findings(pages.take, { signal }) };
  };
  const lock = ({ subscriptionId }: Subscription) => {
    azure.estate.permissions[subscriptionId] = [
      {
        actions: ["Microsoft.Resources/subscriptions/read"],
        notActions: [],
        dataActions: [],
        notDataActions: [],
      },
    ];
    azure.estate.revision++;
  };
  const queries = () =>
    azure.requests
      .filter(({ path }) => graph.path.test(path))
      .map(({ body }) => body as { query: string; options: { $top: number; $skipToken?: string } });

  it("reads many rows in parts, none of them twice and none left out", async () => {
    fill(azure.estate.registries[0]!, 1500);
    const { findings, said } = await read();
    expect(findings()).toHaveLength(1500 * 4);
    expect(said.models[0]).toEqual({ model: "individual", rows: 3000 });
    const parts = queries().filter(({ query }) => query.includes("hash(tolower(id)) % 4 =="));
    expect(new Set(parts.map(({ query }) => query)).size).toBe(4);
  });

  it("names a subscription that was locked since the last reading", async () => {
    for (const acr of azure.estate.registries) fill(acr, 2);
    const port = portTo(azure.resourceManagerUrl).azure;
    expect((await read(port)).said.unread).toEqual([]);
    lock(two);
    const { said, findings } = await read(port);
    expect(said.unread).toMatchObject([{ id: two.subscriptionId, name: "two", why: "denied" }]);
    expect(said.listed).toEqual([one.subscriptionId, two.subscriptionId]);
    expect(findings()).toHaveLength(2 * 4);
  });

  it("throws where every subscription is locked", async () => {
    lock(one);
    lock(two);
    await expect(read()).rejects.toMatchObject({ status: 403 });
  });

  it("halves its pages where an answer is too large, and still reads every row", async () => {
    fill(azure.estate.registries[0]!, 40);
    const cves = azure.estate.contents.cves;
    // A description of 700 kB in every row: 16 MB are 22 of them.
    const long = "x".repeat(700_000);
    azure.estate.contents.shape = "older";
    cves.set("CVE-2023-38546", { id: "CVE-2023-38546", severity: "Low", published: long });
    azure.estate.revision++;
    const { findings } = await read();
    expect(findings()).toHaveLength(40 * 4);
    const tops = queries().map(({ options }) => options.$top);
    expect(Math.min(...tops)).toBeLessThan(100);
    expect(tops.filter((top) => top === 1000).length).toBeLessThan(6);
  });

  it.each(["truncate", "reset", "garbage", "empty", "lostAnswer"] as const)(
    "reads a page again that came damaged (%s)",
    async (kind) => {
      fill(azure.estate.registries[0]!, 3);
      const port = portTo(azure.resourceManagerUrl).azure;
      await read(port);
      azure.faults.add({ kind, times: 1, match: graph });
      expect((await read(port)).findings()).toHaveLength(3 * 4);
    },
  );

  it("waits where it is throttled, and does not ask before", async () => {
    fill(azure.estate.registries[0]!, 3);
    azure.faults.add({ kind: "status", status: 429, retryAfter: 1, times: 2, match: graph });
    expect((await read()).findings()).toHaveLength(3 * 4);
    expect(azure.faults.early()).toBe(0);
  });

  it("stops at once when it is asked to", async () => {
    fill(azure.estate.registries[0]!, 3);
    const stop = new AbortController();
    // It would wait for longer than this test may take.
    const refused = { status: 429, retryAfter: 60, reported: () => stop.abort(new Error("enough")) };
    const reading = withRefusal("DetectedSoftwareVersions", refused, () => read(undefined, stop.signal));
    await expect(reading).rejects.toThrow("enough");
  });

  it("says of a model that it could not be read, and hands over what it had", async () => {
    fill(azure.estate.registries[0]!, 3);
    azure.estate.contents.grouped.add("registry");
    azure.estate.revision++;
    const { azure: port, logged } = portTo(azure.resourceManagerUrl);
    await read(port);
    const { said, findings } = await withRefusal("softwareDetails", { status: 403 }, () => read(port));
    expect(said.models.find(({ model }) => model === "grouped-registry")).toMatchObject({
      rows: 12,
      error: expect.stringContaining("Injected"),
    });
    expect(said.models[0]).toEqual({ model: "individual", rows: 6 });
    expect(findings()).toHaveLength(3 * 4);
    expect(logged.some(({ message }) => message.includes("could not be read whole"))).toBe(true);
  });

  type Refusal = { status: number; retryAfter?: number; reported?: () => void };

  /** Queries that have these words are refused, and no others. */
  async function withRefusal<T>(words: string, refusal: Refusal, work: () => Promise<T>): Promise<T> {
    const { status, retryAfter = 10, reported } = refusal;
    const meet = azure.faults.meet;
    azure.faults.meet = (method, path, body) => {
      if (!body.includes(words)) return meet(method, path, body);
      reported?.();
      return [{ kind: "status", status, retryAfter, match: graph }];
    };
    try {
      return await work();
    } finally {
      azure.faults.meet = meet;
    }
  }

  it("loses nothing but the details of CVEs where only these fail", async () => {
    fill(azure.estate.registries[0]!, 3);
    const { findings, said } = await withRefusal("cvedetails", { status: 403 }, () => read());
    expect(findings()).toHaveLength(3 * 4);
    expect(said.details).toMatchObject({ state: "failed", error: expect.stringContaining("403") });
  });

  it("tells fresh findings after a time in one light query, without those that say of themselves that they are not severe", async () => {
    const acr = azure.estate.registries[0]!;
    fill(acr, 2);
    const later = new Date("2026-11-21T00:00:00Z");
    const fresh = pushImage(azure.estate, {
      registry: acr,
      repository: "new",
      at: later,
      packages: [knownPackage("log4j-core"), knownPackage("gnutls")],
    });
    const pages = gathered();
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const said = await port.freshFindings(pages.take, "2026-11-20T12:00:00.000Z");
    expect(said.models).toEqual([{ model: "individual", rows: 1 }]);
    expect(pages.findings()).toEqual([
      `${fresh.digest} CVE-2021-44228 log4j-core 2.14.1`,
      `${fresh.digest} CVE-2021-45046 log4j-core 2.14.1`,
    ]);
    expect(queries().filter(({ query }) => query.includes("firstEvaluationDate"))).toHaveLength(1);
  });
});
