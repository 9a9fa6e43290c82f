import { expect, it } from "vitest";
import { takeIn } from "../../src/alerts/take-in.ts";
import type { Alert, AlertSeen } from "../../src/domain/alerts/alert.ts";
import { UpstreamError } from "../../src/errors.ts";
import { advance } from "../../src/simulations/advance.ts";
import { sweepClusters, sweepRuns } from "../../src/simulations/clean-up/sweep.ts";
import { findSightings } from "../../src/simulations/evidence.ts";
import { partsOf } from "../../src/simulations/parts.ts";
import { cancelRun, decide, requestRun } from "../../src/simulations/request.ts";
import { simulated } from "../../src/simulations/sightings.ts";
import { alertOf } from "../alerts.ts";
import { coverage } from "../dispatch-estate.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf, time } from "../runs.ts";
import { refusing, type SimulationBench, simulationBench, webShellLog } from "../simulation-bench.ts";

const redis = redisForThisFile();
const attacker = "mdc-simulation-attacker";
const bench = (
  ...about: Parameters<typeof simulationBench> extends [unknown, ...infer More] ? More : never
) => {
  const made = simulationBench(redis, ...about);
  made.cluster.logs.set(attacker, webShellLog);
  return made;
};
/** An alert of the web shell, as Azure has it now. */
const webShell = ({ ports }: SimulationBench, id = "a1") => {
  const now = ports.clock.now();
  const about = {
    type: "K8S.NODE_Webshell",
    title: "Possible Web Shell activity detected",
    namespace: "breakwater-simulation",
  };
  return alertOf(id, { ...about, start: now, end: now, generated: now });
};
const states = ({ published }: SimulationBench) => [
  ...new Set(
    published.filter(({ notifier }) => notifier === "simulation").map(({ event }) => event.run.state),
  ),
];
/** The sweeper looks at a cluster every five minutes by Redis' own clock: this look is after that. */
const sweepAnew = ({ ports }: SimulationBench) =>
  sweepClusters({
    ...ports,
    store: { ...ports.store, once: { ...ports.store.once, first: async () => true } },
  });
const verdicts = (run: { verdicts: { verdict: string; seconds?: number }[] }) =>
  run.verdicts.map(({ verdict }) => verdict);

it("goes from request to report: applied, proved by its log, detected, and nothing is left", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  here.pass(120);
  expect(await simulated([webShell(here)], here.ports)).toEqual(
    new Map([["a1", { run: id, scenario: "web-shell", thread: "C0CHANNEL01" }]]),
  );
  const run = await here.drive(id);
  expect(run).toMatchObject({ state: "reported", happened: true, cleanUp: { left: [], removed: 6 } });
  expect(verdicts(run)).toEqual(["detected"]);
  expect(run.verdicts[0]!.seconds).toBeGreaterThanOrEqual(120);
  expect(here.cluster.objects.size).toBe(0);
  expect(states(here)).toEqual([
    "requested",
    "approved",
    "checked",
    "running",
    "verifying",
    "cleaning-up",
    "reported",
  ]);
  expect(here.published.filter(({ notifier }) => notifier === "drill-report").at(-1)?.event.run.id).toBe(id);
});

it("says missing after the wait, and edits it to late when the alert comes an hour later, twice", async () => {
  const here = bench();
  const { id } = await here.approved();
  const reported = await here.drive(id);
  expect(verdicts(reported)).toEqual(["missing"]);
  const late = { ...webShell(here), start: reported.started!, end: reported.started! };
  here.pass(3600);
  const came = { ...late, generated: here.ports.clock.now() };
  await simulated([came], here.ports);
  await simulated([came], here.ports);
  const run = await here.run(id);
  expect([run.state, verdicts(run), run.sightings.length]).toEqual(["reported", ["late"], 1]);
  expect(here.published.at(-1)?.event.run.verdicts).toEqual(run.verdicts);
});

