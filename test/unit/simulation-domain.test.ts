import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { readLog, unproven, withLog } from "../../src/domain/simulations/log.ts";
import { marked, rehearsed } from "../../src/domain/simulations/objects.ts";
import { stuck } from "../../src/domain/simulations/pods.ts";
import { checked, judgeNodes, notExpected, refusedTags } from "../../src/domain/simulations/preflight.ts";
import { compare, isRegression, statistics } from "../../src/domain/simulations/proofs/history.ts";
import { judge, unexpectedOf, withSighting } from "../../src/domain/simulations/proofs/judge.ts";
import { matchAlert, plainTitle, sightingOf } from "../../src/domain/simulations/proofs/match.ts";
import { redact } from "../../src/domain/simulations/redact.ts";
import type { Expectation, ScenarioStep } from "../../src/domain/simulations/scenario.ts";
import { type Run, type RunState, runStates, type Verdict } from "../../src/domain/simulations/simulation.ts";
import {
  cancelled,
  endOf,
  enter,
  failed,
  isOver,
  mayFollow,
} from "../../src/domain/simulations/transitions.ts";
import { alertOf } from "../alerts.ts";
import { definitions } from "../dispatch-parts.ts";
import { runOf, time } from "../runs.ts";

const alert = (title: string, types: string[] = [], about: Partial<Expectation> = {}): Expectation =>
  ({
    kind: "alert",
    titles: [title],
    types,
    required: true,
    typicalMinutes: 15,
    depends: ["sensor"],
    ...about,
  }) as Expectation;
const metadata = alert("Access to cloud metadata service detected", ["K8S.NODE_ImdsCall"]);
const webShell = alert("Possible Web Shell activity detected", ["K8S.NODE_Webshell"]);
const expected = { expects: [webShell, metadata], objects: ["mdc-simulation-victim"], samples: false };
const running = (about: Partial<Run> = {}) => runOf({ state: "verifying", started: time(0), ...about });
const ours = { namespace: "breakwater-simulation", start: time(1), end: time(1), generated: time(5) };

describe("the states of a run", () => {
  it("no state that is over is ever left, and every other one leads to an end", () => {
    const ends = runStates.filter((state) => isOver({ state }));
    expect(ends).toEqual(["reported", "refused", "expired", "failed", "cancelled"]);
    for (const from of ends) for (const to of runStates) expect(mayFollow(from, to)).toBe(false);
    const reach = (state: RunState): boolean =>
      isOver({ state }) || runStates.some((next) => mayFollow(state, next) && reach(next));
    expect(runStates.filter((state) => !reach(state))).toEqual([]);
  });

  it("what may have created something never ends without clean-up", () => {
    for (const state of ["running", "verifying"] as const) {
      const run = runOf({ state });
      expect(cancelled(run, "U1", time(1))?.state).toBe("cleaning-up");
      expect(failed(run, { what: "pod", said: "" }, time(1))?.state).toBe("cleaning-up");
      for (const end of ["reported", "failed", "cancelled"] as const)
        expect(mayFollow(state, end)).toBe(false);
    }
    expect(cancelled(runOf({ state: "approved" }), "U1", time(1))?.state).toBe("cancelled");
    expect(cancelled(runOf({ state: "reported" }), "U1", time(1))).toBeUndefined();
  });

  it("nothing follows a refusal, and no one skips the approval", () => {
    expect(enter(runOf({ state: "refused" }), "approved", time(1))).toBeUndefined();
    expect(enter(runOf(), "running", time(1))).toBeUndefined();
    expect(enter(runOf(), "checked", time(1))).toBeUndefined();
  });

  it("a cancel weighs more than a failure, a failure more than a report", () => {
    expect(endOf({ cancelledBy: "U1", failure: { what: "pod", said: "" } })).toBe("cancelled");
    expect(endOf({ failure: { what: "pod", said: "" } })).toBe("failed");
    expect(endOf({})).toBe("reported");
  });
});

