import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { startAzure } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { startSlack } from "../../playground/slack/server.ts";
import { buildImage, type Image, inContext, makeReadOnly, readDockerfile } from "../docker-image.ts";
import { temporaryDirectory } from "../redis.ts";
import { redisServers } from "../redis-servers.ts";

type Service = {
  command?: string[];
  env_file?: string;
  environment?: Record<string, string>;
  secrets?: string[];
  volumes: (string | { target: string })[];
  read_only: boolean;
  cap_drop: string[];
};

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const packages = JSON.parse(read("package.json")) as Record<"dependencies" | "devDependencies", object>;
const steps = readDockerfile(read("docker/Dockerfile"));
const compose = parse(read("docker/compose.yaml")) as { services: Record<string, Service>; secrets: object };
const { services } = compose;
const { breakwater, redis } = services as { breakwater: Service; redis: Service };
/** What the shell that reads the password hands to Redis: all after its script and its name. */
const redisOptions = redis.command!.slice(4);

describe("the image that docker/Dockerfile makes", () => {
  let image: Image;
  const servers = redisServers();

  beforeAll(async () => {
    image = await buildImage(steps, root);
    // What the base image brings: the pinned Node, on PATH.
    const bin = join(image.root, "usr/local/bin");
    mkdirSync(bin, { recursive: true });
    copyFileSync(process.execPath, join(bin, "node"));
    chmodSync(join(bin, "node"), 0o755);
    makeReadOnly(image.root, join(image.root, image.env.BREAKWATER_DATA_DIR ?? ""));
  }, 600_000);
  // The image holds every package: removing it takes a while.
  afterAll(async () => {
    await servers.stop();
    image?.remove();
  }, 360_000);

  it("is based on the very Node that runs the tests, by version and digest", () => {
    const { node } = packages.devDependencies as { node: string };
    const base = steps.find(({ instruction }) => instruction === "ARG")?.rest;
    expect(base).toMatch(new RegExp(`^NODE_IMAGE=node:${RegExp.escape(node)}-[a-z-]+@sha256:[0-9a-f]{64}$`));
    for (const { rest } of steps.filter(({ instruction }) => instruction === "FROM"))
      expect(rest).toMatch(/^\$\{NODE_IMAGE\}/);
  });

  it("runs with the settings that the figures are measured with", () => {
    expect(image.env).toMatchObject(JSON.parse(read("scripts/process.json")));
  });

  it("holds every package of production and none of development, installed by npm ci", () => {
    const there = (name: string) => existsSync(join(image.root, "app/node_modules", name, "package.json"));
    expect(image.ran).toContainEqual(expect.stringMatching(/^npm ci --omit=dev\b/));
    expect(Object.keys(packages.dependencies).filter((name) => !there(name))).toEqual([]);
    const dev = Object.keys(packages.devDependencies).filter((name) => !name.startsWith("@types/"));
    // What a package of production needs as well may be there.
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { dev?: boolean }> };
    expect(dev.filter((name) => lock.packages[`node_modules/${name}`]?.dev && there(name))).toEqual([]);
  });

  it("starts as an ordinary user from read-only files, is ready and healthy, and stops in good order", async () => {
    const files = temporaryDirectory();
    chmodSync(files.path, 0o755);
    const redisPort = await servers.single([...redisOptions, "--requirepass", "pass/word"]);
    const password = join(files.path, "redis-password");
    writeFileSync(password, "pass/word\n", { mode: 0o644 });
    const azure = await startAzure({ directory: files.path, estate: demoEstate(new Date()) });
    const slack = await startSlack();
    const env = {
      ...inside(image),
      ...azure.env,
      ...slack.env,
      HOST: "127.0.0.1",
      PORT: "0",
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      REDIS_PASSWORD_FILE: password,
    };
    const bot = begin(image, env);
    try {
      const port = await vi.waitFor(
        async () => {
          if (bot.child.exitCode !== null) return undefined;
          const bound = /"port":(\d+),"msg":"listening"/.exec(bot.said())?.[1];
          expect((await fetch(`http://127.0.0.1:${bound}/readyz`)).status).toBe(200);
          return bound;
        },
        { timeout: 180_000, interval: 100 },
      );
      expect(bot.child.exitCode, bot.said()).toBeNull();
      const there = { ...env, PORT: port ?? "" };
      expect(healthy(image, there)).toBe(true);
      bot.child.kill("SIGTERM");
      await once(bot.child, "exit");
      expect(bot.child.exitCode, bot.said()).toBe(0);
      expect(healthy(image, there)).toBe(false);
      // With REDIS_URL there is nothing to keep on the disk.
      expect(readdirSync(join(image.root, image.env.BREAKWATER_DATA_DIR!))).toEqual([]);
    } finally {
      bot.child.kill("SIGKILL");
      await Promise.all([azure.stop(), slack.close()]);
      files.remove();
    }
  }, 270_000);

  it("takes nothing into the build that it does not copy", () => {
    const ignored = read(".dockerignore");
    const secret = [
      "breakwater.yaml",
      ".env",
      "docker/breakwater.env",
      ".git",
      ".breakwater",
      "node_modules",
    ];
    for (const path of secret) expect(inContext(ignored, path), path).toBe(false);
  });

  it("is run by a user that is not root", () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });
});

