import { seenPolicy, seenSensor } from "../domain/coverage/cluster-inputs.ts";
import type { Outcome } from "../domain/coverage/feature-value.ts";
import type { PodEvidence } from "../domain/coverage/pod-evidence.ts";
import {
  compareValues,
  type Enablement,
  type EnablementState,
  entered,
  isChanged,
  type Proof,
  type Step,
} from "../domain/enablement/enablement.ts";
import type { Evidence } from "../domain/reading/reading.ts";
import { UpstreamError } from "../errors.ts";
import { podsOf } from "../readings/cluster-pods.ts";
import { type EnablementPorts, move } from "./request.ts";

/** After this, what has no evidence is reported as stuck (issue: "says after an hour what is stuck"). */
const proveMinutes = 60;
/** Where the rest is proven and no one can look at what is left, this is long enough. */
const unknownMinutes = 10;

/**
 * Looks for the evidence that what was turned on works, and shows what is new.
 * @returns seconds until the next look; undefined where there is nothing left to wait for
 */
export async function prove(one: Enablement, ports: EnablementPorts): Promise<number | undefined> {
  const proofs: (Proof | undefined)[] = [];
  for (const step of one.steps) proofs.push(isChanged(step) ? await proofOf(step, ports) : undefined);
  const steps = one.steps.map((step, index) => (proofs[index] ? { ...step, proof: proofs[index] } : step));
  const now = ports.clock.now();
  const minutes = (Date.parse(now) - Date.parse(one.at.proving ?? now)) / 60_000;
  const end = endOf(steps, minutes);
  const news = JSON.stringify(steps) !== JSON.stringify(one.steps);
  if (end) {
    await ports.readings.outdate("coverage");
    await move(one, (there, at) => entered({ ...there, steps }, end, at), ports);
    return undefined;
  }
  if (news) await move(one, (there) => ({ ...there, steps }), ports);
  return minutes < 1 ? 5 : minutes < 10 ? 20 : 60;
}

/** The state that it ends in; undefined while there is something to wait for. */
export function endOf(steps: readonly Step[], minutes: number): EnablementState | undefined {
  const states = new Set(steps.filter(isChanged).map(({ proof }) => proof?.state ?? "waiting"));
  const failed = steps.some(({ state, failed }) => state === "failed" || failed !== undefined);
  if (states.has("waiting")) return minutes >= proveMinutes ? "stuck" : undefined;
  if (states.has("unknown") && minutes < unknownMinutes) return undefined;
  if (failed) return "stuck";
  return states.has("unknown") ? "unproven" : "proven";
}

async function proofOf(step: Step, ports: EnablementPorts): Promise<Proof> {
  try {
    const now = await ports.azure.valuesNow(step);
    const failed = Object.keys(step.failed ?? {});
    const wanted = Object.fromEntries(Object.entries(step.after).filter(([name]) => !failed.includes(name)));
    const state = now.provisioningState;
    const settings = Object.entries(now)
      .filter(([name]) => name in step.after)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ");
    if (compareValues({ ...step, after: wanted }, now) !== "on") return waiting(settings);
    if (state && !/^(succeeded|failed)$/i.test(state)) return waiting(`provisioningState: ${state}`);
    if (state && /^failed$/i.test(state)) return waiting("provisioningState: Failed");
    return step.kind === "cluster" ? await podProof(step, ports) : { state: "proven", said: settings };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { state: error.retryable ? "waiting" : "unknown", said: error.message.slice(0, 300) };
  }
}

function waiting(said: string): Proof {
  return { state: "waiting", said };
}

/** The profile says what was asked for; whether it works, the pods say. */
async function podProof(step: Step, ports: EnablementPorts): Promise<Proof> {
  const { id, name } = step.on;
  const pods = await podsOf({ id, name, private: false }, ports);
  if (!pods.known) return { state: "unknown", said: pods.why };
  const outcomes = outcomesOf(step, pods.value, pods.evidence);
  const said = outcomes.map(({ because }) => because[0]?.evidence.said ?? "").join("; ");
  if (outcomes.some(({ value }) => value === "off" || value === "partial")) return waiting(said);
  return { state: outcomes.some(({ value }) => value === "unknown") ? "unknown" : "proven", said };
}

function outcomesOf(step: Step, pods: PodEvidence, evidence: Evidence): Outcome[] {
  return [
    ...(step.after.sensor ? [seenSensor(pods, evidence, step)] : []),
    ...(step.after["policy-addon"] ? [seenPolicy(pods, evidence, step)] : []),
  ];
}