describe("alerts of a run", () => {
  it.each([
    ["by its type, whatever its name", { type: "k8s.node_imdscall", title: "Something else" }, 1],
    [
      "by its name where the type is unknown",
      { type: "NEW", title: "ACCESS to cloud metadata service detected (Preview)" },
      1,
    ],
    [
      "by its name with Preview in front",
      { type: "NEW", title: "Preview - Possible web shell activity detected" },
      0,
    ],
    ["as unexpected where nothing fits", { type: "K8S.NODE_Other", title: "Other" }, undefined],
  ])("are described %s", (_, about, expectation) => {
    expect(matchAlert(alertOf("a", { ...ours, ...about }), running(), expected, time(6))).toEqual({
      expectation,
    });
  });

  it.each([
    ["of another cluster", { place: { ...alertOf("a").place, cluster: "aks-other" } }],
    [
      "of a cluster of that name in another group",
      { place: { ...alertOf("a").place, resourceGroup: "rg-x" } },
    ],
    ["of another subscription", { place: { ...alertOf("a").place, subscription: { id: "s2", name: "x" } } }],
    ["of another namespace", { namespace: "kube-system" }],
    ["without namespace and pod, and not expected", { namespace: undefined, type: "X", title: "X" }],
    ["of eleven minutes before", { start: time(-12), end: time(-11) }],
    ["that is a sample", { sample: true }],
  ])("are not those %s", (_, about) => {
    expect(matchAlert(alertOf("a", { ...ours, ...about }), running(), expected, time(6))).toBeUndefined();
  });

  it.each([-5, 5])("are found with a clock that is %i minutes off", (skew) => {
    const off = { start: time(1 + skew), end: time(1 + skew), generated: time(5 + skew) };
    expect(matchAlert(alertOf("a", { ...ours, ...off }), running(), expected, time(6))).toEqual({
      expectation: 1,
    });
  });

  it.each([
    ["where it names the cluster", { compromisedEntity: "AKS-Shop" }, true],
    ["by the group of its nodes", { group: "MC_rg-shop_aks-shop_westeurope" }, true],
    ["not of a cluster whose name begins so", { group: "MC_rg-shop_aks-shop2_westeurope" }, false],
    ["not by the name of a node", { compromisedEntity: "aks-shop-12345678-vmss000000" }, false],
  ])(
    "on a machine are the cluster's %s",
    (_, { compromisedEntity = "x", group }: Record<string, string>, matched) => {
      const subscription = alertOf("a").place.subscription;
      const place = { subscription, ...(group && { resourceGroup: group }) };
      const about = { ...ours, place, compromisedEntity, entities: [], workload: undefined };
      expect(matchAlert(alertOf("a", about), running(), expected, time(6))).toEqual(
        matched ? { expectation: 1 } : undefined,
      );
    },
  );

  it("are the run's, whatever else they name, where they name the run: a file on a node is called after it", () => {
    const run = running();
    const file = { kind: "file", name: `breakwater-eicar-${run.id}.com`, facts: [] };
    const place = { subscription: alertOf("a").place.subscription, resourceGroup: "nodes" };
    const about = {
      ...ours,
      place,
      compromisedEntity: "aks-pool-1",
      namespace: undefined,
      workload: undefined,
    };
    const match = matchAlert(alertOf("a", { ...about, entities: [file] }), run, expected, time(6));
    expect(match).toEqual({ expectation: 1 });
    expect(matchAlert(alertOf("a", { ...about, entities: [] }), run, expected, time(6))).toBeUndefined();
  });

  it("of the node's malware are those of the test file, by Microsoft's name of it, and of no other malware", () => {
    const { expects } = definitions.scenarios.get("node-malware")!;
    const scenario = { ...expected, expects: expects as Expectation[] };
    const match = (title: string) =>
      matchAlert(alertOf("a", { ...ours, type: "VM_X", title }), running(), scenario, time(6));
    expect(match("'EICAR_Test_File' malware was detected (Agentless)")).toEqual({ expectation: 0 });
    expect(match("'ReverseShell' malware was detected (Agentless)")).toEqual({ expectation: undefined });
  });

  it("are found before the bot has seen the attack begin: the pods are there, and it looks at them now and then", () => {
    const run = running({ started: undefined, at: { ...running().at, running: time(1) } });
    expect(matchAlert(alertOf("a", ours), run, expected, time(6))).toEqual({ expectation: 1 });
    const never = { ...run, at: { requested: time(0) } };
    expect(matchAlert(alertOf("a", ours), never, expected, time(6))).toBeUndefined();
  });

  it("are found by pod where no namespace is named, an hour after the run was cleaned up", () => {
    const late = { ...ours, namespace: undefined, workload: "mdc-simulation-victim", type: "X", title: "X" };
    const run = running({ cleanUp: { at: time(4), removed: 5, left: [] } });
    expect(matchAlert(alertOf("a", late), run, expected, time(70))).toEqual({ expectation: undefined });
    const after = { ...late, start: time(30), end: time(30) };
    expect(matchAlert(alertOf("a", after), run, expected, time(70))).toBeUndefined();
  });

  it("are only likely where they name nothing of the run: a real one may have the same type, cluster and time", () => {
    const plain = {
      ...ours,
      type: "K8S.NODE_ImdsCall",
      namespace: undefined,
      workload: "payments",
      entities: [],
    };
    const match = (about: Partial<Alert>) =>
      matchAlert(alertOf("a", { ...plain, ...about }), running(), expected, time(6));
    expect(match({})).toEqual({ expectation: 1, likely: true });
    expect(match({ workload: "mdc-simulation-victim" })).toEqual({ expectation: 1 });
    expect(match({ namespace: "payments" })).toBeUndefined();
  });

  it("that are samples are the run's by their mark, subscription and time: their entities are invented", () => {
    const sample = alertOf("a", {
      sample: true,
      title: "[SAMPLE ALERT] Possible Web Shell activity detected",
      type: "SIM",
      start: time(-900),
      generated: time(2),
      place: { subscription: { id: "S1", name: "" }, cluster: "invented" },
    });
    const run = running({ cluster: undefined });
    const samples = { ...expected, samples: true };
    expect(matchAlert(sample, run, samples, time(3))).toEqual({ expectation: 0 });
    expect(matchAlert({ ...sample, generated: time(-30) }, run, samples, time(3))).toBeUndefined();
    expect(matchAlert({ ...sample, sample: false }, run, samples, time(3))).toBeUndefined();
  });

  it("compare without Preview, quotes and letter case", () => {
    expect(plainTitle("[Preview] A `Drift` binary")).toBe(plainTitle("a drift  binary (preview)"));
  });
});