it("is certain of an alert once its details name the run's namespace, though its row alone came first", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  here.pass(120);
  const api = webShell(here);
  const row: Alert = { ...api, whole: false, namespace: undefined, workload: undefined, entities: [] };
  const { store, clock } = here.ports;
  const published: string[] = [];
  const take = async (source: "row" | "api") => {
    const read = source === "row" ? { alert: row, row } : { alert: api, row, api };
    const subscriptions = [{ ...row.place.subscription, state: "Enabled" }];
    await takeIn(
      { alerts: [read], source, began: clock.now(), subscriptions },
      { seen: (await store.alerts.state([row.id])).seen, baseline: new Set([row.place.subscription.id]) },
      {
        store,
        clock,
        simulated: (alerts) => simulated(alerts, here.ports),
        publish: async (notifier, events, about) => {
          const why = (events[0] as AlertSeen).simulation;
          published.push([notifier, about?.known && "known", why?.likely ? "likely" : why?.thread].join(" "));
          return { recorded: 0, updated: 0, muted: 0 };
        },
        // Its details can't be read at the poll.
        azure: { alerts: async () => ({ value: [read], asOf: "", subscriptions: 1, unread: [] }) } as never,
      },
    );
    return published.splice(0);
  };
  expect(await take("row")).toEqual(["alert  likely"]);
  expect(await take("api")).toEqual(["alert known C0CHANNEL01", "simulated-alert  C0CHANNEL01"]);
  expect(await take("api")).toEqual([]);
  expect((await here.run(id)).sightings).toMatchObject([{ expectation: 0 }]);
  expect((await here.run(id)).sightings[0]).not.toHaveProperty("likely");
});

it("waits for what is only likely to become certain, and says that it did not once the wait is over", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  await simulated([{ ...webShell(here), namespace: undefined, entities: [] }], here.ports);
  await advance(id, here.ports);
  expect((await here.run(id)).state).toBe("verifying");
  const run = await here.drive(id);
  expect([run.state, verdicts(run), run.verdicts[0]!.sighting?.likely]).toEqual([
    "reported",
    ["detected"],
    true,
  ]);
});

const unreadable = async () => ({
  value: [],
  asOf: "",
  subscriptions: 1,
  unread: [{ id: "s", name: "Shop", why: "denied", detail: "AuthorizationFailed" }],
});

it("asks the alerts API once the wait is over: the poll may not have read anything meanwhile", async () => {
  const here = bench();
  const { id } = await here.approved();
  const { started } = await here.drive(id, ({ state }) => state === "verifying");
  const alert = { ...webShell(here), generated: new Date(Date.parse(started!) + 240_000).toISOString() };
  here.azure.alerts = async () => ({
    ...(await unreadable()),
    value: [{ alert, api: alert }],
    unread: [],
  });
  const run = await here.drive(id);
  expect([run.state, verdicts(run), run.verdicts[0]!.seconds]).toEqual(["reported", ["detected"], 240]);
});

it("says missing only of what could be read: waits for an hour, then unknown and why, then what came after all", async () => {
  const here = bench();
  let asked = 0;
  here.azure.alerts = () => {
    asked++;
    return unreadable();
  };
  const { id } = await here.approved();
  const run = await here.drive(id);
  expect(asked).toBeLessThan(100);
  expect(run).toMatchObject({ state: "reported", cleanUp: { left: [] } });
  expect([verdicts(run), run.unread]).toEqual([
    ["unknown"],
    expect.stringMatching(/^Alerts can't be read in .*: AuthorizationFailed$/),
  ]);
  const alert = { ...webShell(here), start: run.started!, end: run.started! };
  await simulated(
    [{ ...alert, generated: new Date(Date.parse(run.started!) + 60_000).toISOString() }],
    here.ports,
  );
  expect(verdicts(await here.run(id))).toEqual(["detected"]);
});

it("says missing where the alerts can be read again within the hour", async () => {
  const here = bench();
  here.azure.alerts = unreadable;
  const { id } = await here.approved();
  await here.drive(id, ({ troubled, state }) => state === "verifying" && troubled !== undefined);
  expect(verdicts(await here.run(id)).includes("missing")).toBe(false);
  const readable = await unreadable();
  here.azure.alerts = async () => ({ ...readable, unread: [] });
  expect(verdicts(await here.drive(id))).toEqual(["missing"]);
});

it("tells what holds a run up for longer than a moment, once, and that it goes on", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  here.azure.alerts = unreadable;
  await here.drive(id, ({ troubled }) => troubled !== undefined);
  here.pass(60);
  await here.drive(id, ({ troubled }) => troubled?.announced === true);
  here.pass(60);
  await advance(id, here.ports);
  const trouble = () => here.published.filter(({ event }) => event.run.troubled !== undefined);
  expect(trouble().map(({ event }) => event.run.troubled?.said)).toEqual([
    expect.stringMatching(/^Alerts can't be read in .*: AuthorizationFailed$/),
  ]);
  here.azure.alerts = async () => ({ ...(await unreadable()), unread: [] });
  await here.drive(id);
  expect(trouble()).toHaveLength(1);
  expect(here.published.at(-1)?.event.run.troubled).toBeUndefined();
});

it("tells nothing of an API server that restarts, and that clean-up goes on while the verdict is waited for", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.broken.set("labelled", refusing("ECONNREFUSED", true));
  await here.drive(id, ({ troubled }) => troubled !== undefined);
  here.cluster.broken.clear();
  const run = await here.drive(id, ({ cleanUp, troubled }) => cleanUp !== undefined && !troubled);
  expect(run.state).toBe("verifying");
  expect(here.published.some(({ event }) => event.run.troubled !== undefined)).toBe(false);
});

