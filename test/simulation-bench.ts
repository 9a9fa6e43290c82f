import { isDeepStrictEqual } from "node:util";
import type { Ports } from "../src/definitions/ports.ts";
import type { Manifest, ScenarioDefinition } from "../src/domain/simulations/scenario.ts";
import type { Run } from "../src/domain/simulations/simulation.ts";
import { UpstreamError } from "../src/errors.ts";
import type { ClusterAccess, PodState } from "../src/ports/clusters.ts";
import { advance } from "../src/simulations/advance.ts";
import { preflight } from "../src/simulations/checks/preflight.ts";
import { sweepRuns } from "../src/simulations/clean-up/sweep.ts";
import type { Plan, SimulationPorts } from "../src/simulations/parts.ts";
import { decide, requestRun } from "../src/simulations/request.ts";
import { openStore } from "../src/store/store.ts";
import { coverage } from "./dispatch-estate.ts";
import { definitions } from "./dispatch-parts.ts";
import { quiet } from "./quiet.ts";
import type { TestRedis } from "./redis.ts";
import { runOf } from "./runs.ts";

type Labelled = Awaited<ReturnType<ClusterAccess["labelled"]>>[number];
const id = ({ kind, namespace, name }: { kind: string; namespace?: string; name: string }) =>
  `${kind} ${namespace ?? ""}/${name}`;

/** A cluster of a test's own, which implements the port: what is applied is there until it is removed. */
export type Cluster = ClusterAccess & {
  objects: Map<string, Manifest>;
  pods: Map<string, PodState>;
  logs: Map<string, string[]>;
  /** Commands that were run in pods. */
  commands: string[];
  /** Thrown by the call of that name, as long as it is here. */
  broken: Map<string, UpstreamError>;
  /** Objects that do not go away. */
  sticky: Set<string>;
  calls: string[];
};

export function refusing(code: string, retryable: boolean, message = code): UpstreamError {
  return new UpstreamError(message, { system: "kubernetes", status: retryable ? 0 : 403, code, retryable });
}

export function clusterOf(): Cluster {
  const objects = new Map<string, Manifest>();
  const labels = ({ metadata }: Manifest) => metadata.labels ?? {};
  const cluster: Cluster = {
    how: "direct",
    objects,
    pods: new Map(),
    logs: new Map(),
    commands: [],
    broken: new Map(),
    sticky: new Set(),
    calls: [],
    nodes: async () => [{ name: "n1", pool: "default", os: "linux", ready: true, sensor: "ready" }],
    defenderPods: async () => ({ components: [], constraintTemplates: 0 }),
    refusedRights: async () => [],
    unlistable: async () => [],
    dryRun: async () => [],
    confined: async () => ({ state: "confined", said: "" }),
    async look(object) {
      const there = objects.get(id(object));
      const run = there && labels(there)["breakwater/run"];
      return there && { ours: run !== undefined, run, terminating: false };
    },
    async namespace(name) {
      const there = objects.get(id({ kind: "Namespace", name }));
      if (!there) return "absent";
      return "breakwater/run" in labels(there) ? "ours" : "theirs";
    },
    whyTerminating: async (name) => `Namespace ${name} has been terminating`,
    replicaFailure: async () => undefined,
    async apply(manifests) {
      for (const manifest of manifests) {
        objects.set(id({ kind: manifest.kind, ...manifest.metadata }), manifest);
        const { name } = manifest.metadata;
        if (manifest.kind === "Pod" && !cluster.pods.has(name))
          cluster.pods.set(name, { phase: "Running", ready: true });
      }
    },
    pod: async (namespace, name) =>
      objects.has(id({ kind: "Pod", namespace, name })) ? cluster.pods.get(name) : undefined,
    log: async (_namespace, pod, from) => (cluster.logs.get(pod) ?? []).slice(from),
    async exec(_namespace, pod, _container, command) {
      cluster.commands.push(`${pod}: ${command.join(" ")}`);
      return { exitCode: 0, output: "" };
    },
    labelled: async (run) =>
      [...objects.values()]
        .filter((one) => (run ? labels(one)["breakwater/run"] === run : "breakwater/run" in labels(one)))
        .map(({ apiVersion, kind, metadata }): Labelled => {
          const { name, namespace, annotations } = metadata as typeof metadata & {
            annotations?: Record<string, string>;
          };
          const about = {
            run: metadata.labels!["breakwater/run"]!,
            expires: annotations?.["breakwater/expires"],
            terminating: false,
          };
          return { apiVersion, kind, name, namespace, ...about };
        })
        .sort((a, b) => Number(a.kind === "Namespace") - Number(b.kind === "Namespace")),
    async remove(object, run) {
      const there = objects.get(id(object));
      if (there?.metadata.labels?.["breakwater/run"] !== run) return true;
      if (cluster.sticky.has(object.name)) return false;
      objects.delete(id(object));
      cluster.pods.delete(object.name);
      return true;
    },
  };
  for (const [name, call] of Object.entries(cluster)) {
    if (typeof call !== "function") continue;
    Object.assign(cluster, {
      [name]: async (...args: unknown[]) => {
        cluster.calls.push(name);
        const error = cluster.broken.get(name) ?? cluster.broken.get("*");
        if (error) throw error;
        return (call as (...all: unknown[]) => unknown)(...args);
      },
    });
  }
  return cluster;
}

