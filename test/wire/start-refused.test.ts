import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startBot } from "../../playground/bot.ts";
import { ConfigError } from "../../src/errors.ts";
import { routesServer } from "../../src/slack/edge/routes.ts";
import { temporaryDirectory } from "../redis.ts";

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

type Env = Record<string, string | undefined>;
const least: Env = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_SIGNING_SECRET: "s3cret",
  REDIS_URL: "redis://127.0.0.1:1",
  LOG_LEVEL: "fatal",
};

/** The bot ends with 78, and says in so many sentences what is wrong. */
async function refused(env: Env, config?: string, most = 1, user?: number): Promise<string> {
  const bot = await startBot({
    env: { ...least, BREAKWATER_DATA_DIR: directory.path, ...env },
    config,
    user,
  });
  expect(await bot.exited).toBe(78);
  const complained = bot.complained();
  expect(complained).not.toMatch(/^\s+at /m);
  expect(complained.trim().split("\n").length).toBeLessThanOrEqual(1 + most);
  return complained;
}

/** What the listener of every role says that can't be started; `main.ts` ends with it, as the tests of whole starts show. */
async function refusedListener(host: string, port: number): Promise<string> {
  const limits = { keepAliveSeconds: 75, headersTimeoutSeconds: 80, maxConnections: 10 };
  const starting = routesServer({ host, port, ...limits }, []).start();
  const error = await starting.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

it("a port that is in use", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as { port: number };
    expect(await refused({ PORT: String(port) })).toContain(`PORT: ${port} is already in use`);
    expect(await refusedListener("127.0.0.1", port)).toContain(`PORT: ${port} is already in use`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

it("a HOST that is not this machine's", async () => {
  expect(await refused({ HOST: "192.0.2.1" })).toContain("HOST: 192.0.2.1");
  for (const host of ["192.0.2.1", "999.1.1.1", "no-such-host.invalid"])
    expect(await refusedListener(host, 0)).toContain(`HOST: ${host}`);
});

it("a data directory that is a file, or in one", async () => {
  const file = join(directory.path, "file");
  writeFileSync(file, "");
  for (const path of [file, join(file, "below")]) {
    const complained = await refused({ REDIS_URL: undefined, BREAKWATER_DATA_DIR: path });
    expect(complained).toContain("BREAKWATER_DATA_DIR");
    expect(complained).toContain("a file and not a directory");
  }
});

// Root may write everywhere: the bot then runs as another user, where that one may read this checkout.
const user = process.getuid?.() === 0 ? 65_534 : undefined;
const main = join(import.meta.dirname, "..", "..", "src", "main.ts");
const reads = spawnSync(process.execPath, ["-e", `fs.accessSync(${JSON.stringify(main)})`], {
  ...(user !== undefined && { uid: user }),
});
it.runIf(reads.status === 0)("a data directory that its user can't write", async () => {
  chmodSync(directory.path, 0o555);
  const complained = await refused({ REDIS_URL: undefined }, undefined, 1, user);
  expect(complained).toContain("BREAKWATER_DATA_DIR");
  expect(complained).toContain("can't be written by this user (EACCES)");
  chmodSync(directory.path, 0o755);
});

it("data that the private Redis can't read", async () => {
  mkdirSync(join(directory.path, "redis", "appendonlydir"), { recursive: true });
  writeFileSync(join(directory.path, "redis", "appendonlydir", "appendonly.aof.manifest"), "nonsense\n");
  expect(await refused({ REDIS_URL: undefined })).toContain("the private Redis in it does not start");
});

it("a configuration file that is a directory", async () => {
  expect(await refused({ BREAKWATER_CONFIG: directory.path })).toContain("EISDIR");
});

it("an alias bomb, and lists nested without end, in breakwater.yaml", async () => {
  const level = (n: number) =>
    `l${n}: &l${n} [${Array(20)
      .fill(`*l${n - 1}`)
      .join(", ")}]`;
  const bomb = ["l0: &l0 [x, x]", ...[1, 2, 3, 4, 5, 6].map(level)].join("\n");
  expect(await refused({}, bomb)).toContain("uses aliases");
  expect(await refused({}, `scope: ${"[".repeat(5000)}${"]".repeat(5000)}`, 5)).toContain("breakwater.yaml");
});

it("a proxy that is no URL, whose password is not repeated", async () => {
  const complained = await refused({ HTTPS_PROXY: "user:s3cret-of-proxy@proxy 3128" });
  expect(complained).toContain("HTTPS_PROXY");
  expect(complained).not.toContain("s3cret-of-proxy");
});