describe("the verdict", () => {
  const seenAt = (minutes: number, expectation = 1) => ({
    ...sightingOf(alertOf(`a${minutes}`, { generated: time(minutes) }), { expectation }, time(minutes + 1)),
  });
  const of = (about: Partial<Run>, unseen?: "missing" | "unknown") =>
    judge([webShell, metadata], running({ verifySeconds: 4500, ...about }), unseen).map(
      ({ verdict, seconds }) => [verdict, seconds],
    );

  it("waits, then is missing or unknown; what comes is detected, and after the wait late", () => {
    expect(of({})).toEqual([
      ["waiting", undefined],
      ["waiting", undefined],
    ]);
    expect(of({}, "missing")).toEqual([
      ["missing", undefined],
      ["missing", undefined],
    ]);
    expect(of({ sightings: [seenAt(6)] }, "unknown")).toEqual([
      ["unknown", undefined],
      ["detected", 360],
    ]);
    for (const unseen of ["missing", "unknown"] as const) {
      const verdicts = judge([webShell, metadata], running(), unseen);
      expect(of({ verdicts, sightings: [seenAt(90)] })).toEqual([
        [unseen, undefined],
        ["late", 5400],
      ]);
    }
  });

  it("takes the first of two alerts that is certain", () => {
    const [likely, certain] = [{ ...seenAt(6), likely: true as const }, seenAt(20)];
    expect(of({ sightings: [likely] })[1]).toEqual(["detected", 360]);
    expect(of({ sightings: [likely, certain] })[1]).toEqual(["detected", 1200]);
  });

  it("takes the first of two alerts, and no negative time from a clock that is slow", () => {
    expect(of({ sightings: [seenAt(20), seenAt(6)] })[1]).toEqual(["detected", 360]);
    expect(of({ sightings: [seenAt(-3)] })[1]).toEqual(["detected", 0]);
  });

  it("is not missing where it could not have come, and detected where it came all the same", () => {
    const preflight = {
      at: time(0),
      how: "direct" as const,
      checks: [],
      unexpected: { 0: "sensor" as const, 1: "sensor" as const },
    };
    expect(of({ preflight, sightings: [seenAt(6)] }, "missing")).toEqual([
      ["not-expected", undefined],
      ["detected", 360],
    ]);
  });

  it("counts an alert that comes twice once, and learns its time from the second", () => {
    const first = { ...seenAt(6), generated: undefined };
    const run = [first, seenAt(6), first].reduce(withSighting, running());
    expect(run.sightings).toEqual([seenAt(6)]);
    expect(withSighting(run, first)).toBe(run);
  });

  it("lists what was not expected", () => {
    const run = running({ sightings: [seenAt(6), { ...seenAt(7), expectation: undefined }] });
    expect(unexpectedOf(run).map(({ id }) => id)).toEqual(["a7"]);
  });
});

