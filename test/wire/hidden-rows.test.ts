import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";

const start = new Date("2026-11-23T08:00:00.000Z");
const day = 86_400_000;

/** Resource Graph leaves out the rows that a principal may not see, and says nothing of it. */
describe("what the bot may not see is not taken for what isn't there", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: demoEstate(start) });
  });
  afterAll(() => azure.stop());
  beforeEach(() => refill(azure.estate, demoEstate(start)));

  const idOf = (name: string) =>
    azure.estate.subscriptions.find(({ displayName }) => displayName === name)!.subscriptionId;
  /** Takes an action away in one subscription, and its rows. */
  function hide(name: string, action: string, kind: "clusters" | "registries" | "alerts" | "assessments") {
    const id = idOf(name);
    for (const one of azure.estate.permissions[id]!) one.notActions.push(action);
    const left = (azure.estate[kind] as { id: string }[]).filter((one) => !one.id.includes(id));
    (azure.estate[kind] as { id: string }[]).splice(0, Number.POSITIVE_INFINITY, ...left);
    azure.estate.revision++;
    return { id, name };
  }

  it.each([
    ["clusters", "Microsoft.ContainerService/managedClusters/read"],
    ["registries", "Microsoft.ContainerRegistry/registries/read"],
  ] as const)(
    "%s of coverage: also those that were seen before the permission went",
    async (kind, action) => {
      const { azure: port, clock } = portTo(azure.resourceManagerUrl);
      expect((await port.coverage()).unread).not.toContainEqual(
        expect.objectContaining({ detail: /missing/ }),
      );
      const { id, name } = hide("Contoso Production", action, kind);
      clock.at += day;
      const detail = `missing: ${action}`;
      for (const read of [await port.coverage(), await port.coverage({ kind: "sub", pattern: id })])
        expect(read.unread).toContainEqual({ id, name, why: "denied", detail });
      expect((await port.targets()).unread).toContainEqual({ id, name, why: "denied", detail });
      // A process that never saw them says so too.
      expect((await portTo(azure.resourceManagerUrl).azure.coverage()).unread).toContainEqual({
        ...{ id, name, why: "denied", detail },
      });
    },
  );

  it("recommendations: no rows of a subscription are no green check", async () => {
    const { azure: port, clock } = portTo(azure.resourceManagerUrl);
    await port.assessments();
    const { id } = hide("Contoso Production", "Microsoft.Security/assessments/read", "assessments");
    clock.at += day;
    expect((await port.assessments()).unread).toContainEqual(
      expect.objectContaining({ id, why: "denied", detail: "missing: Microsoft.Security/assessments/read" }),
    );
  });

  it("hunts: no match over clusters that may not be seen is no green check", async () => {
    const { azure: port, clock } = portTo(azure.resourceManagerUrl);
    const hunt = (await port.hunts()).hunts.find(({ name }) => name === "local-accounts")!;
    const seen = await port.hunt(hunt);
    expect(seen.unread).toEqual([]);
    const [{ place }] = seen.value as [(typeof seen.value)[number]];
    const { name } = place.subscription;
    const { id } = hide(name, "Microsoft.ContainerService/managedClusters/read", "clusters");
    clock.at += day;
    const hidden = await port.hunt(hunt);
    expect([hidden.value, hidden.unread]).toMatchObject([[], [{ id, why: "denied" }]]);
  });

  it("asks few of many subscriptions that have nothing, and all once one of them may not be seen", async () => {
    const empty = Array.from({ length: 12 }, (_, index) => ({
      ...azure.estate.subscriptions[0]!,
      id: `/subscriptions/empty-${index}`,
      subscriptionId: `empty-${index}`,
      displayName: `empty-${index}`,
    }));
    const [{ subscriptionId = "" } = {}] = azure.estate.subscriptions;
    const plan = azure.estate.pricings.find(({ id }) =>
      id.endsWith(`${subscriptionId}/providers/Microsoft.Security/pricings/Containers`),
    )!;
    azure.estate.pricings.push(
      ...empty.map((one) => ({ ...plan, id: plan.id.replace(subscriptionId, one.subscriptionId) })),
    );
    for (const one of empty)
      azure.estate.permissions[one.subscriptionId] = structuredClone(
        azure.estate.permissions[subscriptionId]!,
      );
    azure.estate.subscriptions.unshift(...empty);
    azure.estate.revision++;
    const asked = () =>
      new Set(
        azure.requests
          .map(
            ({ path }) =>
              /\/subscriptions\/(empty-\d+)\/providers\/Microsoft.Authorization\/permissions/.exec(path)?.[1],
          )
          .filter(Boolean),
      ).size;
    azure.requests.length = 0;
    await portTo(azure.resourceManagerUrl).azure.targets();
    expect(asked()).toBeLessThanOrEqual(3);
    for (const one of empty)
      for (const given of azure.estate.permissions[one.subscriptionId]!)
        given.notActions.push("Microsoft.ContainerService/managedClusters/read");
    const { unread } = await portTo(azure.resourceManagerUrl).azure.targets();
    expect(asked()).toBe(12);
    expect(unread.filter(({ detail }) => detail.startsWith("missing: "))).toHaveLength(12);
  });
});
