import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import memory from "../scripts/memory.json" with { type: "json" };

/** The real bot in a process of its own, as `npm start` runs it, with the settings that production uses. */
export type Bot = {
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
  port?: number;
  /** Where `src/` lies, if not in this checkout: tests start the bot from a copy. */
  root?: string;
  nodeOptions?: readonly string[];
};

const here = fileURLToPath(new URL("..", import.meta.url));

/** Starts the bot; `ready()` waits until `GET /readyz` says so. */
export async function startBot({
  env,
  config,
  port,
  root = here,
  nodeOptions = [],
}: BotOptions): Promise<Bot> {
  const listen = port ?? (await freePort());
  const settings: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HOST: "127.0.0.1",
    PORT: String(listen),
    NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
    ...memory,
    ...env,
  };
  if (config !== undefined) {
    const file = join(mkdtempSync(join(tmpdir(), "bw-config-")), "breakwater.yaml");
    writeFileSync(file, config);
    settings.BREAKWATER_CONFIG = file;
  }
  const child = spawn(process.execPath, [...nodeOptions, join(root, "src", "main.ts")], {
    env: settings as NodeJS.ProcessEnv,
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return botOf(child, listen);
}

function botOf(child: ChildProcess, port: number): Bot {
  const logged: Record<string, unknown>[] = [];
  let complaints = "";
  createInterface({ input: child.stdout! }).on("line", (line) => {
    try {
      logged.push(JSON.parse(line) as Record<string, unknown>);
    } catch {
      complaints += `${line}\n`;
    }
  });
  child.stderr!.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
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
      const { status, text } = await get("/readyz");
      return { status, body: JSON.parse(text) as Record<string, unknown> };
    },
    metrics: async () => (await get("/metrics")).text,
    async ready(ms = 30_000) {
      const until = Date.now() + ms;
      let last = "";
      while (Date.now() < until) {
        if (child.exitCode !== null) throw new Error(`the bot ended with ${child.exitCode}: ${complaints}`);
        try {
          const { status, text } = await get("/readyz");
          last = text;
          if (status === 200) return;
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

/** A port of the loopback interface that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
