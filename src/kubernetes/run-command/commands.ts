import { createHash, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAzure, CommandEnd, CommandJournal, CommandState } from "../../ports/clusters.ts";
import type { Script } from "./kubectl.ts";

/** Runs a script beside a cluster. `mark`: what follows each output of that script. */
export type CommandRunner = (make: (mark: string) => Script) => Promise<{ end: CommandEnd; mark: string }>;

type Azure = Pick<ClusterAzure, "startCommand" | "commandState">;
type Deps = {
  azure: Azure;
  cluster: string;
  /** Of the Entra identity that runs it; undefined where the cluster knows none. */
  token(): Promise<string | undefined>;
  /** ISO. */
  now(): string;
};

/** Seconds in all: a pod has to be scheduled and its image pulled before the command begins. */
const timeoutSeconds = 180;

/** Waits in the call: for people who wait for an answer. Jobs never do. */
export function waitingRunner(deps: Deps): CommandRunner {
  return async (make) => {
    const mark = newMark();
    let state = await start(deps, make(mark));
    for (let waited = 0; !("ended" in state); ) {
      const pause = pauseAfter(waited, state.retryAfter);
      if (waited + pause > timeoutSeconds) throw tooLong();
      await wait(pause * 1000);
      waited += pause;
      state = await deps.azure.commandState(state.location);
    }
    return { end: state.ended, mark };
  };
}

/**
 * Never waits: a command is begun, put down in the journal, and asked for at the next call; until it is over this throws
 * `commandRuns`. Whoever calls does the same again from its beginning, and gets the ends of what is over from Azure.
 */
export function journalRunner(deps: Deps, journal: CommandJournal): CommandRunner {
  const asked = new Map<string, number>();
  return async (make) => {
    const { command, files } = make("mark");
    const sum = createHash("sha256")
      .update(JSON.stringify([command, files]))
      .digest("hex")
      .slice(0, 24);
    const turn = (asked.get(sum) ?? 0) + 1;
    asked.set(sum, turn);
    const key = `${sum}-${turn}`;
    const begun = journal.find(key);
    if (!begun) {
      const mark = newMark();
      const state = await start(deps, make(mark));
      if ("ended" in state) return { end: state.ended, mark };
      await journal.keep(key, { location: state.location, mark, since: deps.now() });
      throw commandRuns(pauseAfter(0, state.retryAfter));
    }
    const state = await deps.azure.commandState(begun.location).catch((error: unknown) => {
      throw isForgotten(error) ? forgotten() : error;
    });
    if ("ended" in state) return { end: state.ended, mark: begun.mark };
    const waited = (Date.parse(deps.now()) - Date.parse(begun.since)) / 1000;
    if (waited > timeoutSeconds) throw tooLong();
    throw commandRuns(pauseAfter(waited, state.retryAfter));
  };
}

/** True where nothing failed: a command runs, and is asked for again after `retryAfter`. */
export function isRunning(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.code === "CommandRuns";
}

function commandRuns(seconds: number): UpstreamError {
  return new UpstreamError("A command still runs beside the cluster", {
    system: "azure",
    code: "CommandRuns",
    retryable: true,
    retryAfter: seconds,
  });
}

async function start({ azure, cluster, token }: Deps, { command, files }: Script): Promise<CommandState> {
  return azure.startCommand(cluster, { command, files, token: await token() });
}

function pauseAfter(waited: number, asked: number | undefined): number {
  return Math.min(asked ?? Math.min(Math.max(0.2, waited / 3), 5), 30);
}

/** Azure keeps the result of a command for a while only; a bot that was away for longer begins it anew. */
const isForgotten = (error: unknown) =>
  error instanceof UpstreamError && (error.status === 404 || error.status === 410);

function forgotten(): UpstreamError {
  return new UpstreamError("The run-command: Azure no longer knows its result", {
    system: "azure",
    code: "CommandForgotten",
    retryable: true,
  });
}

function tooLong(): UpstreamError {
  return new UpstreamError(`The run-command: the command was not over after ${timeoutSeconds} seconds`, {
    system: "azure",
    code: "RunCommandTimeout",
    retryable: true,
  });
}

/** Not to be guessed by whoever writes what a command puts out. */
function newMark(): string {
  return `breakwater-end-${randomBytes(6).toString("hex")}`;
}
