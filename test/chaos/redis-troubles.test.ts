import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket, connect as tcp } from "node:net";
import * as tls from "node:tls";
import type { Redis } from "ioredis";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import type { Log } from "../../src/ports/process.ts";
import { connect, disconnect, guarded, type RedisConnection } from "../../src/redis/connection.ts";
import { quiet } from "../quiet.ts";
import { redisServers } from "../redis-servers.ts";

const servers = redisServers();
const connections: RedisConnection[] = [];
const stops: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map(disconnect));
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(() => servers.stop());

function at(url: string): { connection: RedisConnection; warnings: { code?: string; reason?: string }[] } {
  const warnings: object[] = [];
  const log: Log = { ...quiet, warn: (about) => warnings.push(about) };
  const connection = connect({ url }, log);
  connections.push(connection);
  return { connection, warnings };
}

async function portOf(server: Server): Promise<number> {
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

/** A server that answers each `EVAL` as the test says, with the number of the connection. */
function fakeRedis(answer: (connection: number) => string): Promise<number> {
  let opened = 0;
  const open = new Set<Socket>();
  stops.push(() => open.forEach((socket) => void socket.destroy()));
  const server = createServer((socket) => {
    const connection = ++opened;
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      const commands = data.toString().match(/(?<=\*\d+\r\n\$\d+\r\n)\w+/g) ?? [];
      for (const command of commands.map((word) => word.toLowerCase())) {
        if (command === "eval") socket.write(answer(connection));
        else if (command === "info") socket.write("$11\r\nloading:0\r\n\r\n");
        else if (command === "hello") socket.write("-ERR unknown command 'HELLO'\r\n");
        else socket.write("+OK\r\n");
      }
    });
  });
  return portOf(server);
}

const wrapped = (inner: string) =>
  `-ERR Error running script (call to f_0a1b2c): @user_script:1: @user_script: 1: ${inner}\r\n`;

describe("what a command within a script answered, as Redis 6.2 wraps it", () => {
  it("READONLY: connects anew, and sends the script again", async () => {
    const readOnly = wrapped("-READONLY You can't write against a read only replica.");
    const port = await fakeRedis((connection) => (connection === 1 ? readOnly : ":1\r\n"));
    const { connection } = at(`redis://127.0.0.1:${port}`);
    expect(await connection.eval("return redis.call('SET', KEYS[1], '1')", 1, "k")).toBe(1);
  });

  it.each([
    ["OOM", wrapped("-OOM command not allowed when used memory > 'maxmemory'."), true],
    ["OOM", "-OOM command not allowed when used memory > 'maxmemory'.\r\n", true],
    ["MISCONF", "-MISCONF Redis is configured to save RDB snapshots, but it's unable to.\r\n", true],
    ["WRONGTYPE", wrapped("-WRONGTYPE Operation against a key holding the wrong kind of value"), false],
    ["ERR", "-ERR Error running script (call to f_0a1b2c): @user_script:1: attempt to index nil\r\n", false],
  ])("%s from %j: retryable %#", async (code, answer, retryable) => {
    const port = await fakeRedis(() => answer);
    const { connection } = at(`redis://127.0.0.1:${port}`);
    const { run } = guarded({ run: () => connection.eval("return 1", 0) });
    await expect(run()).rejects.toMatchObject({ name: "UpstreamError", code, retryable });
  });
});

describe("a TLS cluster that announces its nodes by address", () => {
  async function trusted(byName: boolean) {
    const { caPath, certificate, key } = throwAwayAuthority(servers.directory, { byName });
    const authority = readFileSync(caPath, "utf8");
    const before = tls.getCACertificates("default");
    tls.setDefaultCACertificates([...before, authority]);
    stops.push(() => tls.setDefaultCACertificates(before));
    return servers.tlsCluster({ authority, certificate, key });
  }

  it("serves where its certificate is one of the URL's host", { timeout: 120_000 }, async () => {
    const port = await trusted(true);
    const { connection, warnings } = at(`rediss+cluster://localhost:${port}`);
    await connection.set("{k}", "kept");
    expect(await connection.get("{k}")).toBe("kept");
    expect(warnings).toEqual([]);
  });

  it("is refused, and the log says why, where its certificate is of another host", {
    timeout: 120_000,
  }, async () => {
    const port = await trusted(true);
    const { connection, warnings } = at(`rediss+cluster://127.0.0.1:${port}`);
    connection.ping().catch(() => undefined);
    await expect
      .poll(() => warnings, { timeout: 60_000 })
      .toContainEqual({
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
        reason: expect.stringContaining("127.0.0.1"),
      });
  });
});

describe("a Redis that cannot be reached", () => {
  it("is not asked any more by copies of a connection that was closed, as BullMQ makes them", async () => {
    const connection = connect({ socket: `${servers.directory}/nothing.sock` }, quiet, "queue") as Redis;
    const copy = connection.duplicate();
    const tried = Promise.withResolvers<void>();
    copy.on("error", () => tried.resolve());
    void copy.connect().catch(() => undefined);
    await tried.promise;
    connection.disconnect();
    await expect.poll(() => copy.status).toBe("end");
  });

  it.each([
    ["cluster", "redis+cluster://127.0.0.1:PORT"],
    ["sentinel", "redis+sentinel://127.0.0.1:PORT/main"],
  ])(
    "%s: commands, pipelines and transactions are rejected after a while, and the log says why",
    {
      timeout: 180_000,
    },
    async (_, url) => {
      const port = await portOf(createServer((socket) => socket.destroy()));
      const { connection, warnings } = at(url.replace("PORT", String(port)));
      const calls = guarded({
        ping: () => connection.ping(),
        pipeline: () => connection.pipeline().get("{k}").get("{k}").exec(),
        transaction: () => connection.multi().set("{k}", "1").exec(),
      });
      const lost = { name: "UpstreamError", system: "redis", retryable: true };
      await Promise.all([
        expect(calls.ping()).rejects.toMatchObject(lost),
        expect(settledLoss(calls.pipeline())).resolves.toBeTruthy(),
        expect(settledLoss(calls.transaction())).resolves.toBeTruthy(),
      ]);
      expect(warnings[0]?.reason).toBeTruthy();
    },
  );

  it("a cluster that comes back later is used again", { timeout: 180_000 }, async () => {
    let serve = (socket: Socket) => void socket.destroy();
    const port = await portOf(createServer((socket) => serve(socket)));
    const { connection } = at(`redis+cluster://127.0.0.1:${port}`);
    await expect(connection.ping()).rejects.toThrow();
    const [node] = await servers.cluster();
    serve = (socket) => {
      const up = tcp(node!);
      socket.on("error", () => up.destroy()).pipe(up);
      up.on("error", () => socket.destroy()).pipe(socket);
    };
    await expect.poll(() => connection.ping().catch(String), { timeout: 60_000 }).toBe("PONG");
    connection.disconnect();
  });
});

/** The error of a call, or that of a command in what it answered. */
async function settledLoss(call: Promise<[Error | null, unknown][] | null>): Promise<unknown> {
  try {
    return (await call)?.find(([error]) => error)?.[0];
  } catch (error) {
    return error;
  }
}
