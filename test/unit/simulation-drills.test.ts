import { expect, it } from "vitest";
import type { Ports } from "../../src/definitions/ports.ts";
import type { Drill } from "../../src/domain/settings.ts";
import drillsJob from "../../src/jobs/drills.ts";
import { previousSlot } from "../../src/queue/cron.ts";
import { simulated } from "../../src/simulations/sightings.ts";
import { alertOf } from "../alerts.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";
import { type SimulationBench, simulationBench, webShellLog } from "../simulation-bench.ts";

const redis = redisForThisFile();
const weekly: Drill = {
  cron: "0 * * * *",
  scenario: "web-shell",
  cluster: "AKS-shop",
  approvedBy: "U0APPROVER1",
};

function benchOf(drills: Drill[]): SimulationBench & { fire(): Promise<void>; runs(): Promise<string[]> } {
  const bench = simulationBench(redis);
  bench.cluster.logs.set("mdc-simulation-attacker", webShellLog);
  bench.ports.settings.schedules.drills = drills;
  bench.ports.queue.previousSlot = (line, after, now) => previousSlot(line, "UTC", after, now);
  const fire = async () => void (await drillsJob.run({}, bench.ports as Ports, { id: "j", attempt: 1 }));
  const runs = async () => (await bench.ports.store.runs.list()).map(({ id }) => id);
  return Object.assign(bench, { fire, runs });
}
const reported = ({ published }: SimulationBench, name: string) =>
  published.filter(({ notifier }) => notifier === name).map(({ event }) => event);
/** Lets the run end, its alert coming so many seconds after the attack; none: it stays missing. */
async function end(bench: SimulationBench, id: string, seconds?: number) {
  await bench.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  const start = (await bench.run(id)).started!;
  if (seconds !== undefined) {
    const generated = new Date(Date.parse(start) + seconds * 1000).toISOString();
    bench.pass(seconds);
    const about = {
      type: "K8S.NODE_Webshell",
      namespace: "breakwater-simulation",
      start,
      end: start,
      generated,
    };
    await simulated([alertOf(`a-${id}`, about)], bench.ports);
  }
  return bench.drive(id);
}

it("starts each slot once, with the permanent approval of the file, and catches up with one that was missed once", async () => {
  const bench = benchOf([weekly]);
  await bench.fire();
  expect(await bench.runs()).toEqual([]);
  bench.pass(3 * 3600 + 60);
  await Promise.all([bench.fire(), bench.fire()]);
  await bench.fire();
  const [id, ...others] = await bench.runs();
  expect(others).toEqual([]);
  const run = await bench.run(id!);
  expect(run).toMatchObject({
    state: "approved",
    requester: "U0APPROVER1",
    approver: "U0APPROVER1",
    channel: "",
  });
  expect(run.drill).toEqual({ name: "0 * * * * web-shell AKS-shop", slot: "2026-11-23T11:00:00.000Z" });
  expect((await end(bench, id!, 60)).state).toBe("reported");
  expect(reported(bench, "simulation")).toEqual([]);
  expect(reported(bench, "drill-report").at(-1)).toMatchObject({ run: { id, state: "reported" } });
});

it.each<[string, Partial<Drill>, string]>([
  ["no permanent approval", { approvedBy: undefined }, "no-approval"],
  ["a scenario that is not there", { scenario: "nothing" }, "no-scenario"],
  ["a cluster that is not there", { cluster: "aks-gone" }, "no-cluster"],
  ["a parameter that is missing", { scenario: "node-malware" }, "parameters"],
])("with %s it says so, once for its slot, and runs nothing", async (_, about, why) => {
  const bench = benchOf([{ ...weekly, ...about }]);
  await bench.fire();
  bench.pass(3600);
  await bench.fire();
  await bench.fire();
  expect(reported(bench, "drill-refused")).toMatchObject([{ why, slot: "2026-11-23T09:00:00.000Z" }]);
  expect(await bench.runs()).toEqual([]);
});

it.each([
  ["aks-shop", ["rg-shop", "rg-other"], [], "no-cluster"],
  ["RG-other/aks-shop", ["rg-shop", "rg-other"], [], undefined],
  ["aks-shop", [], [{ id: "s9", name: "Unread" }], "not-read"],
] as const)(
  "on %s, where groups %j have one and %j wasn't read: %s",
  async (cluster, groups, unread, why) => {
    const bench = benchOf([{ ...weekly, cluster }]);
    const one = runOf().cluster!;
    const clusters = groups.map((resourceGroup) => ({ ...one, id: `/${resourceGroup}`, resourceGroup }));
    bench.azure.targets = async () => ({
      ...{ asOf: "", subscriptions: 1, unread },
      value: { clusters, registries: [] },
    });
    await bench.fire();
    bench.pass(3600);
    await bench.fire();
    expect(reported(bench, "drill-refused").map((event) => (event as { why?: string }).why)).toEqual(
      why ? [why] : [],
    );
    const [id] = await bench.runs();
    expect(id && (await bench.run(id)).cluster?.id).toBe(why ? undefined : "/rg-other");
  },
);

it.each(["deactivated", "unread"] as const)(
  "where the approver's account is %s, nothing runs, and it says so once",
  async (cause) => {
    const bench = benchOf([weekly]);
    bench.ports.rights.may = async () => ({ allowed: false, why: { en: "", ja: "" }, cause });
    await bench.fire();
    bench.pass(3600);
    await bench.fire();
    await bench.fire();
    expect(reported(bench, "drill-refused")).toMatchObject([{ why: `approval-${cause}` }]);
    expect(await bench.runs()).toEqual([]);
  },
);

it("where the approver lost the right, or the cluster is no longer allowed, it says so", async () => {
  for (const why of ["approval-lost", "not-allowed"]) {
    const bench = benchOf([weekly]);
    if (why === "approval-lost")
      bench.ports.rights.may = async () => ({ allowed: false, why: { en: "", ja: "" } });
    else bench.ports.settings.simulations.clusters = ["other-*"];
    await bench.fire();
    bench.pass(3600);
    await bench.fire();
    expect(reported(bench, "drill-refused")).toMatchObject([{ why }]);
  }
});

it("a drill that a check forbids is reported all the same", async () => {
  const bench = benchOf([weekly]);
  bench.cluster.dryRun = async () => [{ object: "Pod x", said: "denied" }];
  await bench.fire();
  bench.pass(3600);
  await bench.fire();
  const run = await bench.drive((await bench.runs())[0]!);
  expect(run.failure?.what).toBe("checks");
  expect(reported(bench, "drill-report").at(-1)).toMatchObject({ run: { state: "failed" } });
});

it("announces what is detected no more, or much later than the last time, and nothing else", async () => {
  const bench = benchOf([weekly]);
  await bench.fire();
  const after = async (seconds?: number) => {
    bench.pass(3 * 3600);
    await bench.fire();
    const [id] = await bench.runs();
    await end(bench, id!, seconds);
    return reported(bench, "drill-regression").length;
  };
  expect([await after(60), await after(600), await after(1300), await after(1300), await after()]).toEqual([
    0, 0, 1, 1, 2,
  ]);
  expect(reported(bench, "drill-regression")).toMatchObject([
    { comparison: { lost: [], slower: [{ index: 0, before: 600, seconds: 1300 }] } },
    { comparison: { lost: [0], slower: [] } },
  ]);
});
