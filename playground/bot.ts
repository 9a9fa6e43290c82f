import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import ofProcess from "../scripts/process.json" with { type: "json" };

/** The real bot in a process of its own, as `npm start` runs it, with the settings that production uses. */
export type Bot = {
  /** The port that it bound, as its log says; 0 where it ended before. */
  port: number;
  /** Where Slack sends its requests in HTTP mode. */
  events: string;
  pid: number;
  /** Its log so far, one parsed JSON line each. */
  logged: readonly Record<string, unknown>[];
  /** What it wrote to standard error. */
  complained(): string;
  ready(ms?: number): Promise<void>;
  readiness(): Promise<{ status: number; body: Record<string, unknown> }>;
  metrics(): Promise<string>;
  /** As the orchestrator does: SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  exited: Promise<number | null>;
};

export type BotOptions = {
  env: Record<string, string | undefined>;
  /** Text of breakwater.yaml. */
  config?: string;
  /** Where `src/` lies, if not in this checkout: tests start the bot from a copy. */
  root?: string;
  nodeOptions?: readonly string[];
  /** The user id that it runs as, where that is another one than ours. */
  user?: number;
};

const here = fileURLToPath(new URL("..", import.meta.url));

/**
 * For bots of tests alone: what keeps a process small makes it collect garbage often, which is a tenth of the work of a
 * test and says nothing.
 */
const testOptions = process.env.VITEST ? ["--min-semi-space-size=16", "--max-semi-space-size=16"] : [];

/** Longer than any start: a bot that does not listen by then is killed. */
const startMs = 60_000;

/** Starts the bot on a free port, and waits until it listens or has ended; `ready()` waits until Slack and Azure answer it. */
export async function startBot({
  env,
  config,
  root = here,
  nodeOptions = [],
  user,
}: BotOptions): Promise<Bot> {
  const settings: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HOST: "127.0.0.1",
    PORT: "0",
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "node-compile-cache"),
    ...ofProcess,
    ...env,
  };
  const directory = mkdtempSync(join(tmpdir(), "bw-config-"));
  if (config !== undefined) {
    settings.BREAKWATER_CONFIG = join(directory, "breakwater.yaml");
    writeFileSync(settings.BREAKWATER_CONFIG, config);
  }
  const child = spawn(process.execPath, [...testOptions, ...nodeOptions, join(root, "src", "main.ts")], {
    env: settings as NodeJS.ProcessEnv,
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    ...(user !== undefined && { uid: user, gid: user }),
  });
  child.once("close", () => rmSync(directory, { recursive: true, force: true }));
  return botOf(child);
}

async function botOf(child: ChildProcess): Promise<Bot> {
  const logged: Record<string, unknown>[] = [];
  let complaints = "";
  const listening = new Promise<number>((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      try {
        const one = JSON.parse(line) as Record<string, unknown>;
        logged.push(one);
        if (one.msg === "listening") resolve(Number(one.port));
      } catch {
        complaints += `${line}\n`;
      }
    });
  });
  child.stderr!.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  // "close", not "exit": by then all that it wrote has been read.
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const late = setTimeout(() => child.kill("SIGKILL"), startMs);
  const port = await Promise.race([listening, exited.then(() => 0)]);
  clearTimeout(late);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(15_000) });
    return { status: response.status, text: await response.text() };
  };
  return {
    port,
    events: `http://127.0.0.1:${port}/slack/events`,
    pid: child.pid ?? 0,
    logged,
    complained: () => complaints,
    exited,
    async readiness() {
      const { status, text } = await get("/readyz?verbose");
      return { status, body: JSON.parse(text) as Record<string, unknown> };
    },
    metrics: async () => (await get("/metrics")).text,
    async ready(ms = 30_000) {
      const until = Date.now() + ms;
      let last = "";
      while (Date.now() < until) {
        if (child.exitCode !== null) throw new Error(`the bot ended with ${child.exitCode}: ${complaints}`);
        try {
          const { status, text } = await get("/readyz?verbose");
          last = text;
          const { slack, azure } = JSON.parse(text) as Record<string, unknown>;
          if (status === 200 && slack && azure) return;
        } catch (error) {
          last = String(error);
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`the bot is not ready: ${last} ${complaints}`);
    },
    async stop() {
      child.kill("SIGTERM");
      return exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
