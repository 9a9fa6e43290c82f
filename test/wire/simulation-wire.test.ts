import { afterAll, beforeAll, expect, it } from "vitest";
import { demoEstate } from "../../playground/estate/demo.ts";
import { builtInPolicies } from "../../playground/kubernetes/admission.ts";
import type { Cluster } from "../../playground/kubernetes/cluster.ts";
import { place } from "../../playground/kubernetes/control/furnish.ts";
import { kinds } from "../../playground/kubernetes/kinds.ts";
import type { Run } from "../../src/domain/simulations/simulation.ts";
import { advance } from "../../src/simulations/advance.ts";
import { cancelRun } from "../../src/simulations/request.ts";
import { type KubernetesWorld, kubernetesWorld, namespaceOf, podOf } from "../kubernetes-world.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";
import { type SimulationBench, simulationBench } from "../simulation-bench.ts";

const redis = redisForThisFile();
const namespace = "breakwater-simulation";
let world: KubernetesWorld;
beforeAll(async () => {
  world = await kubernetesWorld({ estate: demoEstate(new Date("2026-11-23T12:00:00Z")) });
}, 180_000);
afterAll(() => world?.azure.stop());

type Served = Awaited<ReturnType<KubernetesWorld["served"]>>;

/** A run against a cluster on the wire, by a clock of the test's own. */
async function runOn(name: string, about: { scenario?: string; parameters?: Run["parameters"] } = {}) {
  const cluster = await world.served(name);
  const here = simulationBench(redis);
  const target = { ...runOf().cluster!, ...world.idOf(name) };
  here.ports.clusters = world.fresh();
  here.ports.settings.simulations.images = {
    attacker: "ghcr.io/microsoft/defender-for-cloud/attacksimulation/attacker:latest",
    victim: "ghcr.io/microsoft/defender-for-cloud/attacksimulation/victim:latest",
    busybox: "mcr.microsoft.com/cbl-mariner/busybox:2.0",
  };
  here.azure.targets = async () => ({
    value: { clusters: [target], registries: [] },
    asOf: "",
    subscriptions: 1,
    unread: [],
  });
  const { id } = await here.approved({ cluster: target, ...about });
  /** Goes on without any time passing for the run, whatever time the cluster takes. */
  const until = (there: (run: Run) => boolean) =>
    expect
      .poll(
        async () => {
          const run = await here.run(id);
          if (!there(run)) await advance(id, here.ports);
          return there(run) ? run : undefined;
        },
        { interval: 5, timeout: 90_000 },
      )
      .toBeDefined()
      .then(() => here.run(id));
  return { here, cluster, id, until, ends: () => until(({ state }) => ended.has(state)) };
}
const ended = new Set(["reported", "failed", "cancelled"]);
const labelled = ({ objects }: Pick<Cluster, "objects">) =>
  kinds.flatMap((kind) => objects.list(kind)).filter(({ metadata }) => metadata.labels?.["breakwater/run"]);
const waiting = ({ objects }: Served, reason: string) =>
  expect
    .poll(() => JSON.stringify(objects.list(kinds.find(({ kind }) => kind === "Pod")!)), { timeout: 90_000 })
    .toContain(reason);
const passed = ({ ports }: SimulationBench, since: string) =>
  Date.parse(ports.clock.now()) - Date.parse(since);

it("an image that cannot be pulled is reported in Kubernetes' words within two minutes, and nothing is left", async () => {
  const { here, cluster, until, ends } = await runOn("aks-demo");
  cluster.nodeFaults.unpullable.push({ image: /victim/, message: "failed to resolve reference: 403" });
  const { at } = await until(({ applied }) => applied);
  await waiting(cluster, "ImagePullBackOff");
  here.pass(60);
  const run = await until(({ failure }) => failure !== undefined);
  expect(run.failure).toEqual({
    what: "pod",
    said: expect.stringMatching(/^mdc-simulation-victim: (ImagePullBackOff|ErrImagePull): .*/),
  });
  expect(passed(here, at.running!)).toBeLessThan(120_000);
  expect(await ends()).toMatchObject({ state: "failed", cleanUp: { left: [] } });
  expect(labelled(cluster)).toEqual([]);
  cluster.nodeFaults.unpullable = [];
});

