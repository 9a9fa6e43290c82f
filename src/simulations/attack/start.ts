import type { ScenarioStep } from "../../domain/simulations/scenario.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import { enter } from "../../domain/simulations/transitions.ts";
import type { Parts, SimulationPorts } from "../parts.ts";
import { move } from "../transition.ts";
import { create, manifestsOf } from "./create.ts";
import { stepOf } from "./steps.ts";

/** Steps that have nothing to do in the cluster come before its objects: an image is imported before it is run. */
const outsideCluster: readonly ScenarioStep["kind"][] = ["import-image", "sample-alerts"];

/** One step of the attack: creates the objects where they are needed, then takes the steps one by one. */
export async function carryOut(run: Run, parts: Parts, ports: SimulationPorts): Promise<number | undefined> {
  const step = parts.steps[run.step];
  const access = run.cluster ? await ports.clusters.reach(run.cluster) : undefined;
  if (access && !run.applied && !(step && outsideCluster.includes(step.kind))) {
    const waiting = await create(run, manifestsOf(parts).first, run.at.running, access, ports);
    if (waiting) return waiting.next;
    const applied = { troubled: undefined, applied: true, stepSince: ports.clock.now() };
    return move(run, (one) => ({ ...one, ...applied }), ports);
  }
  if (step) return stepOf(run, parts, access, step, ports);
  const now = ports.clock.now();
  const ended = { started: run.started ?? now, finished: now, happened: true };
  return move(run, (one) => enter(one, "verifying", now, ended), ports);
}
