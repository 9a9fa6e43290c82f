import { readLog, unproven, withLog } from "../../domain/simulations/log.ts";
import { stuck } from "../../domain/simulations/pods.ts";
import { runOnce, stillRunning } from "../../domain/simulations/run-once.ts";
import type { ScenarioStep } from "../../domain/simulations/scenario.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import type { ClusterAccess, PodState } from "../../ports/clusters.ts";
import { together } from "../command-journal.ts";
import type { Parts, SimulationPorts } from "../parts.ts";
import { fail, move, note, quietly, secondsSince } from "../transition.ts";
import { create, manifestsOf } from "./create.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { stepDone, withRead } from "./step-done.ts";

type Step<Kind extends ScenarioStep["kind"]> = Extract<ScenarioStep, { kind: Kind }>;
/** What a container that ended by itself has for its reason. */
const ownEnd = new Set(["Error", "Completed"]);
type Taken = Promise<number | undefined>;

/** Short at first, where most of it happens, then easy on the API server. */
const poll = (waited: number) => (waited < 15 ? 0.5 : 2);
const importMinutes = 15;
/** Seconds after which a command that was begun by a lost call is no longer waited for. */
const execSeconds = 120;

/** Takes one step of a scenario, or finds that it is not over yet. */
export async function stepOf(
  run: Run,
  parts: Parts,
  access: ClusterAccess | undefined,
  step: ScenarioStep,
  ports: SimulationPorts,
): Taken {
  if (run.stepSince === undefined) return note(run, { stepSince: ports.clock.now() }, ports);
  if (step.kind === "import-image") return importImage(run, step, ports);
  if (step.kind === "sample-alerts") return sampleAlerts(run, step, ports);
  if (!access) throw new Error(`${parts.definition.texts.en.summary}: ${step.kind} needs a cluster`);
  if (step.kind === "follow-log")
    return followLog(run, access, { ...step, container: containerOf(parts, step.pod) }, ports);
  if (step.kind === "exec") return exec(run, access, step, ports);
  if (step.kind === "create") return createHeld(run, parts, access, step, ports);
  return waitReady(run, parts, access, step, ports);
}

async function createHeld(
  run: Run,
  parts: Parts,
  access: ClusterAccess,
  { objects }: Step<"create">,
  ports: SimulationPorts,
): Taken {
  const wanted = manifestsOf(parts).held.filter(({ kind, metadata }) =>
    objects.some((one) => one.kind === kind && one.name === metadata.name),
  );
  const waiting = await create(run, wanted, run.stepSince, access, ports);
  return waiting ? waiting.next : stepDone(run, {}, ports);
}

/** The container of a pod as its manifest has it: a mesh may put its own beside it, and then it must be named. */
function containerOf({ definition, about }: Parts, pod: string): string | undefined {
  const manifest = definition
    .manifests(about)
    .find(({ kind, metadata }) => kind === "Pod" && metadata.name === pod);
  const { containers = [] } = (manifest?.spec ?? {}) as { containers?: { name?: string }[] };
  return containers[0]?.name;
}

async function followLog(
  run: Run,
  access: ClusterAccess,
  step: Step<"follow-log"> & { container?: string },
  ports: SimulationPorts,
): Taken {
  const waited = secondsSince(run.stepSince, ports);
  // Asked before the log is: where the pod has ended, the log that is read after it is whole.
  const pod = await access.pod(run.namespace, step.pod);
  if (!pod || pod.phase === "Pending") {
    const why = stuck(pod, waited);
    return why ? fail(run, "pod", `${step.pod}: ${why}`, ports) : poll(waited);
  }
  if (!run.started) return note(run, { started: ports.clock.now() }, ports);
  const lines = await access.log(run.namespace, step.pod, run.reading?.lines ?? 0, step.container);
  const reading = readLog(run.reading, lines, step);
  const further = { ...withLog(run, lines), reading };
  const over = reading.ended || pod.phase === "Succeeded" || pod.phase === "Failed";
  const missing = unproven(reading, step.headings);
  if (over && missing.length === 0) return stepDone(further, {}, ports);
  // Evicted, preempted, its node lost: the pod did not come to its end, and that is what there is to fix.
  if (pod.phase === "Failed" && !reading.ended && pod.reason && !ownEnd.has(pod.reason)) {
    const said = [`${step.pod}: ${pod.reason}`, pod.message].filter(Boolean).join(": ");
    return fail(await noted(further, run, ports), "pod", said, ports);
  }
  if (over) return fail(await noted(further, run, ports), "not-happened", missing.join(", "), ports);
  if (waited > step.minutes * 60) return fail(await noted(further, run, ports), "timeout", step.pod, ports);
  if (lines.length === 0) return poll(waited);
  await move(run, (one) => (one.logged === run.logged ? withRead(one, further) : undefined), ports);
  return poll(waited);
}

