import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoEstate } from "../../playground/estate/demo.ts";
import { clusterChecks } from "../../src/commands/doctor/cluster-checks.ts";
import { lookAtClusters } from "../../src/commands/doctor/look-at-clusters.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import { definitions } from "../dispatch-parts.ts";
import { type KubernetesWorld, kubernetesWorld } from "../kubernetes-world.ts";

let world: KubernetesWorld;
beforeAll(async () => {
  world = await kubernetesWorld({
    estate: demoEstate(new Date("2026-11-23T12:00:00Z")),
    live: { factor: 600, bounded: true },
  });
}, 180_000);
afterAll(() => world.azure.stop());

async function checksOf(clusters: string[]) {
  const settings = { simulations: { clusters, namespace: "breakwater-simulation" } } as Ports["settings"];
  const ports = { azure: world.port.azure, clusters: world.fresh(), settings, definitions };
  return clusterChecks(await lookAtClusters(ports as never), "en");
}

describe("doctor on clusters for simulations", () => {
  it("says nothing where none may run, and that a pattern matches nothing", async () => {
    expect(await checksOf([])).toEqual([]);
    expect(await checksOf(["no-such-*"])).toMatchObject([
      {
        state: "failed",
        said: expect.stringContaining("no-such-*"),
        fix: expect.stringContaining("breakwater.yaml"),
      },
    ]);
  });

  it("finds everything well under the documented roles, and says which way", async () => {
    expect(await checksOf(["aks-juchu", "AKS-PROD-PAY*"])).toMatchObject([
      { name: "Cluster aks-juchu", state: "ok", said: expect.stringContaining("directly") },
      { name: "Cluster aks-prod-payments", state: "ok", said: expect.stringContaining("run-command") },
    ]);
  });

  it("proves by a dry run that the admission policy is in force, and says so where it is not", async () => {
    const served = await world.served("aks-juchu");
    const { bound } = served;
    expect(bound).toBeDefined();
    const open = { state: "failed", fix: expect.stringContaining("docs/kubernetes-role.yaml") };
    try {
      served.bound = undefined;
      expect(await checksOf(["aks-juchu"])).toMatchObject([
        { ...open, said: expect.stringContaining("any namespace") },
      ]);
      served.policies.push({
        name: "no-accounts",
        refuses: ({ kind }) => (kind === "ServiceAccount" ? "no" : undefined),
      });
      expect(await checksOf(["aks-juchu"])).toMatchObject([
        { state: "unknown", said: expect.stringContaining("no-accounts") },
      ]);
    } finally {
      served.bound = bound;
      served.policies.length = 0;
    }
    expect(await checksOf(["aks-juchu"])).toMatchObject([{ state: "ok" }]);
    // A local account is a cluster administrator: the policy is about another name.
    expect(await checksOf(["aks-demo"])).toMatchObject([open]);
    expect(served.objects.everything().filter(({ metadata }) => /probe/.test(metadata.name))).toEqual([]);
  });

  it.each([
    ["list", "services"],
    ["list", "serviceaccounts"],
    ["list", "deployments"],
    ["delete", "namespaces"],
  ])("names %s %s, which clean-up uses, where it is missing", async (verb, resource) => {
    const served = await world.served("aks-juchu");
    served.rights.denials.push({ verb, resource });
    try {
      expect(await checksOf(["aks-juchu"])).toMatchObject([
        { state: "failed", said: expect.stringContaining(`${verb} ${resource}`) },
      ]);
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("names the line that fixes a right that is missing in the cluster", async () => {
    const served = await world.served("aks-juchu");
    served.rights.denials.push({ resource: "pods/exec" });
    try {
      expect(await checksOf(["aks-juchu"])).toMatchObject([
        {
          state: "failed",
          said: expect.stringContaining("create pods/exec"),
          fix: expect.stringMatching(
            /^sed s\/OBJECT_ID\/.+\/ docs\/kubernetes-role.yaml \| kubectl apply -f -$/,
          ),
        },
      ]);
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("names the line that fixes a right that is missing in Azure", async () => {
    const { permissions, clusters } = world.azure.estate;
    const { id } = clusters.find(({ name }) => name === "aks-demo")!;
    const subscription = id.split("/")[2]!;
    const before = permissions[subscription]!;
    permissions[subscription] = [
      { actions: ["*/read"], notActions: [], dataActions: [], notDataActions: [] },
    ];
    try {
      expect(await checksOf(["aks-demo"])).toMatchObject([
        {
          state: "failed",
          said: expect.stringContaining("listClusterUserCredential"),
          fix: expect.stringMatching(/"Breakwater Simulations" --assignee-object-id .* --scope .*aks-demo$/),
        },
      ]);
    } finally {
      permissions[subscription] = before;
    }
  });

  it("says why a cluster does not answer, without failing the rest", async () => {
    const served = await world.served("aks-demo");
    await served.server.down();
    try {
      const checks = await checksOf(["aks-demo", "aks-juchu"]);
      expect(checks).toMatchObject([
        {
          name: "Cluster aks-demo",
          state: "failed",
          said: expect.stringContaining("ECONNREFUSED"),
          fix: expect.stringContaining("network"),
        },
        { name: "Cluster aks-juchu", state: "ok" },
      ]);
    } finally {
      await served.server.up();
    }
  });
});
