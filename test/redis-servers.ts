import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect } from "vitest";
import { spawnRedis, watchdog } from "../src/redis/redis-process.ts";
import { temporaryDirectory } from "./redis.ts";

/** Below those that systems give to outgoing connections and to `port 0`; the upper half is the clusters' own. */
const ports = [10_000, 20_000] as const;
const busOf = (port: number) => port + 10_000;

/** What a server or a sentinel says once it has bound its ports. */
const isListening = /Ready to accept connections|Sentinel ID is/;
const isTaken = /Address already in use|Failed listening on port/;

/** Redis servers of other kinds than the private one, on loopback; `stop` ends them all. */
export function redisServers() {
  const directory = temporaryDirectory();
  const stops: (() => Promise<void>)[] = [];
  let folders = 0;

  /** Starts one on a port that it could bind: where somebody else has it, the server ends, and another is tried. */
  async function start(argsFor: (port: number, folder: string) => string[]): Promise<number> {
    for (;;) {
      const port = randomInt(...ports);
      const folder = join(directory.path, String(folders++));
      mkdirSync(folder);
      if (await listens(argsFor(port, folder))) return port;
    }
  }

  async function listens(args: string[]): Promise<boolean> {
    const guard = watchdog();
    const said: string[] = [];
    const ready = Promise.withResolvers<true>();
    const child = await spawnRedis(args, (line) => {
      said.push(line);
      if (isListening.test(line)) ready.resolve(true);
    });
    guard.watch(child.pid);
    const gone = new Promise<false>((resolve) => child.once("close", () => resolve(false)));
    stops.push(async () => {
      if (child.exitCode === null && child.kill("SIGKILL")) await gone;
      guard.end();
    });
    if (await Promise.race([ready.promise, gone])) return true;
    if (said.some((line) => isTaken.test(line))) return false;
    throw new Error(`the server ended: ${said.join("\n")}`);
  }

  const plain = (folder: string) => ["--bind", "127.0.0.1", "--save", "", "--dir", folder];

  return {
    directory: directory.path,

    /** A server on a port, with further settings. */
    single(more: string[] = []): Promise<number> {
      return start((port, folder) => [...plain(folder), "--port", `${port}`, ...more]);
    },

    /** A server that speaks TLS only, with further settings. */
    tls(
      pem: { key: string; certificate: string; authority: string },
      more: (port: number) => string[] = () => [],
    ): Promise<number> {
      const path = mkdtempSync(join(directory.path, "tls-"));
      const file = (name: keyof typeof pem) => {
        writeFileSync(join(path, `${name}.pem`), pem[name]);
        return join(path, `${name}.pem`);
      };
      const files = [
        ...["--tls-key-file", file("key"), "--tls-cert-file", file("certificate")],
        ...["--tls-ca-cert-file", file("authority"), "--tls-auth-clients", "no"],
      ];
      return start((port, folder) => [
        ...plain(folder),
        "--port",
        "0",
        "--tls-port",
        `${port}`,
        ...files,
        ...more(port),
      ]);
    },

    /** A cluster of one node that speaks TLS only, and announces itself by address. */
    async tlsCluster(pem: { key: string; certificate: string; authority: string }): Promise<number> {
      const settings = ["--cluster-enabled", "yes", "--tls-cluster", "yes"];
      const announced = ["--cluster-announce-ip", "127.0.0.1"];
      const port = await this.tls(pem, (at) => [...settings, ...announced, "--cluster-port", `${busOf(at)}`]);
      const options = { host: "localhost", tls: { ca: pem.authority } };
      await asked(port, (redis) => redis.call("CLUSTER", "ADDSLOTSRANGE", 0, 16383), options);
      const state = () => asked(port, (redis) => redis.cluster("INFO"), options);
      await expect.poll(state, { timeout: 60_000 }).toContain("cluster_state:ok");
      return port;
    },

    /** A sentinel that watches one master. */
    sentinel(name: string, master: number): Promise<number> {
      return start((port, folder) => {
        const file = join(folder, "sentinel.conf");
        const watched = `sentinel monitor ${name} 127.0.0.1 ${master} 1`;
        writeFileSync(file, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n${watched}\n`);
        return [file, "--sentinel"];
      });
    },

    /** Three masters that share the slots. */
    async cluster(): Promise<number[]> {
      const nodes: number[] = [];
      for (let node = 0; node < 3; node++) {
        const settings = (port: number) => ["--cluster-enabled", "yes", "--cluster-port", `${busOf(port)}`];
        const port = await start((port, folder) => [
          ...plain(folder),
          ...["--port", `${port}`, ...settings(port)],
        ]);
        const [first] = nodes;
        await asked(port, async (redis) => {
          const [from, to] = [Math.ceil((16384 / 3) * node), Math.ceil((16384 / 3) * (node + 1)) - 1];
          await redis.call("CLUSTER", "ADDSLOTSRANGE", from, to);
          if (first) await redis.call("CLUSTER", "MEET", "127.0.0.1", first, busOf(first));
        });
        nodes.push(port);
      }
      for (const port of nodes) {
        const state = () => asked(port, (redis) => redis.cluster("INFO"));
        await expect.poll(state, { timeout: 60_000 }).toMatch(/cluster_state:ok[\s\S]*cluster_size:3/);
      }
      return nodes;
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
