import type { ScenarioAbout, SimulationEvent } from "../domain/simulations/events.ts";
import { comparable, compare, earlierOf, isRegression } from "../domain/simulations/proofs/history.ts";
import { expectationTitle } from "../domain/simulations/proofs/judge.ts";
import type { ScenarioDefinition } from "../domain/simulations/scenario.ts";
import type { Run } from "../domain/simulations/simulation.ts";
import { isOver } from "../domain/simulations/transitions.ts";
import { type Parts, partsOf, type SimulationPorts } from "./parts.ts";

type AnnouncePorts = Pick<SimulationPorts, "store" | "publish" | "settings" | "definitions">;

/** With this run they are the twenty categories that a chart holds [message vocabulary]. */
const mostEarlier = 19;

/**
 * Tells of a run as it is now: its one message where it was requested, and once it is over its report to the channels
 * of drills. Announcing again changes nothing; a run whose scenario is gone is announced without its texts.
 */
export async function announce(run: Run, ports: AnnouncePorts): Promise<void> {
  await tell(run, ports);
  // Whoever dies before this is found by the sweeper.
  if (isOver(run) && !run.told)
    await ports.store.runs.change(run.id, (one) => (one.told ? undefined : { ...one, told: true }));
}

async function tell(run: Run, ports: AnnouncePorts): Promise<void> {
  const event = await eventOf(run, ports);
  if (!event) return;
  // Two who change a run at the same moment tell of it in either order: the later change is what is shown.
  const options = { revision: run.revision ?? 0 };
  if (run.channel) await ports.publish("simulation", [event], options);
  // A run that never began is nobody's news but its requester's; a drill has no other place to say so.
  if (!isOver(run) || !(run.started || run.drill)) return;
  await ports.publish("drill-report", [event], options);
  const { comparison } = event;
  if (run.drill && run.state === "reported" && comparison && isRegression(comparison))
    await ports.publish("drill-regression", [{ ...event, comparison }], options);
}

/** Everything that is shown of a run. */
export async function eventOf(
  run: Run,
  ports: Omit<AnnouncePorts, "publish">,
): Promise<SimulationEvent | undefined> {
  const parts = partsOf(run, ports);
  if (!parts) return undefined;
  // Where Azure's commands are asked for is nothing to be shown, or kept with what was posted.
  const { commands: _, ...shown } = run;
  const before = run.state === "approved" ? await ports.store.runs.before(run) : 0;
  // Only a verdict is compared: the runs before it are read once, not at every step.
  const earlier = run.started && isOver(run) ? await earlierRuns(run, ports) : [];
  const [last, now] = [earlier.at(-1), earlierOf(run)];
  return {
    run: shown,
    about: aboutOf(parts),
    earlier,
    ...(last && now && { comparison: compare(now, last) }),
    ...(before > 0 && { before }),
  };
}

async function earlierRuns(run: Run, { store }: Omit<AnnouncePorts, "publish">) {
  const runs = await store.runs.list({ scenario: run.scenario, cluster: run.cluster?.id });
  return runs
    .filter((one) => one.id !== run.id && comparable(one, run))
    .flatMap((one) => earlierOf(one) ?? [])
    .filter(({ at }) => at < run.started!)
    .slice(0, mostEarlier)
    .reverse();
}

/** What a scenario's definition says of a run, by value. */
export function aboutOf({ definition, steps, expects }: Parts): ScenarioAbout {
  return {
    texts: definition.texts,
    tactics: definition.tactics,
    target: definition.target,
    creates: definition.creates,
    rights: rightsOf(definition),
    nodes: definition.nodes,
    ...(definition.outside && { outside: definition.outside }),
    minutes: definition.minutes,
    undo: definition.undo,
    cleanUp: definition.cleanUp,
    expects: expects.map((one) => ({
      kind: one.kind,
      title: expectationTitle(one),
      required: one.required,
      typicalMinutes: one.typicalMinutes,
    })),
    steps: steps.map(({ kind }) => kind),
  };
}

/** `serviceaccounts, services, pods (create, get, list, delete)`: what is asked for with the same verbs together. */
function rightsOf({ rights, azureActions = [] }: ScenarioDefinition): string[] {
  const groups = Map.groupBy(rights, ({ verbs }) => verbs.join(", "));
  const words = [...groups].map(([verbs, same]) => {
    const resources = same.map(({ apiGroup, resource }) => (apiGroup ? `${resource}.${apiGroup}` : resource));
    return `${resources.join(", ")} (${verbs})`;
  });
  return [...words, ...azureActions];
}
