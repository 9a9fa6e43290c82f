import { existsSync, readFileSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "./domain/settings.ts";
import { ConfigError } from "./errors.ts";

/** Exit code of a configuration error [sysexits.h, EX_CONFIG]. */
const configExit = 78;
const stopMs = 25_000;

enableCompileCache();

try {
  trimEnvironment();
  useProxy();
  await run();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `Breakwater can't start: ${error.problems.length} ${error.problems.length === 1 ? "problem" : "problems"}\n${error.message}\n`,
  );
  process.exit(configExit);
}

/** What libraries read by themselves: a secret from a file ends with a line break, and is refused with it. */
function trimEnvironment(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (/^(AZURE|IDENTITY)_|_PROXY$/i.test(name) && value) process.env[name] = value.trim();
  }
}

/**
 * HTTPS_PROXY and NO_PROXY towards Slack; Azure's packages read them by themselves. An `import` of `node:http` reads all
 * that it exports, and so loads Node's fetch before anything is fetched.
 */
function useProxy(): void {
  try {
    process.getBuiltinModule("node:http").setGlobalProxyFromEnv();
  } catch {
    const where = "HTTPS_PROXY or HTTP_PROXY";
    throw new ConfigError([{ where, problem: "is no URL", allowed: "http://HOST:PORT" }]);
  }
}

async function run(): Promise<void> {
  // Settings come first: a mistake in them is reported before anything heavy is loaded.
  const settings = await readAllSettings();
  const [{ jsonLog }, { startPrivateRedis }] = await Promise.all([
    import("./process/log.ts"),
    import("./redis/private-redis.ts"),
  ]);
  const log = jsonLog(settings.logLevel);
  // Loading leaves the event loop no turn: Redis is spawned before, and starts while this process loads the rest.
  const redis = settings.redis.url ? undefined : await startPrivateRedis(settings.dataDir, log);
  const [{ build }] = await Promise.all([import("./build.ts"), redis?.ready]);
  const definitionsDir = dirname(fileURLToPath(import.meta.url));
  const breakwater = await build(settings, { log, socket: redis?.socket, definitionsDir });
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    const late = setTimeout(() => {
      log.error({}, "stopping took too long");
      process.exit(1);
    }, stopMs);
    await breakwater.stop();
    await redis?.stop();
    clearTimeout(late);
    log.info({}, "stopped");
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  process.on("unhandledRejection", (error) => log.error({ error }, "unhandled promise rejection"));
  const port = await breakwater.listen();
  // A port that the system picked is known from this line alone, whatever LOG_LEVEL hides.
  const portLog = settings.listen.port === 0 ? jsonLog("info") : log;
  portLog.info({ role: settings.role, port }, "listening");
  await breakwater.start();
  log.info({ role: settings.role, port }, "started");
  // Kept at the end too, which a process that is killed does not have.
  flushCompileCache();
}

async function readAllSettings(): Promise<Settings> {
  const [{ readSettings }, { validCron }, { redisUrlProblem }, { parseScope }] = await Promise.all([
    import("./settings/read.ts"),
    import("./queue/cron.ts"),
    import("./redis/redis-url.ts"),
    import("./domain/scope/scope.ts"),
  ]);
  const readFile = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  return readSettings(process.env, readFile, {
    cron: validCron,
    redisUrl: redisUrlProblem,
    scope: parseScope,
  });
}