it("waits as long as Azure may ask where the alerts are throttled at the end", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state, cleanUp }) => state === "verifying" && cleanUp !== undefined);
  here.pass(4600);
  const { unread, ...read } = await unreadable();
  here.azure.alerts = async () => ({ ...read, unread: unread.map((one) => ({ ...one, why: "throttled" })) });
  expect(await advance(id, here.ports)).toBe(60);
});

it("an alert that comes before the log ends counts", async () => {
  const here = bench();
  here.cluster.logs.set(attacker, webShellLog.slice(0, 2));
  const { id } = await here.approved();
  await here.drive(id, ({ started, logged }) => started !== undefined && logged > 0);
  await simulated([webShell(here)], here.ports);
  here.cluster.logs.set(attacker, webShellLog);
  const run = await here.drive(id);
  expect([run.state, verdicts(run), run.logged]).toEqual(["reported", ["detected"], webShellLog.length]);
});

it("an alert that comes before the bot has seen the attack begin counts: it was away, or waited for a command", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "running");
  expect((await here.run(id)).started).toBeUndefined();
  await simulated([webShell(here)], here.ports);
  const run = await here.drive(id);
  expect([run.state, verdicts(run)]).toEqual(["reported", ["detected"]]);
});

it("an alert of the run before counts for that one, although the next is under way on the same cluster", async () => {
  const here = bench();
  const first = await here.approved();
  await here.drive(first.id, ({ state }) => state === "verifying");
  await simulated([webShell(here)], here.ports);
  const { started } = await here.drive(first.id);
  here.pass(120);
  const second = await here.approved();
  await here.drive(second.id, (run) => run.started !== undefined);
  const late = { ...webShell(here, "a2"), start: started!, end: started! };
  await simulated([late], here.ports);
  expect((await here.run(first.id)).sightings).toHaveLength(2);
  expect((await here.run(second.id)).sightings).toEqual([]);
});

it("a web shell that didn't answer is a failure of the attack, not of Defender", async () => {
  const here = bench();
  // What the attacker announces comes before it asks the victim [attack.sh].
  here.cluster.logs.set(
    attacker,
    webShellLog.filter((line) => line !== "nginx"),
  );
  const run = await here.drive((await here.approved()).id);
  expect(run).toMatchObject({
    state: "failed",
    happened: false,
    failure: { what: "not-happened", said: "--- Webshell ---" },
    cleanUp: { left: [] },
  });
  expect(here.cluster.objects.size).toBe(0);
});

it.each(["ImagePullBackOff", "Unschedulable"])(
  "a pod in %s is reported with its reason within two minutes",
  async (reason) => {
    const here = bench();
    const { id } = await here.approved();
    here.cluster.pods.set("mdc-simulation-victim", {
      phase: "Pending",
      ready: false,
      reason,
      message: "no such thing",
    });
    await here.drive(id, ({ applied }) => applied);
    const began = here.ports.clock.now();
    const run = await here.drive(id, ({ failure }) => failure !== undefined);
    expect(run.failure).toEqual({ what: "pod", said: `mdc-simulation-victim: ${reason}: no such thing` });
    expect(Date.parse(here.ports.clock.now()) - Date.parse(began)).toBeLessThan(120_000);
    expect((await here.drive(id)).state).toBe("failed");
    expect(here.cluster.objects.size).toBe(0);
  },
);

