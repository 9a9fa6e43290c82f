import { createHash, randomBytes } from "node:crypto";
import { lostRight, type Undecided, undecided } from "../approvals/decide.ts";
import { approvableUntil } from "../approvals/expiry.ts";
import type { Preflight, Run } from "../domain/simulations/simulation.ts";
import { cancelled, enter } from "../domain/simulations/transitions.ts";
import type { Verdict } from "../ports/slack.ts";
import { announce } from "./announce.ts";
import { type Plan, partsOf, type SimulationPorts, verifySeconds } from "./parts.ts";

export const simulationJob = "simulation";

type Asked = Plan & {
  reason: string;
  requester: string;
  channel: string;
  preflight: Preflight;
  drill?: Run["drill"];
  /** Where a request may be made twice by one that was killed: the second is the first. */
  id?: string;
};

/**
 * Puts down a request and tells of it, with its buttons; nothing runs before somebody else approves.
 * @returns the one that is open already (`again`), where the same person asked for the same
 */
export async function requestRun(
  ports: SimulationPorts,
  asked: Asked,
): Promise<{ run: Run; again: boolean }> {
  const { clock, settings, store, metrics } = ports;
  const now = clock.now();
  const definition = partsOf(asked, ports)?.definition;
  if (!definition) throw new Error(`There is no scenario "${asked.scenario}" in src/scenarios/.`);
  const { drill, preflight, id, ...plan } = asked;
  const code = codeOf(plan);
  const open = (one: Run) => one.state === "requested" && one.code === code && now <= one.approvable;
  const there = id === undefined ? (await store.runs.open()).find(open) : undefined;
  if (there) return { run: there, again: true };
  const run: Run = {
    v: 1,
    ...plan,
    id: id ?? runId(),
    code,
    approvable: approvableUntil(now),
    state: "requested",
    at: { requested: now },
    namespace: settings.simulations.namespace,
    preflight,
    applied: false,
    step: 0,
    log: [],
    logged: 0,
    happened: false,
    verifySeconds: verifySeconds(definition, settings),
    sightings: [],
    verdicts: [],
    undone: 0,
    ...(drill && { drill }),
  };
  if (!(await store.runs.add(run))) return { run: (await store.runs.get(run.id)) ?? run, again: true };
  metrics.count("simulations_requested_total", { scenario: run.scenario });
  await announce(run, ports);
  return { run, again: false };
}

/** A Kubernetes label value that is hard to misread: no vowels, no letters that look like digits. */
function runId(): string {
  const letters = "bcdfghjkmnpqrstvwxz23456789";
  return `r-${[...randomBytes(10)].map((byte) => letters[byte % letters.length]).join("")}`;
}

/** Binds an approval to exactly these parameters: whatever is changed, the code is another. */
export function codeOf(plan: Plan & { reason: string; requester: string; channel: string }): string {
  const { scenario, cluster, registry, subscription, parameters, reason, requester, channel } = plan;
  const chosen = Object.entries(parameters).sort(([a], [b]) => a.localeCompare(b));
  const bound = [scenario, cluster?.id, registry?.id, subscription.id, chosen, reason, requester, channel];
  return createHash("sha256").update(JSON.stringify(bound)).digest("hex").slice(0, 16);
}

export type Decision =
  | { kind: "done"; run: Run }
  | { kind: "unknown-run" }
  | { kind: "expired"; run: Run }
  /** Somebody else was first. */
  | { kind: "used"; run: Run }
  /** The button belongs to other parameters than the run has. */
  | { kind: "changed"; run: Run }
  | (Undecided & { run: Run });

/**
 * Approves or refuses a request. The rights of both people are looked up now; of several who press at the same moment
 * exactly one has decided. The requester may not approve, and may withdraw their own request by `cancelRun`.
 * @param asked.code what the button carries
 */
export async function decide(
  ports: SimulationPorts,
  asked: { run: string; code: string; decision: "approve" | "refuse"; person: string },
): Promise<Decision> {
  const { store, clock, rights } = ports;
  const run = await store.runs.get(asked.run);
  if (!run) return { kind: "unknown-run" };
  if (run.state !== "requested") return { kind: run.state === "expired" ? "expired" : "used", run };
  if (run.code !== asked.code || codeOf(run) !== asked.code) return { kind: "changed", run };
  const not = await undecided(rights, { ...asked, requester: run.requester });
  if (not) return { ...not, run };
  const now = clock.now();
  const decided = await store.runs.change(run.id, (one) => {
    if (now > one.approvable) return enter(one, "expired", now);
    return asked.decision === "approve"
      ? enter(one, "approved", now, { approver: asked.person })
      : enter(one, "refused", now, { refusedBy: asked.person });
  });
  if (!decided) return { kind: "unknown-run" };
  const mine = decided.changed && decided.run.state !== "expired";
  if (decided.changed) await announceDecision(decided.run, ports);
  if (mine) return { kind: "done", run: decided.run };
  return { kind: decided.run.state === "expired" ? "expired" : "used", run: decided.run };
}

/**
 * Looks up again, when a run is about to use its approval, who gave it and who asked: the approval may have waited for the
 * cluster's turn. Undefined where it holds.
 */
export async function lostApproval(
  { requester, approver, drill }: Run,
  { rights }: Pick<SimulationPorts, "rights">,
): Promise<Verdict | undefined> {
  return lostRight(rights, [
    [approver ?? "", "approver"],
    // The preapproval of a drill has one person, who is not asked to be two.
    ...(drill ? [] : [[requester, "member"] as const]),
  ]);
}

/** Ends a run at any moment; what it created is removed by its job. */
export async function cancelRun(
  ports: SimulationPorts,
  asked: { run: string; person: string },
): Promise<{ kind: "done" | "over"; run: Run } | { kind: "unknown-run" }> {
  const { store, clock } = ports;
  const ended = await store.runs.change(asked.run, (run) => cancelled(run, asked.person, clock.now()));
  if (!ended) return { kind: "unknown-run" };
  if (!ended.changed) return { kind: "over", run: ended.run };
  await announceDecision(ended.run, ports);
  return { kind: "done", run: ended.run };
}

/** After a change from outside its job: the message is brought up to date, and the job goes on at once. */
async function announceDecision(run: Run, ports: SimulationPorts): Promise<void> {
  await ports.queue.enqueue(simulationJob, { run: run.id }, { wake: true });
  await announce(run, ports);
}
