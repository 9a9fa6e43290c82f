import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, connect as dial } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect } from "vitest";
import { spawnRedis, watchdog } from "../src/store/redis-process.ts";
import { temporaryDirectory } from "./redis.ts";

/** Redis servers of other kinds than the private one, on loopback; `stop` ends them all. */
export function redisServers() {
  const directory = temporaryDirectory();
  const stops: (() => Promise<void>)[] = [];
  const buses: number[] = [];

  async function start(args: string[]): Promise<void> {
    const guard = watchdog();
    const child = await spawnRedis(args, () => undefined);
    guard.watch(child.pid);
    stops.push(async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.kill("SIGKILL")) await gone;
      guard.end();
    });
  }

  const folder = (name: string) => {
    const path = join(directory.path, name);
    mkdirSync(path);
    return path;
  };
  const plain = (name: string) => ["--bind", "127.0.0.1", "--save", "", "--dir", folder(name)];

  return {
    directory: directory.path,

    /** A server on a port, with further settings. */
    async single(more: string[] = []): Promise<number> {
      const port = await freePort();
      await start([...plain(`single-${port}`), "--port", String(port), ...more]);
      await answering(port, more);
      return port;
    },

    /** A server that speaks TLS only. */
    async tls(pem: { key: string; certificate: string; authority: string }): Promise<number> {
      const port = await freePort();
      const path = folder(`tls-files-${port}`);
      const files = Object.entries(pem).map(
        ([name, text]) => [name, join(path, `${name}.pem`), text] as const,
      );
      for (const [, file, text] of files) writeFileSync(file, text);
      const at = Object.fromEntries(files);
      await start([
        ...plain(`tls-${port}`),
        ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
        ...[
          "--tls-key-file",
          at.key!,
          "--tls-cert-file",
          at.certificate!,
          "--tls-ca-cert-file",
          at.authority!,
        ],
      ]);
      await expect.poll(() => listens(port), { timeout: 10_000 }).toBe(true);
      return port;
    },

    /** A sentinel that watches one master. */
    async sentinel(name: string, master: number): Promise<number> {
      const port = await freePort();
      const path = folder(`sentinel-${port}`);
      const file = join(path, "sentinel.conf");
      writeFileSync(
        file,
        `port ${port}\nbind 127.0.0.1\ndir ${path}\nsentinel monitor ${name} 127.0.0.1 ${master} 1\n`,
      );
      await start([file, "--sentinel"]);
      await answering(port);
      return port;
    },

    /** Three masters that share the slots. */
    async cluster(): Promise<number[]> {
      const ports: number[] = [];
      for (let node = 0; node < 3; node++) {
        const [port, bus] = [await freePort(), await freePort()];
        const settings = ["--port", `${port}`, "--cluster-enabled", "yes", "--cluster-port", `${bus}`];
        await start([...plain(`node-${port}`), ...settings]);
        await answering(port);
        await asked(port, async (redis) => {
          await redis.call(
            "CLUSTER",
            "ADDSLOTSRANGE",
            Math.ceil((16384 / 3) * node),
            Math.ceil((16384 / 3) * (node + 1)) - 1,
          );
          if (ports[0]) {
            const [first, firstBus] = [String(ports[0]), String(buses[0])];
            await redis.call("CLUSTER", "MEET", "127.0.0.1", first, firstBus);
          }
        });
        ports.push(port);
        buses.push(bus);
      }
      for (const port of ports) {
        const state = () => asked(port, (redis) => redis.cluster("INFO"));
        await expect.poll(state, { timeout: 20_000 }).toMatch(/cluster_state:ok[\s\S]*cluster_size:3/);
      }
      return ports;
    },

    async stop(): Promise<void> {
      await Promise.all(stops.map((stop) => stop()));
      directory.remove();
    },
  };
}

async function asked<T>(port: number, ask: (redis: Redis) => Promise<T>, options: object = {}): Promise<T> {
  const redis = new Redis({ port, host: "127.0.0.1", ...options });
  redis.on("error", () => undefined);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function answering(port: number, more: string[] = []): Promise<void> {
  const password = more[more.indexOf("--requirepass") + 1];
  const options = more.includes("--requirepass") ? { password } : {};
  await expect
    .poll(() => asked(port, (redis) => redis.ping(), { ...options, maxRetriesPerRequest: 1 }).catch(String), {
      timeout: 10_000,
    })
    .toBe("PONG");
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = dial(port, "127.0.0.1");
    connection.once("connect", () => resolve(true)).once("error", () => resolve(false));
    connection.once("connect", () => connection.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