it("a pod that finds no node is reported in the scheduler's words within two minutes", async () => {
  const { here, cluster, until, ends } = await runOn("aks-prod-eu");
  const message = "0/2 nodes are available: 2 Insufficient cpu.";
  cluster.nodeFaults.unschedulable.push({ pod: /victim/, message });
  const { at } = await until(({ applied }) => applied);
  await waiting(cluster, "Insufficient cpu");
  here.pass(95);
  const run = await until(({ failure }) => failure !== undefined);
  expect(run.failure?.said).toBe(`mdc-simulation-victim: Unschedulable: ${message}`);
  expect(passed(here, at.running!)).toBeLessThan(120_000);
  expect(await ends()).toMatchObject({ state: "failed", cleanUp: { left: [] } });
  cluster.nodeFaults.unschedulable = [];
});

it("an API server that goes and comes back holds the run up, and no more", async () => {
  const { here, cluster, until, ends } = await runOn("aks-demo");
  await until(({ applied }) => applied);
  await cluster.server.down();
  const held = await until(({ troubled }) => troubled !== undefined);
  here.pass(60);
  expect(held.state).toBe("running");
  await cluster.server.up();
  await until(({ state }) => state === "verifying");
  here.pass(4600);
  expect(await ends()).toMatchObject({
    state: "reported",
    happened: true,
    cleanUp: { left: [], removed: 6 },
  });
  expect(labelled(cluster)).toEqual([]);
});

