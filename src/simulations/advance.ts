import { isOverdue } from "../domain/simulations/deadlines.ts";
import { isMissingRight } from "../domain/simulations/refusals.ts";
import type { ScenarioStep } from "../domain/simulations/scenario.ts";
import type { CheckResult, Run } from "../domain/simulations/simulation.ts";
import { enter, isOver } from "../domain/simulations/transitions.ts";
import { UpstreamError } from "../errors.ts";
import { announce } from "./announce.ts";
import { create, manifestsOf } from "./attack/create.ts";
import { stepOf } from "./attack/steps.ts";
import { blocking, preflight } from "./checks/preflight.ts";
import { cleanUp, giveUpCleaning } from "./clean-up/clean-up.ts";
import { tryAgain } from "./clean-up/retry.ts";
import { commandRuns, runJournal, withJournal } from "./command-journal.ts";
import { expiryOf, type Parts, partsOf, type SimulationPorts } from "./parts.ts";
import { lostApproval } from "./request.ts";
import { fail, move, quietly, secondsSince } from "./transition.ts";
import { settle, verify } from "./verify.ts";

/** Seconds for which a far side may be silent before a run is given up, and before clean-up says what is left. */
const giveUpSeconds = { run: 180, cleanUp: 600 };
/** Seconds after which it is announced what holds a run up: what restarts is back by then. */
const tellSeconds = 30;
/** Seconds: a longer Retry-After than this is not waited for. */
const mostPause = 120;
/** Seconds for which Slack can fail to say whether both people still have their permissions, however long the turn was waited for. */
const unreadSeconds = 600;
/** A run that waits for its turn is woken when the one before it is over; this is for when that was lost. */
const turnSeconds = 15;

/**
 * One step of a run; of one that is over, an attempt to remove what it left. It may be killed at any moment and called again; what it did before is done again or already done.
 * @returns seconds until it should be called again; undefined where the run waits for people, or is over
 */
export async function advance(id: string, ports: SimulationPorts): Promise<number | undefined> {
  const run = await ports.store.runs.get(id);
  if (!run || run.state === "requested") return undefined;
  const journal = runJournal(run, ports);
  try {
    const seconds = await further(run, withJournal(ports, journal));
    await journal.forget();
    return seconds;
  } catch (error) {
    const seconds = commandRuns(error);
    if (seconds === undefined) await journal.forget();
    if (seconds === undefined) throw error;
    return seconds;
  }
}

async function further(run: Run, ports: SimulationPorts): Promise<number | undefined> {
  if (isOver(run)) return tryAgain(run, ports);
  const parts = partsOf(run, ports);
  if (!parts && run.state !== "cleaning-up") return fail(run, "scenario", run.scenario, ports);
  try {
    return await step(run, parts, ports);
  } catch (error) {
    const far = error instanceof UpstreamError ? error : undefined;
    if (far?.system === "redis" || far?.system === "slack") throw error;
    if (isOverdue(run, parts?.definition.minutes, ports.clock.now())) return giveUp(run, parts, error, ports);
    if (!far || commandRuns(error) !== undefined) throw error;
    return retryOrFail(run, parts, far, ports);
  }
}

function step(run: Run, parts: Parts | undefined, ports: SimulationPorts): Promise<number | undefined> {
  if (!parts || run.state === "cleaning-up") return cleanUp(run, parts, ports);
  if (run.state === "approved") return check(run, ports);
  if (run.state === "checked") return begin(run, parts, ports);
  if (run.state === "running") return carryOut(run, parts, ports);
  return verify(run, parts, ports);
}

/** Waits for the cluster's turn, and looks at everything once more: half an hour may have passed since the request. */
async function check(run: Run, ports: SimulationPorts): Promise<number | undefined> {
  if ((await ports.store.runs.before(run)) > 0) {
    await announce(run, ports);
    return turnSeconds;
  }
  const checks = await preflight(ports, run);
  const blocks = blocking(checks);
  if (blocks.length > 0) {
    const said = blocks.map(({ name, said }) => (said ? `${name}: ${said}` : name)).join("\n");
    if (mayPass(run, blocks)) throw new UpstreamError(said, { system: "kubernetes", retryable: true });
    return fail({ ...run, preflight: checks }, "checks", said, ports);
  }
  return move(run, (one) => enter(one, "checked", ports.clock.now(), { preflight: checks }), ports);
}

/** What was there at the request: an API server that restarts does not answer, then refuses everything for a moment. */
function mayPass({ preflight }: Run, blocks: readonly CheckResult[]): boolean {
  const passing = ["reachable", "rights"];
  const before = (name: string) => preflight?.checks.find((check) => check.name === name)?.state;
  return blocks.every(({ name }) => passing.includes(name) && before(name) === "ok");
}