describe("docker/compose.yaml", () => {
  it("gives each container a read-only root and no capability", () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    }
  });

  it("holds no secret: they come from files that git and the image never see", () => {
    expect(breakwater.env_file).toBe("breakwater.env");
    expect(compose.secrets).toEqual({ "redis-password": { file: "./secrets/redis-password" } });
    for (const path of ["breakwater.env", "secrets/"])
      expect(read("docker/.gitignore").split("\n")).toContain(path);
    expect(breakwater.environment).toEqual({
      REDIS_URL: "redis://redis:6379",
      REDIS_PASSWORD_FILE: "/run/secrets/redis-password",
    });
    for (const service of [breakwater, redis]) expect(service.secrets).toEqual(["redis-password"]);
    expect(JSON.stringify(services)).not.toMatch(/xox|xapp-|TOKEN|SECRET_/);
  });

  it("runs a Redis that keeps what was written to it, on a volume", () => {
    expect(redis.volumes).toContain("redis:/data");
    expect(redisOptions.join(" ")).toMatch(/^--appendonly yes --appendfsync always .*noeviction/);
  });

  it("starts a Redis that answers only with the password, which no argument holds", async () => {
    const files = temporaryDirectory();
    const password = join(files.path, "redis-password");
    writeFileSync(password, "s3cret\n");
    const [shell = "", ...args] = redis.command!.map((word) =>
      // What Compose does with `$$`, and where it mounts the secret.
      word.replaceAll("$$", "$").replaceAll("/run/secrets/redis-password", password),
    );
    const path = join(files.path, "redis.sock");
    const child = spawn(shell, [...args, "--port", "0", "--unixsocket", path, "--dir", files.path], {
      stdio: "ignore",
    });
    const clients = [undefined, "s3cret"].map((secret) => {
      const client = new Redis({ path, password: secret, retryStrategy: () => 50 });
      return client.on("error", () => undefined);
    });
    const [stranger, bot] = clients as [Redis, Redis];
    try {
      expect(await bot.ping()).toBe("PONG");
      expect(await bot.config("GET", "appendfsync")).toEqual(["appendfsync", "always"]);
      await expect(stranger.ping()).rejects.toThrow("NOAUTH");
      expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8")).not.toContain("s3cret");
    } finally {
      for (const client of clients) client.disconnect();
      child.kill("SIGKILL");
      await once(child, "exit");
      files.remove();
    }
  });
});

/** The environment as it is in the container: paths from its `/`, and no directory for temporary files. */
function inside(image: Image): Record<string, string> {
  const mapped = Object.entries(image.env).map(([name, value]) => [
    name,
    value.startsWith("/") ? join(image.root, value) : value,
  ]);
  const bin = join(image.root, "usr/local/bin");
  return { ...Object.fromEntries(mapped), PATH: bin, HOME: "/nonexistent", TMPDIR: join(image.root, "tmp") };
}

/** Only root may become somebody else; anybody else is an ordinary user already. */
function asUser({ user }: Image): { uid?: number; gid?: number } {
  const [uid, gid] = user.split(":").map(Number);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}

function begin(image: Image, env: Record<string, string>): { child: ChildProcess; said(): string } {
  const [program = "", ...args] = image.command;
  const cwd = join(image.root, image.workdir);
  const path = join(image.root, "usr/local/bin", program);
  const child = spawn(path, args, { env, cwd, ...asUser(image), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  return { child, said: () => said };
}

function healthy(image: Image, env: Record<string, string>): boolean {
  const [program = "", ...args] = image.healthcheck;
  const path = join(image.root, "usr/local/bin", program);
  return spawnSync(path, args, { env, ...asUser(image), timeout: 30_000 }).status === 0;
}