it.each([
  ["Evicted", "The node was low on resource: memory.", "Evicted: The node was low on resource: memory."],
  ["NodeLost", undefined, "NodeLost"],
])(
  "a pod that its node ends (%s) is reported as that, not as an attack that did nothing",
  async (reason, message, said) => {
    const here = bench();
    here.cluster.logs.set(attacker, webShellLog.slice(0, 2));
    const { id } = await here.approved();
    await here.drive(id, ({ logged }) => logged > 0);
    here.cluster.pods.set(attacker, { phase: "Failed", ready: false, reason, message });
    expect((await here.drive(id)).failure).toEqual({ what: "pod", said: `${attacker}: ${said}` });
  },
);

it("a policy that denies a pod is reported in its own words, and what was made before is removed", async () => {
  const here = bench();
  const { id } = await here.approved();
  const words =
    'admission webhook "validation.gatekeeper.sh" denied the request: Privileged container is not allowed';
  await here.drive(id, ({ state }) => state === "checked");
  here.cluster.broken.set("apply", refusing("Forbidden", false, words));
  const run = await here.drive(id);
  expect(run).toMatchObject({ state: "failed", failure: { what: "denied", said: words } });
});

it("a check that fails before the run ends it before anything is created", async () => {
  const here = bench();
  const { id } = await here.approved();
  here.cluster.dryRun = async () => [{ object: "Pod x", said: "denied by policy" }];
  const run = await here.drive(id);
  expect(run).toMatchObject({
    state: "failed",
    failure: { what: "checks", said: "admission: Pod x: denied by policy" },
  });
  expect(here.cluster.calls).not.toContain("apply");
});

it("an API server that is away for a minute holds the run up; one that stays away ends it, and says what may be left", async () => {
  const here = bench();
  const { id } = await here.approved();
  await here.drive(id, ({ applied }) => applied);
  here.cluster.broken.set("*", refusing("ECONNREFUSED", true, "connect ECONNREFUSED"));
  const began = Date.parse(here.ports.clock.now());
  const minute = () => Date.parse(here.ports.clock.now()) - began > 60_000;
  expect((await here.drive(id, minute)).state).toBe("running");
  here.cluster.broken.clear();
  await here.drive(id, ({ step }) => step > 0);
  here.cluster.broken.set("*", refusing("ECONNREFUSED", true, "connect ECONNREFUSED"));
  const run = await here.drive(id);
  expect(run).toMatchObject({
    state: "failed",
    failure: { what: "unreachable", said: "connect ECONNREFUSED" },
  });
  expect(run.cleanUp?.left).toEqual([
    {
      what: `breakwater/run=${id} (breakwater-simulation)`,
      why: "connect ECONNREFUSED",
      mend: expect.stringContaining(`--selector breakwater/run=${id}`),
    },
  ]);
  // The cluster is back: what was left is found by its label, removed, and the report corrected.
  here.cluster.broken.clear();
  await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.left.length === 0);
  expect(here.cluster.objects.size).toBe(0);
});

it("a namespace that does not end is said to be left, with the line that removes it; the sweeper corrects the report", async () => {
  const here = bench();
  const { id } = await here.approved();
  here.cluster.sticky.add("breakwater-simulation");
  await here.drive(id, ({ cleanUp }) => cleanUp !== undefined);
  await cancelRun(here.ports, { run: id, person: "U0REQUESTER" });
  const run = await here.drive(id);
  expect([run.state, run.cleanUp?.left]).toEqual([
    "cancelled",
    [
      {
        what: "Namespace breakwater-simulation",
        why: "",
        mend: "kubectl delete namespace breakwater-simulation",
      },
    ],
  ]);
  here.cluster.sticky.clear();
  const swept = await here.sweepUntil(id, ({ cleanUp }) => cleanUp?.left.length === 0);
  expect(swept.cleanUp).toMatchObject({ left: [], removed: 6 });
});