it("one that stays away ends it with what is left and how to remove it; when it is back, that is removed", async () => {
  const { here, cluster, id, until, ends } = await runOn("aks-prod-web");
  await until(({ applied }) => applied);
  await cluster.server.down();
  await until(({ troubled }) => troubled !== undefined);
  here.pass(181);
  await until(({ state, troubled }) => state === "cleaning-up" && troubled !== undefined);
  here.pass(601);
  const run = await ends();
  expect(run).toMatchObject({ state: "failed", failure: { what: "unreachable" } });
  expect(run.cleanUp?.left).toEqual([
    {
      what: `breakwater/run=${id} (${namespace})`,
      why: expect.stringContaining("ECONNREFUSED"),
      mend: expect.stringContaining(`--selector breakwater/run=${id}`),
    },
  ]);
  expect(labelled(cluster).length).toBeGreaterThan(0);
  await cluster.server.up();
  here.pass(31);
  const settled = await until(({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(settled.cleanUp).toMatchObject({ left: [], later: [{ what: run.cleanUp!.left[0]!.what }] });
  expect(labelled(cluster)).toEqual([]);
});

it("a namespace that does not end is left with its name and the line that removes it, and corrected when it has", async () => {
  const { here, cluster, id, until, ends } = await runOn("aks-juchu");
  cluster.nodeFaults.stuckNamespaces.push(/^breakwater-simulation$/);
  await until(({ applied }) => applied);
  await cancelRun(here.ports, { run: id, person: "U0REQUESTER" });
  await expect
    .poll(() => advance(id, here.ports).then(() => labelled(cluster).length), {
      interval: 5,
      timeout: 90_000,
    })
    .toBe(1);
  here.pass(121);
  const run = await ends();
  expect(run.cleanUp?.left).toEqual([
    {
      what: `Namespace ${namespace}`,
      why: expect.stringMatching(
        /^Namespace breakwater-simulation has been terminating since 20.*Z, because: NamespaceDeletionDiscoveryFailure: Discovery failed/,
      ),
      mend: `kubectl delete namespace ${namespace}`,
    },
  ]);
  cluster.nodeFaults.stuckNamespaces = [];
  here.pass(31);
  const settled = await until(({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(settled.cleanUp).toMatchObject({ left: [], later: [{ what: `Namespace ${namespace}` }] });
  expect(labelled(cluster)).toEqual([]);
});

it("a file on a node that could not be removed is removed through a pod made anew on that node", async () => {
  const cluster = await world.served("aks-prod-eu");
  const node = cluster.objects.list(kinds.find(({ kind }) => kind === "Node")!)[0]!.metadata.name;
  const { here, until, ends } = await runOn("aks-prod-eu", {
    scenario: "node-malware",
    parameters: { node },
  });
  const path = () => [...(cluster.disks.get(node)?.keys() ?? [])].filter((one) => /eicar/.test(one));
  await until(({ state }) => state === "verifying");
  const files = path();
  expect(files).toHaveLength(1);
  // Somebody takes the right away between the attack and its end.
  const before = cluster.rights.denials.length;
  for (const verb of ["get", "create"])
    cluster.rights.denials.push({ verb, resource: "pods/exec", why: "no more" });
  here.pass(27 * 3600);
  const run = await ends();
  expect(run.cleanUp?.left).toEqual([
    {
      what: `${node}:${files[0]}`,
      why: expect.stringContaining("403"),
      mend: `kubectl debug node/${node} --image=mcr.microsoft.com/cbl-mariner/busybox:2.0 -- rm -f /host${files[0]}`,
      undo: 0,
    },
  ]);
  cluster.rights.denials.splice(before);
  const requests = cluster.requests.length;
  here.pass(31);
  const settled = await until(({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(settled.cleanUp).toMatchObject({ left: [], later: [{ what: `${node}:${files[0]}` }] });
  const made = cluster.requests.slice(requests).map(({ method, path: where }) => `${method} ${where}`);
  expect(made.filter((one) => /^PATCH .*\/pods\/breakwater-node-malware$/.test(one))).toHaveLength(1);
  expect(made.filter((one) => /\/exec$/.test(one))).toHaveLength(1);
  expect([path(), labelled(cluster)]).toEqual([[], []]);
});

it("a command in a pod of a private cluster runs once, and no call waits for what Azure runs", async () => {
  const { cluster, here, until, ends } = await runOn("aks-prod-payments", { scenario: "binary-drift" });
  await until(({ commands }) => Object.keys(commands ?? {}).length > 0);
  await until(({ state }) => state === "verifying");
  here.pass(4600);
  const run = await ends();
  expect(run).toMatchObject({ state: "reported", happened: true, cleanUp: { left: [] } });
  expect(run.commands).toBeUndefined();
  expect(run.log.filter((line) => line.includes("multi-call binary"))).toHaveLength(1);
  expect(labelled(cluster)).toEqual([]);
});

it("a policy that comes between check and run is reported in its own words, and what was made before is removed", async () => {
  const { cluster, until, ends } = await runOn("aks-prod-eu");
  await until(({ state }) => state === "checked");
  cluster.policies.push(builtInPolicies.allowedImages);
  const run = await ends();
  expect(run).toMatchObject({ state: "failed", failure: { what: "denied" }, cleanUp: { left: [] } });
  expect(run.failure?.said).toMatch(/Container image ghcr\.io.* for container .* has not been allowed/);
  expect(labelled(cluster)).toEqual([]);
  cluster.policies.splice(0);
});

it("a namespace that holds another team's Secret stays, untouched, and the report says why", async () => {
  const { here, cluster, until, ends } = await runOn("aks-demo");
  await until(({ applied }) => applied);
  const secret = place(cluster, { kind: "Secret", name: "their-password", namespace });
  await until(({ state }) => state === "verifying");
  here.pass(4600);
  const run = await ends();
  expect(run).toMatchObject({
    state: "reported",
    cleanUp: {
      removed: 5,
      left: [
        {
          what: `Namespace ${namespace}`,
          why: expect.stringContaining("not this run's: Secret their-password"),
        },
      ],
    },
  });
  const secrets = kinds.find(({ kind }) => kind === "Secret")!;
  expect(cluster.objects.get(secrets, namespace, "their-password")).toEqual(secret);
  cluster.objects.drop(secret);
  here.pass(31);
  await until(({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(labelled(cluster)).toEqual([]);
});

it("the attacker is created only when its victim is ready, however long the victim's image takes", async () => {
  const { here, cluster, until } = await runOn("aks-prod-web");
  const pods = () =>
    cluster.objects
      .within(namespace)
      .filter(({ kind, metadata }) => kind === "Pod" && metadata.labels?.["breakwater/run"])
      .map(({ metadata }) => metadata.name);
  cluster.nodeFaults.unschedulable.push({ pod: /victim/ });
  const { id } = await until(({ applied }) => applied);
  await waiting(cluster, "Unschedulable");
  for (let turn = 0; turn < 5; turn++) await advance(id, here.ports);
  expect(pods()).toEqual(["mdc-simulation-victim"]);
  cluster.nodeFaults.unschedulable = [];
  await cancelRun(here.ports, { run: id, person: "U0REQUESTER" });
  await until(({ state }) => ended.has(state));
});

it("a workload whose pods are refused fails with the condition's message within two minutes", async () => {
  const { here, cluster, until, ends } = await runOn("aks-prod-eu", { scenario: "misconfigured-workload" });
  await until(({ state }) => state === "checked");
  // Of the pods alone: the Deployment itself is let through.
  const why = 'violates PodSecurity "restricted:latest": privileged';
  cluster.policies.push({
    name: "restricted",
    refuses: ({ kind }) => (kind === "Pod" ? why : undefined),
    forbids: true,
  });
  const { at } = await until(({ applied }) => applied);
  await expect
    .poll(() => JSON.stringify(cluster.objects.within(namespace)), { timeout: 90_000 })
    .toContain("ReplicaFailure");
  here.pass(40);
  const run = await until(({ failure }) => failure !== undefined);
  expect(run.failure).toEqual({
    what: "pod",
    said: expect.stringMatching(
      /^breakwater-misconfigured: FailedCreate: pods "breakwater-misconfigured-.*" is forbidden: violates PodSecurity "restricted:latest"/,
    ),
  });
  expect(passed(here, at.running!)).toBeLessThan(120_000);
  cluster.policies.length = 0;
  expect(await ends()).toMatchObject({ state: "failed", cleanUp: { left: [] } });
});

it("a default service account that appears minutes late is waited for", async () => {
  const { here, cluster, until, ends } = await runOn("aks-demo", { scenario: "binary-drift" });
  await until(({ state }) => state === "checked");
  const account = cluster.objects.listen(({ kind, object, type }) => {
    if (type === "ADDED" && kind.kind === "ServiceAccount" && object.metadata.name === "default")
      cluster.objects.drop(object);
  });
  const { id } = await until(({ state }) => state === "running");
  for (let turn = 0; turn < 5; turn++) await advance(id, here.ports);
  here.pass(120);
  await advance(id, here.ports);
  expect(await here.run(id)).toMatchObject({ state: "running", applied: false });
  account();
  place(cluster, { kind: "ServiceAccount", name: "default", namespace });
  await until(({ state }) => state === "verifying");
  here.pass(4600);
  expect(await ends()).toMatchObject({ state: "reported", happened: true, cleanUp: { left: [] } });
});

it("an API server that restarts and refuses everything for a moment holds a run up, in every state", async () => {
  const { here, cluster, id, until, ends } = await runOn("aks-prod-web");
  const restart = async () => {
    cluster.rights.denials.push({});
    for (let turn = 0; turn < 4; turn++) await advance(id, here.ports);
    cluster.rights.denials.length = 0;
  };
  // The roles are not known yet, `/version` included.
  await restart();
  await until(({ state }) => state === "running");
  await restart();
  await until(({ applied }) => applied);
  await restart();
  await until(({ state }) => state === "verifying");
  await restart();
  here.pass(4600);
  await restart();
  const run = await ends();
  expect(run).toMatchObject({ state: "reported", happened: true, cleanUp: { left: [] } });
  expect(labelled(cluster)).toEqual([]);
});

it("a permission that is missing for good ends the run with what is left, and never leaves it waiting", async () => {
  const { here, cluster, id, until, ends } = await runOn("aks-prod-web");
  await until(({ applied }) => applied);
  cluster.rights.denials.push({ verb: "list", resource: "services" });
  await until(({ state }) => state === "verifying");
  for (let turn = 0; turn < 4; turn++) await advance(id, here.ports);
  here.pass(4600);
  await until(({ state }) => state === "cleaning-up");
  await advance(id, here.ports);
  here.pass(601);
  const run = await ends();
  expect(run.cleanUp?.left).toMatchObject([
    { what: expect.stringContaining(id), why: expect.stringContaining('cannot list resource "services"') },
  ]);
  cluster.rights.denials.length = 0;
  here.pass(31);
  await until(({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(labelled(cluster)).toEqual([]);
});

it("what others have in the namespace is never touched: the same version before and after", async () => {
  const { here, cluster, until, ends } = await runOn("aks-prod-web");
  const admin = await world.reach("aks-prod-web");
  await admin.apply([namespaceOf(namespace), podOf("theirs", namespace, ["sleep", "3600"])]);
  const theirs = () =>
    kinds
      .flatMap((kind) => cluster.objects.list(kind))
      .filter(
        ({ kind, metadata }) => metadata.name === namespace || (kind === "Pod" && metadata.name === "theirs"),
      );
  await waiting(cluster, '"name":"theirs"');
  await expect.poll(() => JSON.stringify(theirs()), { timeout: 90_000 }).toContain('"Running"');
  const before = structuredClone(theirs());
  await until(({ state }) => state === "verifying");
  here.pass(4600);
  expect(await ends()).toMatchObject({ state: "reported", cleanUp: { left: [], removed: 5 } });
  expect(theirs()).toEqual(before);
});
