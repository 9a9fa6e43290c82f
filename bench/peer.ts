import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A server or client in a process of its own, so that its work is not measured as the product's. */
export type Peer = {
  /** The `NAME=VALUE` lines that it printed before `ready`. */
  env: Record<string, string>;
  /** Sends it a question and waits for its answer. */
  ask<T>(question: object): Promise<T>;
  stop(): Promise<void>;
};

const running = new Set<ChildProcess>();
// Whatever ends the benchmark, nothing of it lives on.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Starts a file with the pinned Node and waits until it prints `ready`. */
export async function startPeer(file: URL, env: Record<string, string> = {}): Promise<Peer> {
  const child = fork(fileURLToPath(file), { env: { ...process.env, ...env }, silent: true });
  running.add(child);
  child.stderr!.on("data", (chunk: Buffer) => process.stderr.write(chunk));
  const said: Record<string, string> = {};
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) =>
      reject(new Error(`${file.pathname} ended with ${code} before it was ready`)),
    );
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      if (name) said[name] = value!;
      if (line === "ready") resolve();
    });
  });
  child.setMaxListeners(0);
  return {
    env: said,
    ask<T>(question: object) {
      return new Promise<T>((resolve, reject) => {
        child.once("message", (answer: { error?: string }) => {
          if (answer.error) reject(new Error(answer.error));
          else resolve(answer as T);
        });
        child.send(question);
      });
    },
    async stop() {
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await gone;
      running.delete(child);
    },
  };
}

/** The other side: answers each question of the process that started this one. */
export function answering<Question>(answer: (question: Question) => unknown): void {
  process.on("message", async (question: Question) => {
    try {
      process.send!((await answer(question)) ?? {});
    } catch (error) {
      process.send!({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