describe("the log of the attack", () => {
  const step = {
    headings: ["--- Webshell ---", "--- Reconnaissance ---"],
    ends: "--- Simulation completed ---",
  };
  const whole = [
    "Started at 08:00",
    "--- Webshell ---",
    'Sending command "whoami" to victim',
    "root",
    "",
    "--- Reconnaissance ---",
    "yes",
    "--- Simulation completed ---",
  ];

  it("proves it only where each heading has a result below it, however the lines arrive", () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const reading = readLog(readLog(undefined, whole.slice(0, cut), step), whole.slice(cut), step);
      expect([unproven(reading, step.headings), reading.ended, reading.lines]).toEqual([
        [],
        true,
        whole.length,
      ]);
    }
  });

  it.each([
    ["the closing line alone", ["Started at 08:00", "--- Simulation completed ---"]],
    [
      "headings without results",
      ["--- Webshell ---", "--- Reconnaissance ---", "--- Simulation completed ---"],
    ],
    [
      "what the attacker announces",
      [
        "--- Webshell ---",
        'Sending command "whoami" to victim',
        "--- Reconnaissance ---",
        "Sending payload request to the victim pod",
      ],
    ],
    [
      "a web server's page about an error",
      ["--- Webshell ---", "<html>", "<head><title>502 Bad Gateway</title></head>", "--- Reconnaissance ---"],
    ],
    [
      "what curl says of a victim that it did not reach",
      ["--- Webshell ---", "curl: (6) Could not resolve host: victim", "--- Reconnaissance ---", ""],
    ],
    ["nothing", []],
  ])("proves nothing by %s", (_, lines) => {
    expect(unproven(readLog(undefined, lines, step), step.headings)).toEqual(step.headings);
  });

  it("proves all attacks of one request by what the victim answered below their own headings", () => {
    const { steps } = definitions.scenarios.get("all")!;
    const all = (steps as ScenarioStep[]).find((one) => one.kind === "follow-log")!;
    const announced = [
      "Started at 08:00",
      "--- Webshell ---",
      "Sending payload request to the victim pod",
      " ",
    ];
    const answered = all.headings.flatMap((heading) => [heading, "Sending request to IMDS", " "]);
    const read = (lines: string[]) =>
      unproven(readLog(undefined, [...announced, ...lines, all.ends], all), all.headings);
    expect([all.headings.length, read(answered), read([])]).toEqual([5, [], all.headings]);
  });

  it("keeps its last lines, each of a bounded length", () => {
    const run = withLog(
      runOf(),
      Array.from({ length: 500 }, (_, n) => `${n} ${"x ".repeat(5000)}`),
    );
    expect([run.logged, run.log.length <= 100, run.log.at(-1)?.startsWith("499 ")]).toEqual([
      500,
      true,
      true,
    ]);
    expect(Math.max(...run.log.map(({ length }) => length))).toBeLessThan(1000);
  });
});