/** What was read is kept, also where it is the reason to fail. */
async function noted(further: Run, run: Run, ports: SimulationPorts): Promise<Run> {
  await quietly(run, (one) => withRead(one, further), ports);
  return further;
}

async function exec(run: Run, access: ClusterAccess, step: Step<"exec">, ports: SimulationPorts): Taken {
  const pod = await access.pod(run.namespace, step.pod);
  if (!pod?.ready) {
    const waited = secondsSince(run.stepSince, ports);
    const why = stuck(pod, waited);
    return why ? fail(run, "pod", `${step.pod}: ${why}`, ports) : poll(waited);
  }
  if (!run.started) return note(run, { started: ports.clock.now() }, ports);
  const command = runOnce(`${run.id}-${run.step}`, step.command);
  const { exitCode, output } = await access.exec(run.namespace, step.pod, step.container, command);
  if (exitCode === stillRunning)
    return secondsSince(run.stepSince, ports) > execSeconds ? fail(run, "timeout", step.pod, ports) : 2;
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const further = withLog(run, lines);
  if (exitCode === 0) return stepDone(further, {}, ports);
  return fail(
    await noted(further, run, ports),
    "exec",
    `exit ${exitCode} ${further.log.at(-1) ?? ""}`,
    ports,
  );
}

async function waitReady(
  run: Run,
  parts: Parts,
  access: ClusterAccess,
  step: Step<"wait-ready">,
  ports: SimulationPorts,
): Taken {
  const waited = secondsSince(run.stepSince, ports);
  const states = await together(
    step.pods.map(async (name) => ({ name, pod: await podOf(run, parts, access, name) })),
  );
  const waiting = states.filter(({ pod }) => !pod?.ready && pod?.phase !== "Succeeded");
  if (waiting.length === 0) return stepDone(run, {}, ports);
  for (const { name, pod } of waiting) {
    const why = stuck(pod, waited);
    if (why) return fail(run, "pod", `${name}: ${why}`, ports);
  }
  if (waited > step.minutes * 60) {
    const names = waiting.map(({ name, pod }) => `${name}: ${pod?.reason ?? pod?.phase ?? "NotFound"}`);
    return fail(run, "timeout", names.join(", "), ports);
  }
  return poll(waited);
}

/** The pod of that name, or one that a workload of that name made; else why the workload makes none. */
async function podOf(
  run: Run,
  { definition, about }: Parts,
  access: ClusterAccess,
  name: string,
): Promise<PodState | undefined> {
  const pod = await access.pod(run.namespace, name);
  if (pod) return pod;
  const made = (await access.labelled(run.id)).find(
    (one) => one.kind === "Pod" && one.name.startsWith(`${name}-`),
  );
  if (made) return access.pod(run.namespace, made.name);
  const owner = definition
    .manifests(about)
    .find(({ kind, metadata }) => kind !== "Pod" && metadata.name === name);
  if (!owner) return undefined;
  const { apiVersion, kind } = owner;
  const failure = await access.replicaFailure({ apiVersion, kind, namespace: run.namespace, name });
  return failure && { phase: "Pending", ready: false, ...failure };
}

async function importImage(run: Run, step: Step<"import-image">, ports: SimulationPorts): Taken {
  if (!run.registry) return fail(run, "denied", "registry", ports);
  if (!run.started) return note(run, { started: ports.clock.now() }, ports);
  const { done, digest } = await ports.azure.importImage(
    run.registry.id,
    step.source,
    step.repository,
    step.tag,
  );
  if (done) return stepDone(run, digest ? { digest } : {}, ports);
  if (secondsSince(run.stepSince, ports) > importMinutes * 60)
    return fail(run, "timeout", `${step.repository}:${step.tag}`, ports);
  return poll(secondsSince(run.stepSince, ports)) * 2;
}
