import { describe, expect, it } from "vitest";
import { exactScope, targetsOf } from "../../src/domain/exemptions/exemption-target.ts";
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

  it("is unknown because exemptions may not be read, where that is why", async () => {
    const read = await ended(async () => {
      throw new UpstreamError("403", { system: "azure", status: 403, code: "x", retryable: false });
    });
    expect(read).toEqual([{ name: "aks-1", unread: "denied" }]);
    expect(JSON.stringify(exemptParts(read, "en"))).toContain("couldn't be read (access denied)");
  });
});
