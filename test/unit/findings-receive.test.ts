import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, setGlobalProxyFromEnv } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import { receiver } from "../../src/azure/findings/receive.ts";

let url: string;
let say: RequestListener;
const servers: Server[] = [];
const trusted = getCACertificates("default");
const page = JSON.stringify({ data: "x".repeat(3_000_000) });

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const { key, certificate, caPath } = throwAwayAuthority();
  setDefaultCACertificates([...trusted, readFileSync(caPath, "utf8")]);
  const server = createSecureServer({ key, cert: certificate }, (...both) => say(...both));
  url = `https://127.0.0.1:${await listening(server)}`;
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const server of servers) server.close();
});

const ask = (receive = receiver(), signal = new AbortController().signal) =>
  receive({ url, method: "POST", headers: { connection: "close" }, body: "{}" }, String, signal);

it("hands over answers that are larger than its buffer, one after the other", async () => {
  const receive = receiver();
  say = (_, response) => response.end(page);
  await expect(ask(receive)).resolves.toMatchObject({ status: 200, taken: page });
  say = (_, response) => response.setHeader("x-ms-user-quota-remaining", "7").end("short");
  await expect(ask(receive)).resolves.toMatchObject({
    taken: "short",
    headers: { "x-ms-user-quota-remaining": "7" },
  });
});

it("unpacks what comes packed, and fails where that is damaged", async () => {
  say = (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(page));
  await expect(ask()).resolves.toMatchObject({ taken: page });
  say = (_, response) => response.setHeader("content-encoding", "gzip").end(gzipSync(page).subarray(0, 900));
  await expect(ask()).rejects.toMatchObject({ code: "Z_BUF_ERROR" });
});

it("hands the text of a refusal over as it is", async () => {
  say = (_, response) => response.writeHead(429, { "retry-after": "5" }).end("slow down");
  await expect(ask()).resolves.toMatchObject({
    status: 429,
    headers: { "retry-after": "5" },
    text: "slow down",
  });
});

it("fails where an answer is cut, and where no one listens", async () => {
  say = (_, response) => {
    response.setHeader("content-length", page.length).write(page.slice(0, 1000), () => response.destroy());
  };
  await expect(ask()).rejects.toMatchObject({ code: expect.stringMatching(/ECONNRESET|PREMATURE/) });
  say = (_, response) => response.destroy();
  await expect(ask()).rejects.toMatchObject({ code: "ECONNRESET" });
});

it("gives up where an answer does not end", async () => {
  const piece = Buffer.alloc(1 << 20);
  say = (_, response) => {
    const more = () => void (response.destroyed || response.write(piece, more));
    more();
  };
  await expect(ask()).rejects.toMatchObject({ code: "ERR_INVALID_BODY" });
});

it("ends a request that is cancelled", async () => {
  const cancel = new AbortController();
  say = (_, response) => response.write("{", () => cancel.abort());
  await expect(ask(receiver(), cancel.signal)).rejects.toMatchObject({
    name: "AbortError",
    code: "ABORT_ERR",
  });
});

it("goes through the proxy of the environment", async () => {
  const through: string[] = [];
  const proxy = createServer().on("connect", (request, client) => {
    through.push(request.url ?? "");
    const target = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
  });
  const restore = setGlobalProxyFromEnv({ HTTPS_PROXY: `http://127.0.0.1:${await listening(proxy)}` });
  say = (_, response) => response.end("here");
  await expect(ask().finally(restore)).resolves.toMatchObject({ taken: "here" });
  expect(through).toEqual([new URL(url).host]);
});
