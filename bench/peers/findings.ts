import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import { readBody } from "../../playground/azure/wire.ts";
import { partRows } from "../../src/azure/findings/kind.ts";
import { estateOf, pageMaker } from "../findings/pages.ts";
import { answering } from "../peer.ts";

/**
 * Resource Graph alone, over TLS: it understands the queries for findings and answers them from pages that are made
 * before the clock starts, so that it takes as little as it can of the time that is measured.
 */
export type FindingsQuestion = { findings: number; day: number };

const subscription = "7d5c1a52-3f0e-4b53-9a6e-0c1f2d3e4a5b";
let rows = 0;
let pages: Buffer[] = [];
const empty = { totalRecords: 0, count: 0, resultTruncated: "false", data: { columns: [], rows: [] } };

/** As many parts as the product asks for; another number is answered by an error. */
function prepare({ findings, day }: FindingsQuestion): void {
  const estate = estateOf(findings);
  rows = estate.images * estate.packages;
  const parts = Math.max(1, Math.ceil(rows / partRows));
  pages = [];
  const make = pageMaker(estate);
  for (let part = 0; part < parts; part++) pages.push(Buffer.concat(make(part, parts, day)));
}

function answer(path: string, body: string): Buffer | object {
  if (path === "/subscriptions")
    return { value: [{ subscriptionId: subscription, displayName: "Benchmark", state: "Enabled" }] };
  if (!path.includes("ResourceGraph")) return {};
  const [, parts, part] = /hash\(tolower\(id\)\) % (\d+) == (\d+)/.exec(body) ?? [];
  if (parts !== undefined) {
    if (Number(parts) !== pages.length) throw new Error(`${parts} parts are asked for, not ${pages.length}`);
    return pages[Number(part)]!;
  }
  if (!body.includes("summarize findings")) return empty;
  const columns = ["id", "findings"].map((name) => ({ name, type: "string" }));
  return { ...empty, totalRecords: 1, count: 1, data: { columns, rows: [["individual", rows]] } };
}

const authority = throwAwayAuthority(process.env.BENCH_DIRECTORY);
const tls = { key: authority.key, cert: authority.certificate };
const manager = createSecureServer(tls, async (request, response) => {
  const body = await readBody(request);
  const made = answer(request.url!.split("?")[0]!, body);
  const bytes = Buffer.isBuffer(made) ? made : Buffer.from(JSON.stringify(made));
  response.writeHead(200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    // As in a tenant that is alone with its quota: pace is Azure's bound, and not what is measured here.
    "x-ms-user-quota-remaining": "1000",
    "x-ms-user-quota-resets-after": "00:00:05",
  });
  response.end(bytes);
});
// Making the pages of the next day takes longer than a connection would be kept.
manager.keepAliveTimeout = 600_000;
const tokens = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  const expires = String(Math.floor(Date.now() / 1000) + 86_400);
  response.end(
    JSON.stringify({ access_token: "token", expires_on: expires, token_type: "Bearer", resource: "x" }),
  );
});
const listening = (server: {
  listen(port: number, host: string, then: () => void): unknown;
  address(): unknown;
}) =>
  new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );

const [managerPort, tokenPort] = [await listening(manager), await listening(tokens)];
answering<FindingsQuestion>(prepare);
console.log(`AZURE_RESOURCE_MANAGER_URL=https://127.0.0.1:${managerPort}`);
console.log(`IDENTITY_ENDPOINT=http://127.0.0.1:${tokenPort}/msi/token`);
console.log("IDENTITY_HEADER=header");
console.log(`NODE_EXTRA_CA_CERTS=${authority.caPath}`);
console.log("ready");
