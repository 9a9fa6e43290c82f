import { describe, expect, it } from "vitest";
import type { Run } from "../../src/domain/simulations/simulation.ts";
import { isOver } from "../../src/domain/simulations/transitions.ts";
import type { UpstreamError } from "../../src/errors.ts";
import { advance } from "../../src/simulations/advance.ts";
import { planWith } from "../coverage-readings.ts";
import { coverage } from "../dispatch-estate.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";
import { refusing, type SimulationBench, simulationBench, webShellLog } from "../simulation-bench.ts";

const redis = redisForThisFile();
const attacker = "mdc-simulation-attacker";

function bench(): SimulationBench {
  const here = simulationBench(redis);
  here.cluster.logs.set(attacker, webShellLog);
  return here;
}

/** Calls the job as the queue does, also after it threw, until the run is over. */
async function ended(here: SimulationBench, id: string): Promise<Run> {
  for (let calls = 0; calls < 1000; calls++) {
    const run = await here.run(id);
    if (isOver(run)) return run;
    const seconds = await advance(id, here.ports).catch(() => 600);
    here.pass(Math.max(300, seconds ?? 0));
  }
  throw new Error(`The run does not end: ${JSON.stringify(await here.run(id))}`);
}

const failures = {
  "does not answer": refusing("ECONNREFUSED", true),
  "refuses for want of a permission": refusing(
    "Forbidden",
    false,
    'User "b" cannot list resource "services"',
  ),
  "refuses otherwise": refusing("Invalid", false, "no such thing"),
  "makes the bot throw": new TypeError("undefined is not a function") as unknown as UpstreamError,
};
const states = ["approved", "checked", "running", "verifying", "cleaning-up"] as const;
const cases = Object.entries(failures).flatMap(([what, error]) =>
  states.map((state) => ({ what, error, state })),
);

describe("a run ends, with clean-up or with what is left,", () => {
  it.each(cases)("where the cluster $what from state $state on, for ever", async ({ error, state }) => {
    const here = bench();
    const { id } = await here.approved();
    await here.drive(id, (run) => run.state === state && (state !== "running" || run.applied));
    here.cluster.broken.set("*", error);
    const run = await ended(here, id);
    expect(here.cluster.objects.size === 0 || run.cleanUp!.left.length > 0).toBe(true);
  });

  it("where a pod never becomes ready, and where the log never comes", async () => {
    for (const pod of ["mdc-simulation-victim", attacker]) {
      const here = simulationBench(redis);
      const { id } = await here.approved();
      here.cluster.pods.set(pod, { phase: "Running", ready: false });
      expect(await here.drive(id)).toMatchObject({ state: "failed", cleanUp: { left: [] } });
      expect(here.cluster.objects.size).toBe(0);
    }
  });
});

describe("a namespace that is terminating", () => {
  it("is named before the approval, and waited for when the run begins", async () => {
    const here = bench();
    const { namespace } = here.cluster;
    here.cluster.namespace = async () => "terminating";
    const { id, preflight } = await here.approved();
    expect(preflight?.checks).toContainEqual(
      expect.objectContaining({
        ...{ name: "leftovers", state: "warning", blocks: false },
        said: "Namespace breakwater-simulation has been terminating",
      }),
    );
    await here.drive(id, ({ state }) => state === "running");
    for (let turn = 0; turn < 3; turn++) await advance(id, here.ports);
    here.pass(120);
    await advance(id, here.ports);
    expect(await here.run(id)).toMatchObject({ state: "running", applied: false });
    expect(here.cluster.calls).not.toContain("apply");
    here.cluster.namespace = namespace;
    expect(await here.drive(id, ({ applied }) => applied)).toMatchObject({ state: "running" });
  });

  it("that does not end ends the run before anything is created, in the words of its conditions", async () => {
    const here = bench();
    const { id } = await here.approved();
    await here.drive(id, ({ state }) => state === "checked");
    here.cluster.namespace = async () => "terminating";
    here.cluster.whyTerminating = async () => "Namespace x has been terminating, because: finalizers";
    const run = await ended(here, id);
    expect(run).toMatchObject({
      state: "failed",
      failure: { what: "denied", said: "Namespace x has been terminating, because: finalizers" },
    });
    expect(here.cluster.calls).not.toContain("apply");
  });
});

it("an extension that Azure could not turn on is not called on before the approval", async () => {
  const here = bench();
  const [own, ...others] = coverage.subscriptions;
  const plan = planWith("on");
  // [Pricings 2024-01-01, PutPricingByNamePartialSuccess_example: isEnabled "True", operationStatus "Failed"]
  const extensions = plan.extensions.map((one) => ({ ...one, failure: "Failed assigning roles" }));
  const value = { ...coverage, subscriptions: [{ ...own!, plan: { ...plan, extensions } }, ...others] };
  here.azure.coverage = async () => ({ value, asOf: "", subscriptions: 1, unread: [] });
  const registry = { ...runOf().cluster!, id: "/r", name: "acr", loginServer: "acr.azurecr.io" };
  const { preflight } = await here.requested({ scenario: "vulnerable-image", cluster: undefined, registry });
  expect(preflight?.checks).toContainEqual(
    expect.objectContaining({ name: "registry-access", state: "unknown", said: "Failed assigning roles" }),
  );
});
