import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Estate, Resource } from "../../playground/estate/estate.ts";
import { provisioning } from "../../playground/estate/policy.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import { findParameter } from "../../src/domain/catalogue/policy-parameters.ts";
import type { Enablement } from "../../src/domain/enablement/enablement.ts";
import { parameterSteps } from "../../src/domain/enablement/parameter-steps.ts";
import { planSteps } from "../../src/domain/enablement/plan-steps.ts";
import { everything, wantedOf } from "../../src/domain/enablement/wanted.ts";
import { UpstreamError } from "../../src/errors.ts";
import job from "../../src/jobs/enablements.ts";
import { type OpenStore, openStore } from "../../src/store/store.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";
import { definitions } from "../dispatch-parts.ts";
import { enablementOf } from "../enablements.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const start = Date.parse("2026-11-23T08:00:00.000Z");
const minute = 60_000;
const sandbox = "Contoso Sandbox";
const production = "Contoso Production";

/** The job over a real Redis and Azure's stand-in, at times that the test sets; clusters say what a test puts there. */
describe("what becomes of an approved enablement", () => {
  let azure: AzureStandIn;
  let store: OpenStore;
  let at = start;
  let published: Enablement[] = [];
  let lost: string[] = [];
  let ready = 0;
  let reachable = true;
  let ports: Ports;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: demoEstate(new Date(start)) });
  });
  afterAll(() => azure.stop());
  beforeEach(() => {
    refill(azure.estate, demoEstate(new Date(start)));
    // Sandbox's missing assignment is back: what creates assignments has tests of its own.
    const named = new Set(azure.estate.policyAssignments.map(({ id }) => id));
    const all = provisioning(`/subscriptions/${idOf(sandbox)}`, false);
    azure.estate.policyAssignments.push(...all.filter(({ id }) => !named.has(id)));
    azure.requests.length = 0;
    store = openStore(redis.connect(), redis.prefix(), []);
    [at, published, lost, ready, reachable] = [start, [], [], 0, true];
    ports = {
      store,
      azure: portTo(azure.resourceManagerUrl).azure,
      readings: { outdate: async () => {} },
      clusters: { reach: async () => (reachable ? clusterWith(() => ready) : refusedCluster()) },
      clock: { now: () => new Date(at).toISOString() },
      log: { info() {}, warn() {}, error() {}, debug() {} },
      rights: {
        may: async (person: string) => ({ allowed: !lost.includes(person), why: { en: "no", ja: "不可" } }),
      },
      queue: { enqueue: async () => {} },
      publish: async (notifier: string, [event]: Enablement[]) => {
        published.push(definitions.notifiers.get(notifier)!.event.parse(event) as Enablement);
        return { recorded: 1, updated: 0, muted: 0 };
      },
    } as unknown as Ports;
  });

  const idOf = (name: string) =>
    azure.estate.subscriptions.find(({ displayName }) => displayName === name)!.subscriptionId;
  /** Approved, as the command would have planned it from what Azure says. */
  async function approved(name: string, feature?: string, on?: Resource): Promise<Enablement> {
    const id = idOf(name);
    const { value: coverage } = await ports.azure.coverage({ kind: "sub", pattern: id });
    const subscription = { id, name };
    const place = on
      ? { kind: "cluster" as const, id: on.id, name: on.name }
      : { kind: "subscription" as const, ...subscription };
    const wanted = feature ? wantedOf(feature)! : everything;
    const standard = await ports.azure.clusterStandard(id);
    const { steps, left, billable } = planSteps({ coverage, on: place, wanted, standard });
    const one = enablementOf({
      ...{ on: place, subscription, left, billable, approver: "U0OPERATOR1", state: "approved" },
      steps: steps.map((step) => ({ ...step, state: "waiting" })),
      at: { requested: new Date(start).toISOString(), approved: new Date(start).toISOString() },
    });
    await store.enablements.add(one);
    return one;
  }
  const run = (later = 0) => {
    at = start + later;
    return job.run({ id: "e-1" }, ports, { id: "1", attempt: 1 });
  };
  const now = async () => (await store.enablements.get("e-1"))!;
  const puts = (word = "") =>
    azure.requests.filter(({ method, path }) => method === "PUT" && path.includes(word));
  const clusterNamed = (name: string) => azure.estate.clusters.find((one) => one.name === name)!;
  const plan = (name: string, word = "Containers", estate: Estate = azure.estate) =>
    estate.pricings.find(({ id }) =>
      id.endsWith(`/subscriptions/${idOf(name)}/providers/Microsoft.Security/pricings/${word}`),
    )!.properties as { pricingTier: string; extensions?: { name: string; isEnabled: string }[] };
  const settled = (one: Resource) => {
    one.properties.provisioningState = "Succeeded";
  };

  it("turns on what is off, writes nothing that is on, and reports it when the pods are there", async () => {
    const demo = clusterNamed("aks-demo");
    await approved(sandbox);
    expect(await run()).toEqual({ kind: "again", seconds: 5 });
    expect((await now()).state).toBe("proving");
    expect(plan(sandbox).extensions!.every(({ isEnabled }) => isEnabled === "True")).toBe(true);
    expect(demo.properties.addonProfiles).toEqual({ azurepolicy: { enabled: true } });
    // The sensor of aks-demo, the provisioning assignments and Foundational CSPM were on already.
    expect(puts().map(({ path }) => path.split("/providers/").at(-1))).toEqual([
      "Microsoft.Security/pricings/Containers",
      expect.stringMatching(/^Microsoft.Security\/standardAssignments\/[0-9a-f-]{36}$/),
      "Microsoft.ContainerService/managedClusters/aks-demo",
    ]);
    settled(demo);
    expect(await run(minute)).toMatchObject({ kind: "again" });
    expect((await now()).steps.at(-1)?.proof).toMatchObject({
      state: "waiting",
      said: /no azure-policy pods/,
    });
    ready = 3;
    expect(await run(2 * minute)).toEqual({ kind: "done" });
    expect((await now()).state).toBe("proven");
    expect(published.at(-1)?.state).toBe("proven");
    expect(puts()).toHaveLength(3);
    const audit = await store.audit.read(new Date(0).toISOString());
    expect(audit.map(({ command, outcome, person }) => [command, outcome, person])).toEqual(
      Array(3).fill(["enable", "done", "U0OPERATOR1"]),
    );
  });

  it("creates the provisioning assignments with their English names, a workspace and the roles of their identity", async () => {
    const shop = "本番環境 - 受注システム";
    await approved(shop, "provisioning");
    await run();
    const made = azure.estate.policyAssignments.filter(
      ({ properties }) => (properties.metadata as { assignedBy?: string }).assignedBy === "Breakwater",
    );
    expect(made).toMatchObject([
      {
        name: "Defender for Containers provisioning AKS Security Profile",
        location: "japaneast",
        identity: { type: "SystemAssigned", principalId: expect.any(String) },
        properties: {
          parameters: { logAnalyticsWorkspaceResourceId: { value: /workspaces\/law-defender$/ } },
        },
      },
      { name: "Defender for Containers provisioning Azure Policy Addon for Kub" },
    ]);
    const principals = new Set(made.map(({ identity }) => (identity as { principalId: string }).principalId));
    const roles = azure.estate.roleAssignments.filter(({ properties }) =>
      principals.has(String(properties.principalId)),
    );
    expect(roles).toHaveLength(4);
    expect((await now()).state).toBe("proven");
    // The localized ones stay where they are, and count no more.
    const { value } = await ports.azure.coverage({ kind: "sub", pattern: idOf(shop) });
    const { subscriptions, clusters } = value;
    expect(
      planSteps({
        coverage: value,
        on: { kind: "subscription", id: idOf(shop), name: shop },
        wanted: wantedOf("provisioning")!,
      }).steps,
    ).toEqual([]);
    expect([subscriptions.length, clusters.length]).toEqual([1, 1]);
  });

  it("leaves an assignment alone that has the name and does something else, and gives it no roles", async () => {
    const shop = "本番環境 - 受注システム";
    await approved(shop, "provisioning");
    const scope = `/subscriptions/${idOf(shop)}/providers/Microsoft.Authorization/policyAssignments`;
    const name = "Defender for Containers provisioning AKS Security Profile";
    const { estate } = azure;
    const [model] = estate.policyAssignments.filter(({ id }) => id.startsWith(scope));
    const inert = { ...model!.properties, enforcementMode: "DoNotEnforce" };
    const other: Resource = { ...model!, id: `${scope}/${name}`, name, properties: inert };
    estate.policyAssignments.push(other);
    const roles = estate.roleAssignments.length;
    // It is shown, and asked for again; approved all the same, Azure keeps what is there.
    await run();
    expect((await now()).steps[0]).toMatchObject({ before: { assignment: /64def556/ } });
    await store.enablements.change("e-1", (one) => ({ ...one, state: "approved", approver: "U0OPERATOR1" }));
    await run();
    expect((await now()).steps[0]).toMatchObject({ state: "failed", said: /was left as it is/ });
    expect(other.properties).toEqual(inert);
    expect(estate.roleAssignments).toHaveLength(roles + 2);
  });

  it("replaces a deleted workspace where an assignment and a cluster name it, and nothing else of them", async () => {
    const web = clusterNamed("aks-prod-web");
    const { estate } = azure;
    const assigned = () =>
      estate.policyAssignments.find(
        ({ id, properties }) =>
          id.includes(idOf(production)) && /law-defender/.test(JSON.stringify(properties)),
      )!;
    const workspaceOf = ({ properties }: Resource) =>
      (properties.securityProfile as { defender: { logAnalyticsWorkspaceResourceId: string } }).defender
        .logAnalyticsWorkspaceResourceId;
    const before = structuredClone({ web: web.properties, assigned: assigned() });
    estate.deletedWorkspaces.push(workspaceOf(web).toLowerCase());
    const { steps } = await approved(production, "sensor");
    expect(steps.map(({ kind, on }) => [kind, on.name])).toContainEqual(["cluster", "aks-prod-web"]);
    await run();
    const successor = workspaceOf(web);
    expect(estate.deletedWorkspaces).not.toContain(successor.toLowerCase());
    expect(JSON.stringify(web.properties.securityProfile)).toBe(
      JSON.stringify(before.web.securityProfile).replace(
        workspaceOf({ properties: before.web } as Resource),
        successor,
      ),
    );
    expect(web.properties.agentPoolProfiles).toEqual(before.web.agentPoolProfiles);
    const parameters = { logAnalyticsWorkspaceResourceId: { value: successor } };
    const { parameters: _, ...rest } = before.assigned.properties;
    expect(assigned()).toMatchObject({ name: before.assigned.name, properties: { ...rest, parameters } });
  });

  it("what someone else turned on just before is not audited as turned on by Breakwater", async () => {
    await approved(sandbox, "policy-addon", clusterNamed("aks-demo"));
    const { valuesNow } = ports.azure;
    ports.azure.valuesNow = async (step) => {
      const seen = await valuesNow(step);
      clusterNamed("aks-demo").properties.addonProfiles = { azurepolicy: { enabled: true } };
      return seen;
    };
    await run();
    expect(puts()).toEqual([]);
    expect((await now()).steps).toMatchObject([{ state: "already" }]);
    const [entry] = await store.audit.read(new Date(0).toISOString());
    expect(entry).toMatchObject({ outcome: "done", audited: { verb: "no-change", place: "aks-demo" } });
  });

  it("a partial success is reported as such, with Azure's words", async () => {
    azure.estate.extensionFailures.ContainerSensor = "Failed assigning roles {x} to {y} for plan";
    await approved(sandbox, "plan");
    expect(await run()).toEqual({ kind: "done" });
    const { state, steps } = await now();
    expect(state).toBe("stuck");
    expect(steps[0]).toMatchObject({
      state: "changed",
      failed: { ContainerSensor: "Failed assigning roles {x} to {y} for plan" },
      proof: { state: "proven" },
    });
  });

  it("a setting that someone changed meanwhile is shown again and asked again, and nothing is written", async () => {
    const one = await approved(sandbox, "plan");
    const extension = plan(sandbox).extensions!.find(({ name }) => name === "ContainerSensor")!;
    extension.isEnabled = "True";
    await run();
    const again = await now();
    expect(again).toMatchObject({
      state: "requested",
      outdated: ["Contoso Sandbox: ContainerSensor"],
      steps: [{ state: "waiting", after: { AgentlessDiscoveryForKubernetes: "on" } }],
    });
    expect(again.steps[0]!.after).not.toHaveProperty("ContainerSensor");
    expect(again.code).not.toBe(one.code);
    expect(again.approver).toBeUndefined();
    expect(puts()).toEqual([]);
  });

  it("changes by someone else of the same cluster are kept: the eTag is read anew", async () => {
    const demo = clusterNamed("aks-demo");
    await approved(sandbox, "policy-addon", demo);
    azure.faults.add({
      match: { path: /managedClusters\/aks-demo$/, method: "PUT" },
      times: 1,
      kind: "status",
      status: 412,
    });
    demo.tags = { owner: "team-b" };
    await run();
    expect(puts().map(({ status }) => status)).toEqual([412, 200]);
    expect(demo).toMatchObject({
      tags: { owner: "team-b" },
      properties: { addonProfiles: { azurepolicy: { enabled: true } } },
    });
  });

  it("a cluster that others change again and again is come back to", async () => {
    await approved(sandbox, "policy-addon", clusterNamed("aks-demo"));
    // [AKS docs, eTags: 412 Precondition Failed where the cluster was changed since it was read]
    const match = { path: /managedClusters\/aks-demo$/, method: "PUT" };
    azure.faults.add({ match, times: 3, kind: "status", status: 412 });
    await expect(run()).rejects.toMatchObject({ status: 412, retryable: true });
    await run(minute);
    expect(puts().map(({ status }) => status)).toEqual([412, 412, 412, 200]);
  });

  it("killed between the change and its record, it reads what Azure has and writes nothing twice", async () => {
    await approved(sandbox);
    const { change } = store.enablements;
    let died = 0;
    store.enablements.change = async (id, how) => {
      const seen = puts().length;
      if (seen > died) {
        died = seen;
        throw new Error("killed");
      }
      return change(id, how);
    };
    for (let tries = 0; tries < 3; tries++) await expect(run()).rejects.toThrow("killed");
    await run();
    expect(puts()).toHaveLength(3);
    expect((await now()).steps.map(({ state }) => state)).toEqual(["changed", "changed", "changed"]);
  });

  it("killed after an assignment was created, it still gives its identity the roles, once", async () => {
    await approved("本番環境 - 受注システム", "provisioning");
    azure.faults.add({ match: { path: /roleAssignments\//, method: "PUT" }, times: 1, kind: "reset" });
    await expect(run()).rejects.toThrow();
    await run();
    expect(puts("policyAssignments")).toHaveLength(2);
    expect(new Set(azure.estate.roleAssignments.map(({ id }) => id)).size).toBe(
      azure.estate.roleAssignments.length,
    );
    expect((await now()).state).toBe("proven");
  });

  it("an answer that was lost is no second write", async () => {
    await approved(sandbox, "plan");
    azure.faults.add({
      match: { path: /pricings\/Containers$/, method: "PUT" },
      times: 1,
      kind: "lostAnswer",
    });
    await expect(run()).rejects.toThrow();
    await run();
    expect(puts()).toHaveLength(1);
    expect((await now()).state).toBe("proven");
  });

  it("where Azure is busy or throttles, it comes back; where it refuses, the rest goes on and the step says why", async () => {
    const demo = clusterNamed("aks-demo");
    demo.properties.provisioningState = "Updating";
    await approved(sandbox);
    await expect(run()).rejects.toThrow("another operation is in progress");
    settled(demo);
    await run(minute);
    expect((await now()).state).toBe("proving");
    expect(puts("pricings")).toHaveLength(1);
  });

  it("a permission that was lost after the request fails its step, and only that", async () => {
    await approved(sandbox);
    azure.estate.permissions[idOf(sandbox)]!.at(-1)!.notActions.push(
      "Microsoft.ContainerService/managedClusters/write",
    );
    await run();
    const { state, steps } = await now();
    expect(state).toBe("stuck");
    expect(steps.map((step) => step.state)).toEqual(["changed", "changed", "failed"]);
    expect(steps.at(-1)?.said).toContain("AuthorizationFailed");
  });

  it.each(["U0OPERATOR1", "U0MEMBER001"])(
    "changes nothing where %s lost the permission meanwhile",
    async (id) => {
      await approved(sandbox);
      lost = [id];
      await run();
      expect((await now()).state).toBe("failed");
      expect(puts()).toEqual([]);
    },
  );

  it("is audited before it happens: without the audit log, nothing does", async () => {
    await approved(sandbox, "plan");
    store.audit.begin = async () => {
      throw new Error("full");
    };
    await expect(run()).rejects.toThrow("full");
    expect(puts()).toEqual([]);
  });

  it("after an hour says what is stuck; what can't be looked at is unknown, not fine", async () => {
    const demo = clusterNamed("aks-demo");
    await approved(sandbox, "policy-addon", demo);
    await run();
    settled(demo);
    expect(await run(59 * minute)).toMatchObject({ kind: "again" });
    expect(await run(61 * minute)).toEqual({ kind: "done" });
    expect((await now()).state).toBe("stuck");
    await store.enablements.change("e-1", (one) => ({ ...one, state: "proving" }));
    reachable = false;
    await run(20 * minute);
    expect(await now()).toMatchObject({
      state: "unproven",
      steps: [{ proof: { state: "unknown", said: /can't be reached/ } }],
    });
  });

  it("sets a parameter at its assignment, keeps the rest of it, and asks again where someone else set it", async () => {
    const id = idOf(production);
    const on = { kind: "subscription" as const, id, name: production };
    const parameter = findParameter("allowed-ports")!;
    const assigned = await ports.azure.policyParameters(id, parameter.policy);
    const { steps } = parameterSteps({ on, subscription: on, parameter, assigned, value: "80, 443" });
    expect(await ports.azure.enablementRights(steps)).toMatchObject({ missing: [[]] });
    const request = (state: Enablement["state"]) =>
      enablementOf({
        ...{ on, subscription: on, feature: parameter.word, approver: "U0OPERATOR1", state },
        steps: steps.map((step) => ({ ...step, state: "waiting" })),
        at: { requested: new Date(start).toISOString(), approved: new Date(start).toISOString() },
      });
    const there = () =>
      azure.estate.policyAssignments.find((one) => one.id === steps[0]!.assignment!.id)!.properties;
    const parameters = there().parameters as Record<string, { value: unknown }>;
    const name = steps[0]!.assignment!.parameter;
    parameters[name] = { value: ["8443"] };
    await store.enablements.add(request("approved"));
    await run();
    expect(await now()).toMatchObject({
      state: "requested",
      outdated: [`${production}: allowed-ports`],
      steps: [{ before: { "allowed-ports": "8443" } }],
    });
    expect(puts()).toEqual([]);
    await store.enablements.change("e-1", (one) => ({ ...one, state: "approved", approver: "U0OPERATOR1" }));
    await run();
    expect(there()).toMatchObject({
      policyDefinitionId: expect.stringMatching(/1f3afdf9/),
      parameters: { ...parameters, [name]: { value: ["80", "443"] } },
    });
    expect(puts()).toHaveLength(1);
    expect((await now()).state).toBe("proven");
    expect(published.at(-1)?.state).toBe("proven");
  });

  it("doctor says where the optional role is missing, and that nothing else is", async () => {
    const rights = async () =>
      (await ports.azure.checks("en")).find(({ name }) => name === `Azure permissions in ${sandbox}`);
    expect((await rights())?.said).not.toContain("not assigned");
    azure.estate.permissions[idOf(sandbox)] = azure.estate.permissions[idOf(sandbox)]!.slice(0, -1);
    expect(await rights()).toMatchObject({
      state: "ok",
      said: expect.stringContaining('not assigned: "Breakwater Enablement" (optional)'),
    });
  });

  it("a request that no one decided on expires, and the sweep calls what is open", async () => {
    await store.enablements.add(enablementOf());
    const called: unknown[] = [];
    ports.queue.enqueue = async (_job, payload) => void called.push(payload);
    await job.run({}, ports, { id: "1", attempt: 1 });
    expect(called).toEqual([{ id: "e-1" }]);
    await run(31 * minute);
    expect((await now()).state).toBe("expired");
  });

  it("the plan at one cluster is its own, and the subscription's stays as it is", async () => {
    const web = clusterNamed("aks-prod-web");
    plan(production).pricingTier = "Free";
    await approved(production, "control-plane-detection", web);
    await run();
    const own = azure.estate.pricings.find(({ id }) => id.startsWith(`${web.id}/providers`));
    expect(own?.properties).toMatchObject({ pricingTier: "Standard", inherited: "False" });
    expect(plan(production).pricingTier).toBe("Free");
    // Only the plan was asked for: its extensions are listed as off, so that Azure doesn't turn all of them on.
    expect(puts()[0]?.body).toMatchObject({
      properties: { extensions: expect.arrayContaining([{ name: "ContainerSensor", isEnabled: "False" }]) },
    });
  });
});

function clusterWith(ready: () => number) {
  const component = (pods: string) => ({
    ...{ pods, namespace: "kube-system", desired: 1, ready: 1, restarts: 0, outOfMemory: 0 },
  });
  return {
    how: "direct",
    nodes: async () => [
      { name: "n1", pool: "p", os: "linux", ready: true, sensor: ready() > 0 ? "ready" : "absent" },
    ],
    defenderPods: async () => ({
      components: ready() > 0 ? [component("azure-policy"), component("azure-policy-webhook")] : [],
      constraintTemplates: ready(),
    }),
  };
}

function refusedCluster(): never {
  throw new UpstreamError("aks-demo can't be reached", {
    system: "kubernetes",
    code: "ECONNREFUSED",
    retryable: true,
  });
}