describe("a line of the log", () => {
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 200 }).map((some) => Buffer.from(some));
  const part = fc.record({
    alg: fc.constantFrom("RS256", "ES256"),
    kid: fc.string({ minLength: 1 }),
    sub: fc.string(),
  });
  const webToken = fc
    .tuple(part, part, bytes)
    .map(([head, body, signature]) =>
      [
        ...[head, body].map((one) => Buffer.from(JSON.stringify(one)).toString("base64url")),
        signature.toString("base64url"),
      ].join("."),
    );
  const beginning = fc
    .tuple(webToken, fc.integer({ min: 8, max: 400 }))
    .map(([token, end]) => token.slice(0, end));
  const opaque = fc.oneof(
    bytes.map((some) => some.toString("base64")),
    bytes.map((some) => some.toString("base64url")),
    bytes.map((some) => some.toString("hex")),
  );
  const named = fc.tuple(
    fc.constantFrom(
      '"access_token":"',
      "DB_PASSWORD=",
      "client_secret: ",
      "Authorization: Bearer ",
      "token=",
      "AccountKey=",
    ),
    fc.stringMatching(/^[A-Za-z0-9._~+/-]{8,60}$/),
  );
  const around = fc.constantFrom(
    "",
    "token is: ",
    "cat /var/run/secrets/kubernetes.io/serviceaccount/token ",
    "{",
    "> ",
  );
  const survives = (line: string, token: string) => {
    const pieces = Array.from({ length: Math.max(0, token.length - 7) }, (_, at) => token.slice(at, at + 8));
    const kept = redact(line);
    return pieces.filter((piece) => kept.includes(piece));
  };

  it("keeps no eight characters of a token, or of its beginning", () => {
    fc.assert(
      fc.property(around, fc.oneof(webToken, beginning, opaque), around, (before, token, after) => {
        expect(survives(`${before}${token} ${after}`, token)).toEqual([]);
      }),
      {
        numRuns: 500,
        examples: ["AAAAAAAAAAAAAGAAAAAAAAAAAAAAAAAA", "AAAAAAAAewAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"].map(
          (token) => ["", token, ""],
        ),
      },
    );
  });

  it("keeps no value of what is called a secret", () => {
    fc.assert(
      fc.property(around, named, (before, [name, value]) => {
        expect(survives(`${before}${name}${value}"`, value)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "--- Reconnaissance ---",
    "/var/run/secrets/kubernetes.io/serviceaccount/token",
    "Nmap scan report for mdc-simulation-victim.breakwater-simulation.svc.cluster.local (10.244.0.12)",
    "aks-nodepool1-12345678-vmss000000 is up",
    "uid=0(root) gid=0(root) groups=0(root)",
    "KUBERNETES_SERVICE_HOST=10.0.0.1",
  ])("keeps what is none: %s", (line) => {
    expect(redact(line)).toBe(line);
  });
});

describe("history", () => {
  const earlier = (run: string, verdicts: [Verdict, number?][]) => ({
    run,
    at: time(0),
    verdicts: verdicts.map(([verdict, seconds], index) => ({ index, required: true, verdict, seconds })),
  });

  it("a regression is what was detected and is missing, or comes more than twice and ten minutes later", () => {
    const before = earlier("r-1", [
      ["detected", 60],
      ["detected", 600],
      ["detected", 600],
      ["missing"],
      ["not-expected"],
    ]);
    const now = earlier("r-2", [
      ["detected", 659],
      ["late", 1201],
      ["missing"],
      ["detected", 5],
      ["missing"],
    ]);
    expect(compare(now, before)).toEqual({
      with: "r-1",
      at: time(0),
      lost: [2],
      won: [3],
      slower: [{ index: 1, before: 600, seconds: 1201 }],
    });
    expect(isRegression(compare(before, before))).toBe(false);
    expect(isRegression(compare(earlier("r", [["detected", 700]]), earlier("q", [["detected", 60]])))).toBe(
      true,
    );
  });

  it("rate and median count what a run required and could expect", () => {
    const run = (id: string, minutes: number, verdicts: [Verdict, boolean, number?][]) =>
      runOf({
        id,
        state: "reported",
        started: time(minutes),
        verdicts: verdicts.map(([verdict, required, seconds], index) => ({
          index,
          title: { en: "", ja: "" },
          required,
          verdict,
          seconds,
        })),
      });
    const [result] = statistics([
      run("r-2", 20, [
        ["detected", true, 300],
        ["missing", true],
        ["not-expected", true],
      ]),
      run("r-1", 10, [
        ["detected", true, 100],
        ["late", true, 200],
        ["missing", false],
      ]),
      runOf({ id: "r-3", state: "failed", started: time(30) }),
    ]);
    expect(result).toMatchObject({
      target: "aks-shop",
      runs: 2,
      detected: 3,
      expected: 4,
      rate: 0.75,
      median: 200,
    });
    expect(result?.trend.map(({ run, rate, median }) => [run, rate, median])).toEqual([
      ["r-1", 1, 150],
      ["r-2", 0.5, 300],
    ]);
  });
});

describe("the check before a run", () => {
  it("names what cannot be expected, and leaves what is not known expected", () => {
    const drift = alert("A drift binary detected", [], { depends: ["sensor", "drift-rule"] });
    const audit = alert("Exposed service", ["K8S_Exposed"], { depends: ["audit-log"] });
    const checks = [checked("sensor", "failed"), checked("drift-rule", "unknown"), checked("plan", "ok")];
    expect(notExpected([webShell, drift, audit], checks, [])).toEqual({ 0: "sensor", 1: "sensor" });
    expect(
      notExpected(
        [webShell, drift, audit],
        [checked("sensor", "warning"), checked("drift-rule", "unknown")],
        ["k8s_exposed"],
      ),
    ).toEqual({ 2: "suppression" });
    expect(notExpected([webShell, audit], [checked("plan", "failed")], [])).toEqual({ 0: "plan", 1: "plan" });
  });

  it("keeps a run from beginning where a tag forbids it, or where tags cannot be read", () => {
    expect(refusedTags({ Environment: "Production", team: "a=b" }, ["environment=prod*"])).toEqual([
      "Environment=Production",
    ]);
    expect(refusedTags({ team: "a=b" }, ["team=a=b"])).toEqual(["team=a=b"]);
    expect([
      checked("tags", "unknown").blocks,
      checked("tags", "failed").blocks,
      checked("sensor", "failed").blocks,
    ]).toEqual([true, true, false]);
  });

  it.each([
    [
      "no Linux node",
      [{ name: "w", os: "windows", ready: true, sensor: "absent" }],
      undefined,
      ["nodes failed true"],
    ],
    [
      "a node that is not there",
      [{ name: "a", os: "linux", ready: true, sensor: "ready" }],
      "b",
      ["nodes failed true"],
    ],
    [
      "a sensor on one of two nodes",
      [
        { name: "a", os: "linux", ready: true, sensor: "ready" },
        { name: "b", os: "linux", ready: true, sensor: "absent" },
      ],
      undefined,
      ["nodes ok false", "sensor warning false"],
    ],
    [
      "the chosen node with its sensor",
      [
        { name: "a", os: "linux", ready: true, sensor: "ready" },
        { name: "b", os: "linux", ready: true, sensor: "absent" },
      ],
      "a",
      ["nodes ok false", "sensor ok false"],
    ],
    [
      "no sensor anywhere",
      [{ name: "a", os: "linux", ready: true, sensor: "absent" }],
      undefined,
      ["nodes ok false", "sensor failed false"],
    ],
    [
      "taints on every node: pods of a run tolerate none",
      [{ name: "a", os: "linux", ready: true, sensor: "ready", taint: "sku=gpu:NoSchedule" }],
      undefined,
      ["nodes failed true"],
    ],
    [
      "the sensor where no taint keeps the run away",
      [
        { name: "a", os: "linux", ready: true, sensor: "absent", taint: "sku=gpu:NoSchedule" },
        { name: "b", os: "linux", ready: true, sensor: "ready" },
      ],
      undefined,
      ["nodes ok false", "sensor ok false"],
    ],
    [
      "a chosen node that is tainted: its run tolerates that",
      [{ name: "a", os: "linux", ready: true, sensor: "ready", taint: "sku=gpu:NoSchedule" }],
      "a",
      ["nodes ok false", "sensor ok false"],
    ],
    [
      "arm64, for which not every image has a build",
      [{ name: "a", os: "linux", ready: true, sensor: "ready", arm64: true as const }],
      undefined,
      ["nodes warning false", "sensor ok false"],
    ],
    [
      "sensors that cannot be seen",
      [{ name: "a", os: "linux", ready: true, sensor: "unknown" }],
      undefined,
      ["nodes ok false", "sensor unknown false"],
    ],
  ])("judges nodes: %s", (_, nodes, chosen, said) => {
    const checks = judgeNodes(nodes, chosen).filter(({ name }) => name !== "helm-sensor");
    expect(checks.map(({ name, state, blocks }) => `${name} ${state} ${blocks}`)).toEqual(said);
  });

  it("names the taints that keep every pod of a run away", () => {
    const nodes = ["a", "b", "c", "d"].map((name) => ({
      ...{ name, os: "linux", ready: true, sensor: "ready", taint: "CriticalAddonsOnly=true:NoSchedule" },
    }));
    expect(judgeNodes(nodes, undefined)[0]?.said).toBe(
      "Linux: 4, ready: 4, tainted: a (CriticalAddonsOnly=true:NoSchedule), b (CriticalAddonsOnly=true:NoSchedule), c (CriticalAddonsOnly=true:NoSchedule) +1",
    );
  });

  it("names three nodes of those that lack the sensor in the same way, and counts the others", () => {
    const nodes = ["a", "b", "c", "d", "e"].map((name) => ({
      name,
      os: "linux",
      ready: true,
      sensor: name === "e" ? "not-ready" : "absent",
    }));
    const sensor = judgeNodes(nodes as never, undefined).find(({ name }) => name === "sensor");
    expect(sensor).toMatchObject({ state: "failed", said: "absent: a, b, c +1; not-ready: e" });
  });

  it.each([
    ["ImagePullBackOff", 20, false],
    ["ImagePullBackOff", 31, true],
    ["InvalidImageName", 1, true],
    ["Unschedulable", 80, false],
    ["Unschedulable", 91, true],
    ["ContainerCreating", 111, true],
  ])("a pod in %s is given up after %i seconds: %s", (reason, waited, given) => {
    const why = stuck({ phase: "Pending", ready: false, reason, message: "words" }, waited);
    expect(why).toBe(given ? `${reason}: words` : undefined);
  });
});

it("every object carries its run and its time to live, and its pods do; the rehearsal names no service account", () => {
  const objects = marked(
    [
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", labels: { name: "p" } },
        spec: { serviceAccountName: "s", x: 1 },
      },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "d" },
        spec: { template: { metadata: { labels: { app: "d" } }, spec: { serviceAccountName: "s" } } },
      },
    ],
    { id: "r-1", namespace: "ns" },
    time(60),
  );
  const marks = {
    labels: { "app.kubernetes.io/managed-by": "breakwater", "breakwater/run": "r-1" },
    annotations: { "breakwater/expires": time(60) },
  };
  expect(objects).toMatchObject([
    { metadata: { ...marks, namespace: "ns", labels: { name: "p" } }, spec: { serviceAccountName: "s" } },
    {
      metadata: marks,
      spec: { template: { metadata: { ...marks, labels: { app: "d", "breakwater/run": "r-1" } } } },
    },
  ]);
  expect(JSON.stringify(rehearsed(objects))).not.toContain("serviceAccountName");
});
