import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bot, type BotOptions, startBot } from "../playground/bot.ts";
import { exampleWorkspace, type Workspace } from "../playground/slack/workspace.ts";
import { type Peer, startPeer } from "./peer.ts";

/** The product as a child process with stand-ins for Azure and Slack, each in a process of its own. */
export type Bed = {
  directory: string;
  azure: Peer;
  slack: Peer;
  /** What a bot needs to find both. */
  env: Record<string, string>;
  /** Starts the bot, with a private Redis in a directory of its own where `dataDir` does not say which. */
  bot(options?: Omit<BotOptions, "env"> & { env?: BotOptions["env"]; dataDir?: string }): Promise<Bot>;
  end(): Promise<void>;
};

/** Sizes of the estate, as `bench/peers/azure.ts` takes them; none is the demo's. */
export type EstateSize = {
  subscriptions: number;
  clusters: number;
  alerts: number;
  /** Recommendations seen on resources, and how many of them are unhealthy. */
  assessments?: { all: number; unhealthy: number };
  /** Resource Graph's quota, as the real one: 15 requests in 5 seconds. */
  quota?: true;
};

/** @param options.workspace the people and channels of Slack; else the example's */
export async function openBed(options: { estate?: EstateSize; workspace?: Workspace } = {}): Promise<Bed> {
  const directory = mkdtempSync(join(tmpdir(), "bw-bench-"));
  const workspace = join(directory, "workspace.json");
  writeFileSync(workspace, JSON.stringify(options.workspace ?? exampleWorkspace));
  const [azure, slack] = await Promise.all([
    startPeer(new URL("./peers/azure.ts", import.meta.url), {
      BENCH_ESTATE: JSON.stringify(options.estate ?? null),
      BENCH_DIRECTORY: directory,
    }),
    startPeer(new URL("./peers/slack.ts", import.meta.url), {
      SLACK_STAND_IN_WORKSPACE: workspace,
    }),
  ]);
  const env = { ...azure.env, ...slack.env, LOG_LEVEL: "warn" };
  const bots: Bot[] = [];
  const alive = new Set<number>();
  process.on("exit", () => {
    for (const pid of alive) process.kill(pid, "SIGKILL");
  });
  return {
    directory,
    azure,
    slack,
    env,
    async bot({ env: more, dataDir = join(directory, `bot-${bots.length}`), ...rest } = {}) {
      const bot = await startBot({
        env: { ...env, BREAKWATER_DATA_DIR: dataDir, ...more },
        ...rest,
      });
      bots.push(bot);
      alive.add(bot.pid);
      void bot.exited.then(() => alive.delete(bot.pid));
      return bot;
    },
    async end() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await Promise.all([azure.stop(), slack.stop()]);
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
