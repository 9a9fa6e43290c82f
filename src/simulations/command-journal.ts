import type { Run } from "../domain/simulations/simulation.ts";
import { UpstreamError } from "../errors.ts";
import type { BegunCommand, CommandJournal } from "../ports/clusters.ts";
import type { SimulationPorts } from "./parts.ts";

/** The same ports, where no call to a cluster waits for a command of Azure's: `journal` keeps what was begun. */
export function withJournal(ports: SimulationPorts, journal: CommandJournal): SimulationPorts {
  const { clusters } = ports;
  return { ...ports, clusters: { reach: (cluster) => clusters.reach(cluster, journal) } };
}

/** Seconds after which the same is called again, where a command still runs; undefined for any other error. */
export function commandRuns(error: unknown): number | undefined {
  const runs = error instanceof UpstreamError && error.code === "CommandRuns";
  return runs ? (error.retryAfter ?? 1) : undefined;
}

/** All of them, each to its end: none goes on by itself where another one has to be called again. */
export async function together<T>(all: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(all);
  const failed = settled.filter((one) => one.status === "rejected").map(({ reason }) => reason as unknown);
  const running = failed.find((reason) => commandRuns(reason) !== undefined);
  if (failed.length > 0) throw failed.find((reason) => commandRuns(reason) === undefined) ?? running;
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value);
}

/**
 * Commands of a run that Azure works on, kept in the run: a process that dies finds them again. They are forgotten as
 * soon as the step that began them is over, however it ended: the next one begins its own.
 */
export function runJournal(run: Run, { store }: Pick<SimulationPorts, "store">) {
  const begun: Record<string, BegunCommand> = { ...run.commands };
  // What was asked in one state is no answer in the next: it may have been cancelled meanwhile.
  const ownKey = (sum: string) => `${run.state}-${sum}`;
  return {
    find: (sum: string) => begun[ownKey(sum)],
    async keep(sum: string, one: BegunCommand): Promise<void> {
      const key = ownKey(sum);
      begun[key] = one;
      await store.runs.change(run.id, (now) => ({ ...now, commands: { ...now.commands, [key]: one } }));
    },
    async forget(): Promise<void> {
      if (Object.keys(begun).length === 0) return;
      await store.runs.change(run.id, ({ commands, ...now }) => (commands ? now : undefined));
    },
  };
}

/** The same for sweeping a cluster, kept beside it. */
export function sweepJournal(
  cluster: { id: string },
  before: Record<string, BegunCommand>,
  { store }: Pick<SimulationPorts, "store">,
) {
  const begun = { ...before };
  return {
    find: (key: string) => begun[key],
    async keep(key: string, one: BegunCommand): Promise<void> {
      begun[key] = one;
      await store.runs.sweeping(cluster, begun);
    },
    async forget(): Promise<void> {
      if (Object.keys(begun).length > 0) await store.runs.sweeping(cluster, {});
    },
  };
}