it("a namespace that others use is left, with the line that shows what is in it, and none that deletes it", async () => {
  const here = bench();
  const { id } = await here.approved();
  const { remove } = here.cluster;
  const about = { system: "kubernetes", status: 409, code: "NotEmpty", retryable: false } as const;
  here.cluster.remove = async (object, run) => {
    if (object.kind === "Namespace") throw new UpstreamError("it holds what is not this run's", about);
    return remove(object, run);
  };
  const [left] = (await here.drive(id)).cleanUp!.left;
  expect(left).toMatchObject({
    what: "Namespace breakwater-simulation",
    why: "it holds what is not this run's",
    mend: expect.stringMatching(/^kubectl api-resources .* --namespace breakwater-simulation$/),
  });
  expect(JSON.stringify(left)).not.toContain("delete");
});

it("somebody else's objects and namespace are never touched", async () => {
  const here = bench();
  const theirs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "breakwater-simulation" } };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "theirs", namespace: "breakwater-simulation" },
  };
  await here.cluster.apply([theirs, pod]);
  const run = await here.drive((await here.approved()).id);
  expect(run).toMatchObject({ state: "reported", cleanUp: { left: [], removed: 5 } });
  expect([...here.cluster.objects.values()]).toEqual([theirs, pod]);
});

it("an object outside is undone before the objects that reach it are removed", async () => {
  const step = { kind: "exec" as const, pod: attacker, container: "attacker", command: ["write", "file"] };
  const undo = { ...step, command: ["rm", "file"] };
  const here = bench({ steps: [step], undoSteps: [undo], cleanUp: "after-verdict" });
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  expect(here.cluster.objects.size).toBeGreaterThan(0);
  const run = await here.drive(id);
  expect(run).toMatchObject({ state: "reported", cleanUp: { left: [] }, undone: 1 });
  expect(here.cluster.commands).toEqual([
    expect.stringMatching(/^mdc-simulation-attacker: .* write file$/),
    `${attacker}: rm file`,
  ]);
});

it("what cannot be undone is left, with the command that undoes it", async () => {
  const step = { kind: "exec" as const, pod: attacker, container: "c", command: ["sh", "-c", "rm 'it'"] };
  const here = bench({ steps: [step], undoSteps: [step], cleanUp: "after-verdict" });
  const { id } = await here.approved();
  await here.drive(id, ({ state }) => state === "verifying");
  here.cluster.exec = async () => ({ exitCode: 1, output: "read-only file system" });
  const run = await here.drive(id);
  expect(run.cleanUp?.left).toEqual([
    {
      undo: 0,
      what: "sh -c rm 'it'",
      why: "exit 1 read-only file system",
      mend: `kubectl exec --namespace breakwater-simulation ${attacker} --container c -- sh -c 'rm '\\''it'\\'''`,
    },
  ]);
});

it("whatever state it is cancelled in, the run ends and nothing is left", async () => {
  for (const state of ["requested", "approved", "checked", "running", "verifying"] as const) {
    const here = bench();
    const { id } = await here.approved();
    if (state === "requested") await here.ports.store.runs.change(id, (run) => ({ ...run, state }));
    else await here.drive(id, (run) => run.state === state && (state !== "running" || run.applied));
    expect((await cancelRun(here.ports, { run: id, person: "U0REQUESTER" })).kind).toBe("done");
    const run = await here.drive(id);
    expect([state, run.state, run.cancelledBy, here.cluster.objects.size]).toEqual([
      state,
      "cancelled",
      "U0REQUESTER",
      0,
    ]);
    expect((await cancelRun(here.ports, { run: id, person: "U0REQUESTER" })).kind).toBe("over");
  }
});

it("killed after any call to the cluster, and called again, it comes to the same end", async () => {
  const whole = bench();
  await whole.drive((await whole.approved()).id);
  const calls = whole.cluster.calls.length;
  expect(calls).toBeGreaterThan(20);
  for (let killed = 5; killed < calls; killed += 4) {
    const here = bench();
    const { id } = await here.approved();
    // A call that has its effect, and whose caller dies before it can put that down.
    let left = killed - here.cluster.calls.length;
    for (const name of ["apply", "remove", "labelled", "log", "pod", "namespace"] as const) {
      const call = here.cluster[name] as (...args: unknown[]) => Promise<unknown>;
      Object.assign(here.cluster, {
        [name]: async (...args: unknown[]) => {
          const answer = await call(...args);
          if (left-- === 0) throw new Error("killed");
          return answer;
        },
      });
    }
    const again = async (): Promise<void> => {
      try {
        await here.drive(id);
      } catch (error) {
        if ((error as Error).message !== "killed") throw error;
        await again();
      }
    };
    await again();
    const run = await here.run(id);
    expect([killed, run.state, here.cluster.objects.size, run.logged]).toEqual([
      killed,
      "reported",
      0,
      webShellLog.length,
    ]);
  }
}, 180_000);

