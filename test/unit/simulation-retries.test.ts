import { expect, it } from "vitest";
import type { SimulationEvent } from "../../src/domain/simulations/events.ts";
import type { ScenarioDefinition } from "../../src/domain/simulations/scenario.ts";
import { UpstreamError } from "../../src/errors.ts";
import { reportMessage } from "../../src/message/simulations/report.ts";
import { sweepClusters } from "../../src/simulations/clean-up/sweep.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { redisForThisFile } from "../redis.ts";
import { refusing, type SimulationBench, simulationBench } from "../simulation-bench.ts";

const redis = redisForThisFile();
const pod = "mdc-simulation-attacker";
const namespace = "breakwater-simulation";
const step = { kind: "exec" as const, pod, container: "c", command: ["write", "file"] };
const undo = {
  ...step,
  command: ["rm", "file"],
  left: { what: "node-1:/file", mend: "kubectl debug node/node-1 -- rm /file" },
};
const onNode: Partial<ScenarioDefinition> = {
  steps: [step],
  undoSteps: [undo],
  cleanUp: "after-verdict",
  expects: [],
};
/** What its report says, as a reader sees it. */
const report = ({ published }: SimulationBench) => {
  const event = published.filter(({ notifier }) => notifier === "simulation").at(-1)?.event;
  return JSON.stringify(
    compile(reportMessage(event as unknown as SimulationEvent, "en"), { language: "en" } as never),
  );
};
const removals = ({ cluster }: SimulationBench) => cluster.commands.filter((one) => one.endsWith("rm file"));

it("a file on a node that could not be removed is removed later, through a pod made anew, and the report says when", async () => {
  const here = simulationBench(redis, onNode);
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  // The node is drained: the pod is gone before the file is removed.
  here.cluster.objects.delete(`Pod ${namespace}/${pod}`);
  const run = await here.drive(id);
  expect(run.cleanUp?.left).toEqual([{ ...undo.left, why: "NotFound", undo: 0 }]);
  expect(report(here)).toContain("Breakwater retries automatically at");
  expect(here.cluster.objects.size).toBe(0);
  const swept = await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(removals(here)).toEqual([`${pod}: rm file`]);
  expect(here.cluster.objects.size).toBe(0);
  expect(swept.cleanUp).toMatchObject({ retries: { tries: 1 }, later: [{ what: "node-1:/file" }] });
  expect(report(here)).toMatch(/nothing is left.*Removed at .*node-1:\/file/);
  expect(await here.ports.store.runs.left()).toEqual([]);
});

it("it is tried a bounded number of times within a day, and then people are asked to", async () => {
  const here = simulationBench(redis, onNode);
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.exec = async () => ({ exitCode: 1, output: "read-only file system" });
  const { at } = await here.drive(id);
  const run = await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(run.cleanUp?.left).toMatchObject([{ what: "node-1:/file", why: "exit 1 read-only file system" }]);
  expect(run.cleanUp?.later).toBeUndefined();
  expect(run.cleanUp?.retries?.tries).toBeGreaterThan(5);
  expect(run.cleanUp?.retries?.tries).toBeLessThanOrEqual(20);
  expect(Date.parse(run.cleanUp!.retries!.last!) - Date.parse(at.reported!)).toBeLessThan(25 * 3_600_000);
  expect(report(here)).toMatch(/Gave up after \d+ retries \(last at .*\)\. Remove it yourself\./);
  here.pass(86_400);
  expect(await here.drive(id)).toEqual(run);
  expect(here.cluster.objects.size).toBe(0);
});

it("its pod is never that of another run, which is left as it is", async () => {
  const here = simulationBench(redis, onNode);
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.objects.delete(`Pod ${namespace}/${pod}`);
  await here.drive(id);
  const theirs = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod, namespace, labels: { "breakwater/run": "r-another001" } },
  };
  await here.cluster.apply([theirs]);
  const run = await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.retries?.tries === 2);
  expect(run.cleanUp?.left).toMatchObject([{ why: expect.stringContaining("breakwater/run=r-another001") }]);
  expect([...here.cluster.objects.values()]).toEqual([theirs]);
  expect(removals(here)).toEqual([]);
});

it("an image that the registry did not let go is deleted later", async () => {
  const here = simulationBench(redis, {
    steps: [],
    expects: [],
    manifests: () => [],
    undoSteps: [{ kind: "delete-image", repository: "breakwater-simulation/x", tag: "1" }],
  });
  const registry = { id: "/registries/lab", name: "lab", loginServer: "lab.azurecr.io" } as never;
  let locked = true;
  here.azure.deleteImage = async () => !locked;
  const run = await here.drive((await here.approved({ registry })).id);
  expect(run.cleanUp?.left).toMatchObject([{ what: "lab.azurecr.io/breakwater-simulation/x:1", undo: 0 }]);
  await here.sweepUntil(run.id, ({ cleanUp }) => cleanUp?.retries?.tries === 2);
  locked = false;
  const swept = await here.sweepUntil(run.id, ({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(swept.cleanUp?.later).toMatchObject([{ what: "lab.azurecr.io/breakwater-simulation/x:1" }]);
});

it("what a sweep by label meets meanwhile is left to the run's own attempts", async () => {
  const here = simulationBench(redis, onNode);
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.broken.set("*", refusing("ECONNREFUSED", true));
  const run = await here.drive(id);
  expect(run.cleanUp?.left.map(({ undo: index }) => index)).toEqual([0, undefined]);
  here.cluster.broken.clear();
  // By label it would take the pod away through which the file is reached.
  expect(await sweepClusters(here.ports)).toBe(0);
  await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.retries?.next === undefined);
  expect(removals(here)).toEqual([`${pod}: rm file`]);
  expect(here.cluster.objects.size).toBe(0);
});

it("a cluster that was deleted meanwhile has nothing left in it, at clean-up and where more is tried later", async () => {
  const gone = (code: string) =>
    new UpstreamError("The Resource 'aks-shop' was not found.", {
      system: "azure",
      status: 404,
      code,
      retryable: false,
    });
  const here = simulationBench(redis, onNode);
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.broken.set("reach", gone("ResourceNotFound"));
  expect((await here.drive(id)).cleanUp).toMatchObject({ left: [], gone: true });
  expect(report(here)).toContain("the cluster was deleted, so nothing is left in it");
  await sweepClusters(here.ports);
  expect(await here.ports.store.runs.visited()).toEqual([]);

  const other = simulationBench(redis, onNode);
  const second = await other.approved();
  await other.drive(second.id, ({ state }) => state === "verifying");
  // It may belong to another directory now, with all that is in it.
  other.cluster.broken.set("reach", gone("SubscriptionNotFound"));
  expect((await other.drive(second.id)).cleanUp!.left.length).toBeGreaterThan(0);
  other.cluster.broken.set("reach", gone("ResourceGroupNotFound"));
  const swept = await other.sweepUntil(second.id, ({ cleanUp }) => cleanUp?.left.length === 0);
  expect(swept.cleanUp?.retries?.next).toBeUndefined();
});
