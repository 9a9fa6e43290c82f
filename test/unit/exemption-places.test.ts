import { describe, expect, it } from "vitest";
import { ruleInForce } from "../../src/azure/exemptions/suppression-rules.ts";
import { exactScope, mayHoldIn, targetsOf } from "../../src/domain/exemptions/exemption-target.ts";
import type { InForce } from "../../src/domain/exemptions/exemptions.ts";
import { parseScope, scopeText } from "../../src/domain/scope/scope.ts";
import { UpstreamError } from "../../src/errors.ts";
import { exemptParts } from "../../src/message/recommendations/exempt-resources.ts";
import { exempted } from "../../src/readings/exempted.ts";
import { aks, assessed } from "../recommendation-readings.ts";

/** Two subscriptions with a cluster and a registry of the same names in groups of the same name. */
const subscriptions = ["s1", "s2"].map((id) => ({ id, name: `Subscription ${id}` }));
const things = (idOf: (subscription: string) => string, name: string) =>
  subscriptions.map((subscription) => ({
    id: idOf(subscription.id),
    name,
    subscription,
    resourceGroup: "rg",
  }));
const registry = (id: string) =>
  `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/acr`;
const estate = {
  subscriptions,
  clusters: things((id) => aks(id, "aks-1"), "aks-1"),
  registries: things(registry, "acr"),
};
const places = (words: string) => targetsOf(parseScope(words)!, estate).map(({ place }) => place);

describe("the place of an exemption", () => {
  it.each(["cluster:aks-1", "registry:acr", "rg:rg"])(
    "is named by each of the ids that %s is answered with",
    (words) => {
      const several = places(words);
      expect(several).toHaveLength(2);
      for (const one of several) expect(places(one)).toEqual([one]);
    },
  );

  it.each(["cluster", "registry", "rg", "sub"] as const)(
    "is the same when it is asked for again, of a %s whose name another one has",
    (kind) => {
      const target = targetsOf({ kind, pattern: "*" }, estate)[1]!;
      const { scope, subscription, conditions, place } = target;
      const rule = `/subscriptions/${subscription.id}/providers/Microsoft.Security/alertsSuppressionRules/r`;
      const assignment = `${place}/providers/Microsoft.Security/standardAssignments/a`;
      for (const plan of [
        { scope, subscription, conditions, resource: rule },
        { scope, subscription, conditions: [], resource: assignment },
      ])
        expect(places(scopeText(exactScope(plan)))).toEqual([place]);
    },
  );
});

describe("what is in force in a place", () => {
  const [here] = subscriptions as [(typeof subscriptions)[number]];
  const rule = (...allOf: object[]) =>
    ruleInForce({ name: "r", properties: { alertType: "*", suppressionAlertsScope: { allOf } } }, here);
  const resources = (...ids: string[]) => ({ field: "entities.azure-resource.resourceId", in: ids });
  const group = (name: string) => ({ field: "x", contains: `/resourceGroups/${name}/` });
  const located = [{ subscription: here, resourceGroup: "RG", cluster: "aks-1" }];

  it.each<[boolean, string, object[]]>([
    [true, "the whole subscription", []],
    [true, "a condition that names no place", [{ field: "entities.host.name", in: ["aks-1"] }]],
    [true, "its resource group", [group("rg")]],
    [true, "itself and another", [resources(aks("s1", "aks-2"), aks("s1", "aks-1"))]],
    [false, "another resource group", [group("other")]],
    [false, "another cluster", [resources(aks("s1", "aks-2"))]],
    [
      false,
      "another cluster whose host is named",
      [{ field: "h", contains: "h" }, resources(aks("s1", "a"))],
    ],
  ])("is %s for a cluster where it is about %s", (expected, _, conditions) => {
    expect(mayHoldIn(rule(...conditions), { kind: "cluster", pattern: "aks-1" }, located)).toBe(expected);
  });

  it("says how many more resources a rule names", () => {
    const ids = Array.from({ length: 7 }, (_, index) => aks("s1", `aks-${index}`));
    expect(rule(resources(...ids)).where).toBe("aks-0, aks-1, aks-2, aks-3, aks-4 +2");
  });
});

describe("the end of an exemption", () => {
  const one = assessed("Restrict the API server", "aks-1", { status: "not-applicable", cause: "Exempt" });
  const [exemptHere, exemptAbove] = [aks("s1", "aks-1"), "/subscriptions/s1"].map(
    (place): InForce => ({
      ...{ kind: "recommendation", id: `${place}/providers/Microsoft.Security/standardAssignments/a` },
      ...{ what: one.key, where: "", subscription: subscriptions[0]!, enabled: true, reason: "" },
    }),
  ) as [InForce, InForce];
  const ended = async (exemptionsOf: () => Promise<InForce[]>) => {
    const clock = { now: () => "2026-11-23T08:00:00.000Z" };
    const store = { exemptions: { list: async () => [] } } as never;
    return exempted({ azure: { exemptionsOf }, store, clock }, [one]);
  };
  const until = (expires: string, exemption = exemptHere) => ({ ...exemption, expires });

  it.each<[string, InForce[], string | undefined]>([
    ["that of the only one", [until("2026-12-01T00:00:00.000Z")], "2026-12-01T00:00:00.000Z"],
    [
      "the latest of several",
      [until("2026-12-24T00:00:00.000Z"), until("2026-12-01T00:00:00.000Z", exemptAbove)],
      "2026-12-24T00:00:00.000Z",
    ],
    ["never where one has none", [until("2026-12-01T00:00:00.000Z"), exemptAbove], "never"],
    ["unknown where all are over", [until("2022-05-01T19:50:47.083Z")], undefined],
  ])("is %s", async (_, known, expires) => {
    expect((await ended(async () => known))[0]?.expires).toBe(expires);
  });

  it("is unknown because exemptions can't be read, where that is why", async () => {
    const read = await ended(async () => {
      throw new UpstreamError("403", { system: "azure", status: 403, code: "x", retryable: false });
    });
    expect(read).toEqual([{ name: "aks-1", unread: "denied" }]);
    expect(JSON.stringify(exemptParts(read, "en"))).toContain("couldn't be read (access denied)");
  });
});