it("one run at a time on a cluster: the next waits, and is woken when the first is over", async () => {
  const here = bench();
  const first = await here.approved();
  here.pass(1);
  const second = await here.approved();
  expect(await advance(second.id, here.ports)).toBeGreaterThan(5);
  expect(here.published.at(-1)?.event).toMatchObject({
    run: { id: second.id, state: "approved" },
    before: 1,
  });
  await here.drive(first.id);
  expect(here.enqueued.at(-1)).toEqual({ job: "simulation", payload: { run: second.id }, wake: true });
  expect((await here.drive(second.id)).state).toBe("reported");
});

it("two approvers and a canceller at once: one decides, and the others hear that they came late", async () => {
  for (let round = 0; round < 10; round++) {
    const here = bench();
    const plan = {
      scenario: "web-shell",
      cluster: runOf().cluster!,
      subscription: runOf().subscription,
      parameters: {},
    };
    const preflight = { at: time(0), how: "direct" as const, checks: [], unexpected: {} };
    const {
      run: { id, code },
    } = await requestRun(here.ports, {
      ...plan,
      reason: "",
      requester: "U0REQUESTER",
      channel: "C1",
      preflight,
    });
    const approve = (person: string) => decide(here.ports, { run: id, code, decision: "approve", person });
    const [one, two, three] = await Promise.all([
      approve("U0ONE"),
      approve("U0TWO"),
      cancelRun(here.ports, { run: id, person: "U0REQUESTER" }),
    ]);
    const kinds = [one.kind, two.kind, three.kind];
    expect([one, two].filter(({ kind }) => kind === "done").length).toBeLessThanOrEqual(1);
    const run = await here.run(id);
    // A cancel comes through in any case: before the approval, or after here.
    expect([kinds, run.state]).toEqual([kinds, "cancelled"]);
    expect((await approve("U0THREE")).kind).toBe("used");
  }
});

it.each([
  ["by the requester", { person: "U0REQUESTER" }, {}, "own"],
  ["with the code of other parameters", { code: "0123456789abcdef" }, {}, "changed"],
  ["by somebody who is no approver any more", {}, { approver: false }, "no-right"],
  ["for a requester who lost the right", {}, { member: false }, "requester-lost-right"],
  ["after half an hour", {}, { minutes: 31 }, "expired"],
])(
  "an approval %s is refused",
  async (_, asked, about: { approver?: boolean; member?: boolean; minutes?: number }, kind) => {
    const here = bench();
    here.ports.rights.may = async (_person, access) => ({
      allowed: !(about[access as "approver" | "member"] === false),
      why: { en: "", ja: "" },
    });
    const plan = {
      scenario: "web-shell",
      cluster: runOf().cluster!,
      subscription: runOf().subscription,
      parameters: {},
    };
    const preflight = { at: time(0), how: "direct" as const, checks: [], unexpected: {} };
    const {
      run: { id, code },
    } = await requestRun(here.ports, {
      ...plan,
      reason: "",
      requester: "U0REQUESTER",
      channel: "C1",
      preflight,
    });
    here.pass((about.minutes ?? 0) * 60);
    const decided = await decide(here.ports, {
      run: id,
      code,
      decision: "approve",
      person: "U0APPROVER1",
      ...asked,
    });
    expect(decided.kind).toBe(kind);
    expect((await here.run(id)).state).toBe(kind === "expired" ? "expired" : "requested");
  },
);

it("the sweeper ends requests that no one decided on, and finds runs whose job was lost", async () => {
  const here = bench();
  const lost = await here.approved();
  await here.ports.store.runs.add(runOf({ id: "r-old", approvable: here.ports.clock.now() }));
  here.pass(60);
  here.enqueued.length = 0;
  expect(await sweepRuns(here.ports)).toEqual({ expired: 1, open: 2 });
  expect(here.enqueued).toEqual([{ job: "simulation", payload: { run: lost.id } }]);
  expect((await here.run("r-old")).state).toBe("expired");
});

