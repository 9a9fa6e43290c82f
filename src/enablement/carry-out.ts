import { lostRight } from "../approvals/decide.ts";
import { approvableUntil } from "../approvals/expiry.ts";
import {
  compareValues,
  type Enablement,
  enablementCode,
  entered,
  movedSettings,
  type Step,
  shownAgain,
  type Values,
} from "../domain/enablement/enablement.ts";
import { UpstreamError } from "../errors.ts";
import { type EnablementPorts, move } from "./request.ts";

/** How long Azure may fail to answer before an approval is given up. */
const mostWaitMs = 30 * 60_000;
/** Azure's words for: something else is just being changed, ask again [ARM, AKS error codes]. */
const busy = /^(Conflict|OperationNotAllowed|AnotherOperationInProgress|OperationInProgress)$/i;

/**
 * Makes in Azure what was approved, one step after the other, after a new look at the permissions of both people and at
 * every setting. It may be killed and run again at any moment: a step that was begun is looked at before it is done, so
 * nothing is written twice.
 * @throws UpstreamError where Azure may answer later
 */
export async function carryOut(one: Enablement, ports: EnablementPorts): Promise<Enablement> {
  const lost = await lostRight(ports.rights, [
    [one.approver ?? "", "approver"],
    [one.requester, "member"],
  ]);
  if (lost)
    return move(one, (there, now) => entered(there, "failed", now, { failure: said(lost.why) }), ports);
  const seen = await Promise.all(one.steps.map((step) => (isOpen(step) ? valuesOf(step, ports) : {})));
  if (one.steps.some((step, index) => isMoved(step, seen[index]!))) return askAgain(one, seen, ports);
  let current = one;
  for (const index of one.steps.keys()) {
    if (!isOpen(current.steps[index]!)) continue;
    current = await carryOutStep(current, index, ports);
    if (current.state !== "approved") return current;
  }
  await ports.readings.outdate("coverage");
  const worked = current.steps.some(({ state }) => state !== "failed");
  return move(current, (there, now) => entered(there, worked ? "proving" : "failed", now), ports);
}

function isOpen({ state }: Step): boolean {
  return state === "waiting" || state === "begun";
}

/** Of a step that was begun, what is there in part may be ours: its own look decides. */
function isMoved(step: Step, now: Values): boolean {
  return step.state === "waiting" && compareValues(step, now) === "moved";
}

async function valuesOf(step: Step, { azure }: EnablementPorts): Promise<Values> {
  try {
    return await azure.valuesNow(step);
  } catch (error) {
    // What can't be read any more fails by itself when its turn comes.
    if (error instanceof UpstreamError && !error.retryable) return step.before;
    throw error;
  }
}

/** Someone changed a setting since it was shown: what is left is shown as it is now, and has to be approved again. */
function askAgain(one: Enablement, seen: readonly Values[], ports: EnablementPorts): Promise<Enablement> {
  const outdated = one.steps.flatMap((step, index) =>
    isOpen(step) ? movedSettings(step, seen[index]!).map((name) => `${step.on.name}: ${name}`) : [],
  );
  return move(
    one,
    (there, now) => {
      const steps = there.steps.map((step, index) =>
        isOpen(step) ? shownAgain({ ...step, state: "waiting" }, seen[index]!) : step,
      );
      const { approver: _, ...rest } = there;
      const next = { ...rest, steps, outdated: [...new Set(outdated)].slice(0, 20) };
      if (steps.every(({ state }) => state !== "waiting")) return entered(next, "proving", now);
      return entered(next, "requested", now, {
        approvable: approvableUntil(now),
        code: enablementCode(next),
      });
    },
    ports,
  );
}

async function carryOutStep(one: Enablement, index: number, ports: EnablementPorts): Promise<Enablement> {
  const step = one.steps[index]!;
  const again = step.state === "begun";
  const entry = auditEntry(one, step, ports.clock.now());
  const begun = await ports.store.audit.begin(entry);
  const started = await set(one, index, { state: "begun" }, ports);
  try {
    const answer = await ports.azure.turnOn(step, { again });
    if (answer.kind === "moved") {
      await ports.store.audit.append({ ...entry, outcome: "refused", detail: "changed meanwhile" }, begun);
      const seen = await Promise.all(
        started.steps.map((other, at) => (at === index ? answer.now : other.before)),
      );
      return askAgain(started, seen, ports);
    }
    const others = answer.kind === "already" &&
      !again && { audited: { ...entry.audited, verb: "no-change" as const } };
    await ports.store.audit.append({ ...entry, ...others, outcome: "done" }, begun);
    if (answer.kind === "already")
      return set(started, index, { state: again ? "changed" : "already" }, ports);
    const failed = Object.keys(answer.failed).length > 0 && { failed: answer.failed };
    return set(started, index, { state: "changed", ...failed }, ports);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system !== "azure") throw error;
    await ports.store.audit.append({ ...entry, outcome: "failed", detail: error.message }, begun);
    const waited = Date.parse(ports.clock.now()) - Date.parse(one.at.approved ?? ports.clock.now());
    const passes = error.retryable || error.status === 412 || busy.test(error.code);
    if (passes && waited < mostWaitMs) throw later(error);
    return set(started, index, { state: "failed", said: error.message.slice(0, 500) }, ports);
  }
}

/** Something else is being changed there: the job comes back. */
function later(error: UpstreamError): UpstreamError {
  if (error.retryable) return error;
  const { message, system, status, code, cause } = error;
  return new UpstreamError(message, { system, status, code, retryable: true, cause });
}

function set(
  one: Enablement,
  index: number,
  change: Partial<Step>,
  ports: EnablementPorts,
): Promise<Enablement> {
  return move(
    one,
    (there) => ({
      ...there,
      steps: there.steps.map((step, at) => (at === index ? { ...step, ...change } : step)),
    }),
    ports,
  );
}

function said(why: { en: string; ja: string }): NonNullable<Enablement["failure"]> {
  return { said: why.en, ja: why.ja };
}

function auditEntry(one: Enablement, step: Step, at: string) {
  const change = Object.entries(step.after).map(([name, value]) => `${name} → ${value}`);
  const name = Object.keys(step.after).join(", ").slice(0, 200);
  return {
    ...{ at, person: one.approver ?? "", channel: one.channel, source: "job", command: "enable" },
    line: `approval ${one.id} ${one.code} approve`,
    action: `Turns on in Azure: ${change.join(", ")}`.slice(0, 500),
    audited: { verb: "turn-on", kind: "settings", name, place: step.on.name } as const,
    target: step.on.kind === "subscription" ? `/subscriptions/${step.on.id}` : step.on.id,
    outcome: "started" as const,
  };
}
