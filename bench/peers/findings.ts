import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import { readBody } from "../../playground/azure/wire.ts";
import { partRows } from "../../src/azure/findings/kind.ts";
import { slotOf } from "../findings/bed.ts";
import { cveDetails } from "../findings/cves.ts";
import { estateOf, pageMaker, partsOf } from "../findings/pages.ts";
import { answering } from "../peer.ts";

/**
 * Resource Graph alone, over TLS: it understands the queries for findings and details of CVEs, and answers them from
 * pages that are made before the clock starts, so that it takes as little as it can of the time that is measured.
 */
export type FindingsQuestion =
  | { findings: number; day: number; distinctCves?: number }
  | { take: "requests" };
/** What Resource Graph was asked since the last question, by the kind of the query. */
export type Asked = Record<string, { requests: number; rows: number; bytes: number }>;

const subscription = "7d5c1a52-3f0e-4b53-9a6e-0c1f2d3e4a5b";
const pageSize = 1000;
/** `packed`: for who takes it so, as Azure packs its answers [recorded answers, `vary: Accept-Encoding`]. */
type Page = { rows: number; bytes: Buffer; packed?: Buffer };
let rows = 0;
let parts: Page[][] = [];
let details = cveDetails(0, 0, String);
let asked: Asked = {};

/** As many parts as the product asks for; another number is answered by an error. */
function prepare({ findings, day, distinctCves }: Exclude<FindingsQuestion, { take: string }>): void {
  const estate = estateOf(findings, distinctCves);
  rows = estate.images * estate.packages;
  const make = pageMaker(estate);
  parts = partsOf(rows, Math.max(1, Math.ceil(rows / partRows))).map((all, part) =>
    Array.from({ length: Math.max(1, Math.ceil(all.length / pageSize)) }, (_, index) => {
      const end = (index + 1) * pageSize;
      const some = all.slice(index * pageSize, end);
      const token = end < all.length ? `${part}/${index + 1}` : undefined;
      const bytes = make(some, day, { total: all.length, token });
      return { rows: some.length, bytes, packed: gzipSync(bytes) };
    }),
  );
  const hour = 3_600_000;
  details = cveDetails(estate.texts * estate.cves, day, (one) =>
    new Date(Date.parse(slotOf(one)) - hour).toISOString(),
  );
}

type Body = { query: string; subscriptions?: string[]; options?: { $skipToken?: string } };

function answer({ query, subscriptions, options }: Body): { kind: string; page: Page } {
  const [, many, part] = /hash\(tolower\(id\)\) % (\d+) == (\d+)/.exec(query) ?? [];
  if (many !== undefined) {
    if (Number(many) !== parts.length) throw new Error(`${many} parts are asked for, not ${parts.length}`);
    const [place = part, index = 0] = options?.$skipToken?.split("/") ?? [];
    return { kind: "findings", page: parts[Number(place)]![Number(index)]! };
  }
  if (query.includes("'microsoft.security/cvedetails'") && !subscriptions) {
    const [, after] = /datetime\((\d[^)]+)\)/.exec(query) ?? [];
    if (after) return { kind: "cve-details-changed", page: details.after(after) };
    return { kind: "cve-details", page: details.named(query.match(/CVE-\d+-\d+/g) ?? []) };
  }
  const counted = query.includes("summarize findings") && query.includes("'individual'");
  const columns = ["id", "findings"].map((name) => ({ name, type: "string" }));
  const data = { columns, rows: counted ? [["individual", rows]] : [] };
  const all = { totalRecords: data.rows.length, count: data.rows.length, resultTruncated: "false", data };
  return {
    kind: /^\w+[^']*'([^']+)'/.exec(query)?.[1] ?? query,
    page: { rows: data.rows.length, bytes: Buffer.from(JSON.stringify(all)) },
  };
}

function answerOf(path: string, body: string): Omit<Page, "rows"> {
  if (path.includes("ResourceGraph")) {
    const { kind, page } = answer(JSON.parse(body) as Body);
    const sum = asked[kind] ?? { requests: 0, rows: 0, bytes: 0 };
    asked[kind] = {
      requests: sum.requests + 1,
      rows: sum.rows + page.rows,
      bytes: sum.bytes + page.bytes.length + body.length,
    };
    return page;
  }
  const known = { subscriptionId: subscription, displayName: "Benchmark", state: "Enabled" };
  return { bytes: Buffer.from(JSON.stringify(path === "/subscriptions" ? { value: [known] } : {})) };
}

const authority = throwAwayAuthority(process.env.BENCH_DIRECTORY);
const tls = { key: authority.key, cert: authority.certificate };
const manager = createSecureServer(tls, async (request, response) => {
  const body = await readBody(request);
  const { bytes: plain, packed } = answerOf(request.url!.split("?")[0]!, body);
  const packs = packed && /gzip/.test(String(request.headers["accept-encoding"]));
  const bytes = packs ? packed : plain;
  response.writeHead(200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    ...(packs && { "Content-Encoding": "gzip" }),
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
answering<FindingsQuestion>((question) => {
  if (!("take" in question)) return prepare(question);
  const taken = asked;
  asked = {};
  return taken;
});
console.log(`AZURE_RESOURCE_MANAGER_URL=https://127.0.0.1:${managerPort}`);
console.log(`IDENTITY_ENDPOINT=http://127.0.0.1:${tokenPort}/msi/token`);
console.log("IDENTITY_HEADER=header");
console.log(`NODE_EXTRA_CA_CERTS=${authority.caPath}`);
console.log("ready");