/**
 * Uses the approval, if it still holds. From here on there may be something to remove: the cluster is put down before
 * anything is created.
 */
async function begin(run: Run, parts: Parts, ports: SimulationPorts): Promise<number | undefined> {
  const now = ports.clock.now();
  const lost = await lostApproval(run, ports);
  const patient = now < run.approvable || secondsSince(run.at.checked, ports) < unreadSeconds;
  if (lost?.cause === "unread" && patient) return turnSeconds;
  if (lost) return fail(run, "approval", "", ports);
  if (run.cluster) await ports.store.runs.visit(run.cluster, now);
  const expires = expiryOf(run, parts.definition, now);
  return move(run, (one) => enter(one, "running", now, { expires }), ports);
}

/** A run that is in its state for longer than that may take ends with clean-up, clean-up with what is left. */
function giveUp(
  run: Run,
  parts: Parts | undefined,
  error: unknown,
  ports: SimulationPorts,
): Promise<number | undefined> {
  ports.log.warn({ run: run.id, state: run.state, error }, "a run is overdue");
  const said = error instanceof UpstreamError ? error.message : "";
  // The attack ran, and what came of it is known; the rest is not.
  if (run.state === "verifying" && parts && said)
    return settle(run, parts, { unseen: "unknown", unread: said.slice(0, 2000) }, ports);
  return run.state === "cleaning-up"
    ? giveUpCleaning(run, parts, said, ports)
    : fail(run, "timeout", said, ports);
}

/**
 * A far side that does not answer is waited for, and one that says that a permission is missing: it was there when the
 * run was checked. One that refuses otherwise, or is away for too long, ends the run.
 */
async function retryOrFail(
  run: Run,
  parts: Parts | undefined,
  error: UpstreamError,
  ports: SimulationPorts,
): Promise<number | undefined> {
  const now = ports.clock.now();
  // As it is now: what the step did meanwhile may have been an answer.
  const before = (await ports.store.runs.get(run.id))?.troubled;
  const since = before?.since ?? now;
  const waited = secondsSince(since, ports);
  ports.log.warn(
    { run: run.id, state: run.state, code: error.code, status: error.status },
    "a run is held up",
  );
  if (run.state === "cleaning-up") {
    // Someone may fix what refuses within minutes: each is retried until the limit.
    if (waited > giveUpSeconds.cleanUp) return giveUpCleaning(run, parts, error.message, ports);
  } else if (run.state !== "verifying") {
    const again = error.retryable || isMissingRight(error);
    if (!again) return fail(run, "refused-by-far-side", error.message, ports);
    if (waited > giveUpSeconds.run)
      return fail(run, error.retryable ? "unreachable" : "refused-by-far-side", error.message, ports);
  }
  const troubled = { ...before, since, said: error.message };
  const noted = await quietly(run, (one) => ({ ...one, troubled }), ports);
  if (noted && !before?.announced && waited >= tellSeconds) {
    await announce(noted.run, ports);
    await quietly(run, (one) => ({ ...one, troubled: { ...troubled, announced: true } }), ports);
  }
  // Verdicts have an hour: what is away for long is asked seldom.
  const usual = run.state === "verifying" ? Math.min(60, Math.max(3, waited / 5)) : 3;
  return Math.min(mostPause, Math.max(1, error.retryAfter ?? usual));
}

/** Steps that have nothing to do in the cluster come before its objects: an image is imported before it is run. */
const outsideCluster: readonly ScenarioStep["kind"][] = ["import-image", "sample-alerts"];

/** One step of the attack: creates the objects where they are needed, then takes the steps one by one. */
async function carryOut(run: Run, parts: Parts, ports: SimulationPorts): Promise<number | undefined> {
  const step = parts.steps[run.step];
  const access = run.cluster ? await ports.clusters.reach(run.cluster) : undefined;
  if (access && !run.applied && !(step && outsideCluster.includes(step.kind))) {
    const waiting = await create(
      run,
      manifestsOf(parts).first,
      run.stepSince ?? run.at.running,
      access,
      ports,
    );
    if (waiting) return waiting.next;
    const applied = { troubled: undefined, applied: true, stepSince: ports.clock.now() };
    return move(run, (one) => ({ ...one, ...applied }), ports);
  }
  if (step) return stepOf(run, parts, access, step, ports);
  const now = ports.clock.now();
  const ended = { started: run.started ?? now, finished: now, happened: true };
  return move(run, (one) => enter(one, "verifying", now, ended), ports);
}
