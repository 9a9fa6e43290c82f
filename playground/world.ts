import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AzureOptions, type AzureStandIn, startAzure } from "./azure/server.ts";
import { type Bot, startBot } from "./bot.ts";
import { demoEstate } from "./estate/demo.ts";
import type { SlackOptions } from "./slack/options.ts";
import { startSlack } from "./slack/server.ts";
import type { SlackStandIn } from "./slack/stand-in.ts";

/** A bot with everything at the far end of its wires: Azure, Slack, and its private Redis in a directory of its own. */
export type World = {
  azure: AzureStandIn;
  slack: SlackStandIn;
  bot: Bot;
  dataDir: string;
  /** Starts another process of the bot, with a port of its own; `env` over that of the world. */
  another(env?: Record<string, string | undefined>): Promise<Bot>;
  /** Starts the bot anew on the same data, after it was killed or stopped. */
  restart(): Promise<Bot>;
  end(): Promise<void>;
};

export type WorldOptions = {
  slack?: SlackOptions;
  azure?: Partial<AzureOptions>;
  env?: Record<string, string | undefined>;
  config?: string;
  /** Where `src/` lies; this checkout where not given. */
  root?: string;
  dataDir?: string;
};

/** Slack gives up after three seconds, and what it gave up is never answered: a busy machine may need longer. */
const ackTimeout = 60_000;

/** Two seconds instead of a minute, and the people of the example workspace. */
export const quickConfig = `
schedules:
  alerts: "*/2 * * * * *"
access:
  operators: [S0OPERATORS]
  approvers: [S0APPROVERS]
  admin: C0ADMIN0001
`;

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "bw-"));
  const slack = await startSlack({ ackTimeout, ...options.slack });
  const estate = options.azure?.estate ?? demoEstate(new Date());
  const azure = await startAzure({
    directory: dataDir,
    ...options.azure,
    live: { bounded: true, ...options.azure?.live },
    estate,
  });
  const start = (more: Record<string, string | undefined> = {}) =>
    startBot({
      env: { ...azure.env, ...slack.env, BREAKWATER_DATA_DIR: join(dataDir, "bot"), ...options.env, ...more },
      config: options.config ?? quickConfig,
      root: options.root,
    });
  const bots: Bot[] = [];
  const started = async (bot: Bot) => {
    bots.push(bot);
    await bot.ready();
    return bot;
  };
  /** The one that Slack sends its requests to, while it runs: its port may be another process's afterwards. */
  let main: Bot | undefined;
  const startMain = async () => {
    const bot = await start();
    main = bot;
    slack.setEventsUrl(bot.events);
    void bot.exited.then(() => {
      if (main === bot) slack.setEventsUrl(undefined);
    });
    return bot;
  };
  const world: World = {
    azure,
    slack,
    dataDir,
    bot: await startMain(),
    another: async (env) => started(await start(env)),
    async restart() {
      world.bot = await startMain();
      return started(world.bot);
    },
    async end() {
      await Promise.all([world.bot, ...bots].map((bot) => bot.kill().catch(() => undefined)));
      await Promise.all([slack.close(), azure.stop()]);
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
  try {
    await started(world.bot);
  } catch (error) {
    await world.end();
    throw error;
  }
  return world;
}