it("an end that was recorded and not announced, because its process died in between, is announced by the sweeper", async () => {
  const here = bench();
  const { publish } = here.ports;
  for (const end of ["reported", "cancelled"] as const) {
    const { id } = await here.approved();
    if (end === "reported") await here.drive(id, ({ state }) => state === "cleaning-up");
    here.ports.publish = async (notifier, events) => {
      if ((events[0] as { run: { state: string } }).run.state === end) throw new Error("killed");
      return publish(notifier, events as never);
    };
    const dies =
      end === "reported" ? here.drive(id) : cancelRun(here.ports, { run: id, person: "U0REQUESTER" });
    await expect(dies).rejects.toThrow("killed");
    expect((await here.run(id)).state).toBe(end);
    here.ports.publish = publish;
    await sweepRuns(here.ports);
    expect(here.published.at(-1)?.event.run).toMatchObject({ id, state: end });
    expect(await here.ports.store.runs.untold()).toEqual([]);
  }
});

it("a request whose process died before it was shown is shown by the sweeper", async () => {
  const here = bench();
  const { publish } = here.ports;
  here.ports.publish = () => Promise.reject(new Error("killed"));
  await expect(here.requested()).rejects.toThrow("killed");
  here.ports.publish = publish;
  await sweepRuns(here.ports);
  expect(here.published.map(({ notifier, event }) => [notifier, event.run.state])).toEqual([
    ["simulation", "requested"],
  ]);
});

it("orphans of an unknown run are removed once their time has passed, and the cluster is then forgotten", async () => {
  const here = bench();
  const orphan = (name: string, expires: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "breakwater-simulation",
      labels: { "breakwater/run": "r-unknown" },
      annotations: { "breakwater/expires": expires },
    },
  });
  await here.cluster.apply([
    orphan("old", time(10)),
    orphan("young", time(60)),
    orphan("unreadable", "soon"),
  ]);
  await here.ports.store.runs.visit(runOf().cluster!, here.ports.clock.now());
  here.pass(20 * 60);
  expect(await sweepClusters(here.ports)).toBe(1);
  expect([...here.cluster.objects.values()].map(({ metadata }) => metadata.name)).toEqual([
    "young",
    "unreadable",
  ]);
  const calls = here.cluster.calls.length;
  expect(await sweepClusters(here.ports)).toBe(0);
  expect(here.cluster.calls.length).toBe(calls);
  expect(await here.ports.store.runs.visited()).toHaveLength(1);
  here.cluster.objects.clear();
  expect(await sweepAnew(here)).toBe(0);
  expect(await here.ports.store.runs.visited()).toEqual([]);
});

it("warns before approval that a namespace which it creates would stay", async () => {
  const here = bench();
  here.cluster.unlistable = async () => ["secrets", "configmaps", "a", "b", "c", "d"];
  const { preflight } = await here.approved();
  expect(preflight?.checks).toContainEqual({
    name: "namespace",
    state: "warning",
    blocks: false,
    said: "list secrets, configmaps, a, b, c +1",
  });
});

it("asks nothing of a namespace that is there already, and stays", async () => {
  const here = bench();
  here.cluster.unlistable = async () => ["secrets"];
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "breakwater-simulation" } };
  await here.cluster.apply([namespace]);
  const { preflight } = await here.approved();
  expect(preflight?.checks.map(({ name }) => name)).not.toContain("namespace");
});

it("does not begin where the namespace that it creates may not be deleted", async () => {
  const here = bench();
  here.cluster.refusedRights = async () => [{ right: "delete namespaces", why: "no rule allows it" }];
  const { preflight } = await here.approved();
  expect(preflight?.checks).toContainEqual(
    expect.objectContaining({
      name: "rights",
      state: "failed",
      blocks: true,
      said: "delete namespaces (no rule allows it)",
    }),
  );
});