export type SimulationBench = {
  ports: SimulationPorts;
  cluster: Cluster;
  published: { notifier: string; event: { run: Run } & Record<string, unknown> }[];
  enqueued: { job: string; payload: unknown; wake?: boolean }[];
  pass(seconds: number): void;
  /** What is asked of Azure beside the cluster; a test replaces what it needs. */
  azure: Record<string, unknown>;
  /** Requests a run; no one has decided on it. */
  requested(about?: Partial<Plan>): Promise<Run>;
  /** Requests and approves a run. */
  approved(about?: Partial<Plan>): Promise<Run>;
  /** Calls the job as the queue would until it waits for people, is over, or `until` says so; time passes meanwhile. */
  drive(run: string, until?: (run: Run) => boolean): Promise<Run>;
  run(id: string): Promise<Run>;
  /** Sweeps every 20 seconds, as the schedule does and where there is something to do, and does the job of the run whenever that is asked for. */
  sweepUntil(run: string, until: (run: Run) => boolean): Promise<Run>;
};

/** Everything of a simulation but the far sides, with a clock of the test's own. */
export function simulationBench(redis: TestRedis, scenario?: Partial<ScenarioDefinition>): SimulationBench {
  let clock = Date.parse("2026-11-23T08:00:00.000Z");
  const cluster = clusterOf();
  const store = openStore(redis.connect(), redis.prefix(), []);
  const bench = { cluster, published: [], enqueued: [] } as unknown as SimulationBench;
  const { cluster: target, subscription } = runOf();
  bench.azure = {
    targets: async () => ({
      value: { clusters: [target], registries: [] },
      asOf: "",
      subscriptions: 1,
      unread: [],
    }),
    coverage: async () => ({ value: coverage, asOf: "", subscriptions: 1, unread: [] }),
    suppressionRules: async () => [],
    missingActions: async () => [],
    alerts: async () => ({ value: [], asOf: "", subscriptions: 1, unread: [] }),
    assessments: async () => ({ value: [], asOf: "", subscriptions: 1, unread: [], unassessed: [] }),
  };
  const web = definitions.scenarios.get("web-shell")!;
  const scenarios = new Map([...definitions.scenarios, ["web-shell", { ...web, ...scenario }]]);
  bench.ports = {
    store,
    azure: bench.azure,
    readings: {
      recommendations: async () => {
        const {
          value: assessments,
          unassessed,
          ...about
        } = await (bench.azure as unknown as Ports["azure"]).assessments();
        return { ...about, value: { assessments, unassessed }, began: bench.ports.clock.now(), estate: [] };
      },
    },
    clusters: {
      reach: async () => {
        const error = cluster.broken.get("reach") ?? cluster.broken.get("*");
        if (error) throw error;
        return cluster;
      },
    },
    publish: async (notifier: string, events: never[]) => {
      for (const event of events) bench.published.push({ notifier, event: structuredClone(event) });
      return { recorded: 0, updated: 0, muted: 0 };
    },
    queue: {
      enqueue: async (job: string, payload: unknown, options: { wake?: boolean } = {}) =>
        void bench.enqueued.push({ job, payload, ...options }),
    },
    rights: {
      may: async () => ({ allowed: true, why: { en: "", ja: "" } }),
      same: async (a: string, b: string) => a === b,
      named: async () => false,
    },
    clock: { now: () => new Date(clock).toISOString() },
    log: quiet,
    metrics: { count() {}, gauge() {}, observe() {} },
    settings: {
      schedules: { timezone: "UTC", drills: [] },
      simulations: {
        clusters: ["aks-*"],
        refuseTags: ["environment=production"],
        namespace: "breakwater-simulation",
        verifyMinutes: 75,
        images: { attacker: "a", victim: "v", busybox: "b" },
      },
    },
    definitions: { ...definitions, scenarios },
  } as unknown as SimulationPorts;
  bench.pass = (seconds) => {
    clock += seconds * 1000;
  };
  bench.run = async (id) => (await store.runs.get(id))!;
  bench.requested = async (about = {}) => {
    const plan: Plan = { scenario: "web-shell", cluster: target, subscription, parameters: {}, ...about };
    const result = await preflight(bench.ports, plan);
    const asked = {
      ...plan,
      reason: "why not",
      requester: "U0REQUESTER",
      channel: "C0CHANNEL01",
      preflight: result,
    };
    return (await requestRun(bench.ports, asked)).run;
  };
  bench.approved = async (about) => {
    const { id: run, code } = await bench.requested(about);
    const decided = await decide(bench.ports, { run, code, decision: "approve", person: "U0APPROVER1" });
    if (decided.kind !== "done") throw new Error(`not approved: ${decided.kind}`);
    return decided.run;
  };
  bench.drive = async (id, until = () => false) => {
    let late = 1;
    let last: Run | undefined;
    for (let calls = 0; calls < 2000; calls++) {
      const before = await bench.run(id);
      if (until(before)) return before;
      // A queue may call late, and the longer nothing changes, the later: an hour's wait takes few calls.
      late = isDeepStrictEqual(before, last) ? Math.min(late * 2, 8) : 1;
      last = before;
      const seconds = await advance(id, bench.ports);
      if (seconds === undefined) return bench.run(id);
      bench.pass(Math.max(seconds, 0.1) * late);
    }
    throw new Error(`The run does not end: ${JSON.stringify(await bench.run(id))}`);
  };
  bench.sweepUntil = async (id, until) => {
    for (let sweeps = 0; sweeps < 10_000; sweeps++) {
      const run = await bench.run(id);
      if (until(run)) return run;
      // Sweeps that would find nothing to do are left out.
      const due = Date.parse(run.cleanUp?.retries?.next ?? "") - clock;
      bench.pass(Math.max(20, due > 0 ? Math.ceil(due / 20_000) * 20 : 0));
      bench.enqueued.length = 0;
      await sweepRuns(bench.ports);
      if (bench.enqueued.length > 0) await bench.drive(id, until);
    }
    throw new Error(`It is never swept: ${JSON.stringify(await bench.run(id))}`);
  };
  return bench;
}

/** What the attacker of Microsoft's tool writes where the web shell worked. */
export const webShellLog = [
  "Started at 08:00",
  "--- Webshell ---",
  'Sending command "whoami" to victim',
  "nginx",
  "--- Simulation completed ---",
];
