import { expect, it } from "vitest";
import type { Ports } from "../../src/definitions/ports.ts";
import { knownExtensions } from "../../src/domain/catalogue/extensions.ts";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import { planSteps } from "../../src/domain/enablement/plan-steps.ts";
import { everything } from "../../src/domain/enablement/wanted.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import { openStore } from "../../src/store/store.ts";
import { clusterIn, subscriptionOf } from "../coverage-readings.ts";
import { known } from "../dispatch-estate.ts";
import { benchOf, last, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const assignments = (["sensor", "policy-addon"] as const).map((kind) => ({
  ...{ kind, name: kind, displayName: kind, englishName: true },
}));
/** All that is set for the subscription is on, and no cluster was read. */
const empty: Coverage = {
  subscriptions: [
    {
      ...subscriptionOf("s1"),
      plan: {
        plan: known("on"),
        extensions: knownExtensions.map(({ name }) => ({ name, state: known("on"), properties: {} })),
      },
      overlapping: [{ name: "FoundationalCspm", plan: known("on"), extensions: [] }],
      provisioning: known(assignments),
    },
  ],
  clusters: [],
  registries: [],
};

async function asked(line: string, azure: Partial<Ports["azure"]>, unread: Unread[] = []) {
  const store = openStore(redis.connect(), redis.prefix(), []);
  const { say } = benchOf(store, {
    azure: {
      coverage: async () => read(empty, { unread }),
      clusterStandard: async () => ({ assigned: "CIS AKS" }),
      ...azure,
    },
  });
  return last(await say(line));
}

it("says that all is on only where the clusters were read", async () => {
  expect(await asked("enable sub:prod-east", {})).toMatchObject({
    headline: /everything that was asked for is on/,
    tone: "good",
  });
  const failed: Unread = { id: "s1", name: "prod-east", why: "throttled", detail: "Azure answered 429" };
  const message = await asked("enable sub:prod-east", {}, [failed]);
  expect(message.tone).toBe("warning");
  expect(textOf(message)).toContain(
    "clusters and their vCores on prod-east: unknown, because Azure answered 429",
  );
});

it("names clusters that were not read only where they matter", () => {
  const on = { kind: "subscription" as const, id: "s1", name: "prod-east" };
  const left = (wanted: Partial<typeof everything>) =>
    planSteps({ coverage: empty, on, unread: "x", wanted: { ...everything, standard: false, ...wanted } })
      .left;
  expect(left({}).map(({ what }) => what)).toEqual(["clusters"]);
  expect(left({ plan: false, sensor: false, policyAddon: false })).toEqual([]);
});

it("counts vCores only where the plan is part of the request", async () => {
  const clusters = [clusterIn("s1", "aks-1", { cores: known(12), policyAddon: known("off") })];
  const [subscription] = empty.subscriptions;
  const off = { ...subscription!, plan: { ...subscription!.plan, plan: known<"off">("off") } };
  const value: Coverage = { ...empty, subscriptions: [off], clusters };
  const rights = (missing: string[]): Partial<Ports["azure"]> => ({
    coverage: async () => read(value),
    enablementRights: async (steps) => ({
      needed: steps.map(() => []),
      missing: steps.map(({ kind }) => (kind === "plan" ? missing : [])),
    }),
  });
  const asking = async (missing: string[]) => {
    const store = openStore(redis.connect(), redis.prefix(), []);
    const { say } = benchOf(store, {
      azure: { clusterStandard: async () => ({ assigned: "CIS AKS" }), ...rights(missing) },
    });
    await say("enable sub:prod-east");
    return (await store.enablements.list()).map(({ billable }) => billable.cores);
  };
  expect(await asking([])).toEqual([12]);
  expect(await asking(["Microsoft.Security/pricings/write"])).toEqual([0]);
});