it("never calls a finding missing that could not have been read", async () => {
  const here = bench();
  const registry = { ...runOf().cluster!, id: "/r", name: "acr", loginServer: "acr.azurecr.io" };
  here.azure.importImage = async () => ({ done: true, digest: "sha256:1" });
  here.azure.deleteImage = async () => true;
  here.azure.freshFindings = async () => ({ models: [] });
  const approved = await here.approved({ scenario: "vulnerable-image", cluster: undefined, registry });
  here.azure.missingActions = async (_scope: string, actions: string[]) =>
    actions.filter((action) => action.includes("assessments"));
  await here.drive(approved.id, ({ troubled }) => troubled !== undefined);
  expect((await here.run(approved.id)).troubled?.said).toBe(
    `Findings can't be read in ${approved.subscription.name}: Microsoft.Security/assessments/read is missing`,
  );
  here.pass(26 * 3600);
  await here.drive(approved.id, ({ troubled }) => troubled?.said.includes("assessments") === true);
  here.pass(3600);
  const run = await here.drive(approved.id);
  expect([run.state, verdicts(run)]).toEqual(["reported", ["unknown"]]);
  expect(run.unread).toContain("assessments/read is missing");
});

it.each([
  ["is about this run's pod", {}, 1],
  ["is about the pod of an earlier run", { since: time(-120) }, 0],
  [
    "is the cluster's, for long, and names the object",
    { since: time(-120), resource: "aks", cause: true },
    1,
  ],
  ["is of another cluster of that name", { group: "rg-other" }, 0],
  ["is of another workload", { resource: "payments-5d9" }, 0],
])("counts a recommendation by where it is and since when: one that %s", async (_, about, count) => {
  const {
    since,
    resource,
    cause,
    group,
  }: { since?: string; resource?: string; cause?: boolean; group?: string } = about;
  const here = bench();
  const object = "breakwater-misconfigured";
  const name = resource ?? `breakwater-simulation/${object}-7c9d8-x2x4z`;
  const assessment = {
    ...{ key: "k", title: "Privileged containers should be avoided", type: "data-plane", severity: "high" },
    ...{ status: "unhealthy", cause: cause ? `Objects: ${object}` : "", since: since ?? time(5) },
    resource: { id: `/x/${name}`, name, kind: "k8s-container" },
    place: { subscription: runOf().subscription, cluster: "AKS-Shop", resourceGroup: group ?? "RG-Shop" },
  };
  here.azure.assessments = async () => ({
    ...(await unreadable()),
    value: [assessment],
    unread: [],
    unassessed: [],
  });
  const run = runOf({ scenario: "misconfigured-workload", started: time(0), verifySeconds: 0 });
  expect(await findSightings(run, partsOf(run, here.ports)!, here.ports)).toHaveLength(count);
});

it("doesn't know of no sensor by the tag that excludes a cluster, where its pods can't be seen", async () => {
  const here = bench();
  const evidence = { ...coverage.clusters[0]!.excluded.evidence, said: "tag" };
  const own = {
    ...coverage.clusters[0]!,
    ...{ id: runOf().cluster!.id, excluded: { known: true, value: true, evidence } },
    sensorProfile: { known: true, value: "off", evidence },
  };
  here.azure.coverage = async () => ({
    ...(await unreadable()),
    value: { ...coverage, clusters: [own] },
    unread: [],
  });
  here.cluster.broken.set("nodes", refusing("Forbidden", false));
  const { preflight } = await here.requested();
  expect(preflight?.checks).toContainEqual({ name: "sensor", state: "unknown", blocks: false, said: "tag" });
  expect(preflight?.unexpected).toEqual({});
});

it("warns of a scoped suppression rule, and still calls its alert missing where it does not come", async () => {
  const here = bench();
  const rule = { name: "scanner", alertType: "k8s.node_webshell", enabled: true, scoped: true };
  here.azure.suppressionRules = async () => [rule];
  const { id, preflight } = await here.approved();
  expect(preflight?.checks).toContainEqual(
    expect.objectContaining({
      name: "suppression",
      state: "warning",
      said: "scanner (k8s.node_webshell, scoped)",
    }),
  );
  expect(verdicts(await here.drive(id))).toEqual(["missing"]);
});

it("expects no alert that an unscoped suppression rule hides, whatever the letter case of its type", async () => {
  const here = bench();
  here.azure.suppressionRules = async () => [
    { name: "all", alertType: "k8s.node_webshell", enabled: true, scoped: false },
  ];
  const { id } = await here.approved();
  expect(verdicts(await here.drive(id))).toEqual(["not-expected"]);
});
