import { setImmediate } from "node:timers/promises";
import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import type { Settings } from "../../domain/settings.ts";
import { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import { type Client, userAgent } from "../client/client.ts";
import { problem, unreadableBody } from "../client/problem.ts";
import { field, list, text } from "../fields.ts";
import { type GraphScope, graphScopes } from "./graph-scope.ts";
import { type QueryName, queryText } from "./queries.ts";
import { type QuotaGate, quotaGate, type Urgency } from "./quota.ts";

export type Row = { readonly [column: string]: unknown };
/**
 * `failed`: scopes that could not be read while others could. `missing`: rows that exist and were not read, because of
 * `mostRows`.
 */
type GraphAnswer = { rows: Row[]; failed: { scope: GraphScope; error: UpstreamError }[]; missing: number };

/** A query by the name of its file, or its text. */
export type GraphQuery = QueryName | { name: string; text: string };

/**
 * `narrow` puts what is looked for into the query. `mostRows`: reading ends there. `scopes`: these, whatever the settings
 * say. `prepare` gets rows while the page after them is awaited; not all of them, and some that are replaced later.
 */
export type GraphOptions = {
  narrow?: (query: string) => string;
  mostRows?: number;
  scopes?: readonly GraphScope[];
  prepare?: (row: Row) => unknown;
};

/** Runs a query over the subscriptions in scope, or `only` over some of them. Throws where nothing was read. */
export type Graph = (
  query: GraphQuery,
  subscriptions: readonly Subscription[],
  only?: readonly string[],
  options?: GraphOptions,
) => Promise<GraphAnswer>;

/** What every reader of Resource Graph shares: its quota, and whether one query reaches all subscriptions. */
export type GraphAccess = { gate: QuotaGate; listed: boolean };

export function graphAccess(): GraphAccess {
  return { gate: quotaGate(), listed: false };
}

const pageSize = 1000;
const mostPages = 10_000;
/** Four queries at once use up the quota of 15 in 5 seconds as well as more would. */
const queriesAtOnce = 4;

/** Requests of the quota that lists leave to the poll of alerts. */
const keptForAlerts = 3;

/** Resource Graph through `@azure/arm-resourcegraph`, loaded at first use. */
export function graphReader(
  settings: Settings,
  client: Client,
  log: Log,
  access: GraphAccess = graphAccess(),
): Graph {
  let opened: Promise<ResourceGraphClient> | undefined;
  const ask = async (urgency: Urgency, query: string, scope: GraphScope, skipToken?: string) => {
    opened ??= openGraph(settings, client);
    const graph = await opened;
    let headers: { get(name: string): string | undefined } | undefined;
    const answer = await access
      .gate(
        () =>
          graph.resources(
            { query, ...scope, options: { resultFormat: "table", top: pageSize, skipToken } },
            {
              onResponse: (raw) => {
                headers = raw.headers;
              },
            },
          ),
        () => headers,
        urgency,
      )
      .catch((error: unknown) => {
        throw problem(error);
      });
    if (reachesSome(headers)) access.listed = true;
    return answer;
  };
  return async (named, subscriptions, only, { narrow = (text: string) => text, scopes, ...options } = {}) => {
    const name = typeof named === "string" ? named : named.name;
    const query = narrow(typeof named === "string" ? await queryText(named) : named.text);
    const urgency = name.startsWith("alert") ? { first: true } : { spare: keptForAlerts };
    const asking: Ask = (...about) => ask(urgency, ...about);
    const within = (scopes: readonly GraphScope[]) => readScopes(scopes, { query, ...options }, asking, log);
    const read = (listed: boolean) => within(graphScopes(settings.scope, subscriptions, { only, listed }));
    if (scopes) return within(scopes);
    if (access.listed || only) return read(access.listed);
    const groups = settings.scope.managementGroups.length > 0;
    const answer = await read(false).catch((error: unknown) => {
      if (groups && isRefusal(error)) access.listed = true;
      else throw error;
    });
    if (groups && answer?.failed.some(({ error }) => isRefusal(error))) access.listed = true;
    // From now on the subscriptions are named, in groups: one query reaches the first 10,000 only, and one management
    // group that may not be asked, or has no subscription, spoils the answer for all.
    return answer && !access.listed ? answer : read(true);
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof UpstreamError && [400, 403, 404].includes(error.status);
}

/** True where Resource Graph says that it reached the first 10,000 subscriptions only. */
export function reachesSome(headers: { get(name: string): string | undefined } | undefined): boolean {
  return /true/i.test(headers?.get("x-ms-tenant-subscription-limit-hit") ?? "");
}

type Ask = (
  query: string,
  scope: GraphScope,
  skipToken?: string,
) => ReturnType<ResourceGraphClient["resources"]>;

type Asked = { query: string } & Pick<GraphOptions, "mostRows" | "prepare">;
/** `moved`: rows were deleted between two pages, so that others moved from a page to come onto one that was read. */
type Part = { rows: Row[]; missing: number; moved?: true };

async function readScopes(
  scopes: readonly GraphScope[],
  asked: Asked,
  ask: Ask,
  log: Log,
): Promise<GraphAnswer> {
  const failed: GraphAnswer["failed"] = [];
  const parts = await each(
    scopes,
    (scope) =>
      wholeAnswer(asked, scope, ask, log).catch((error: unknown): Part => {
        failed.push({ scope, error: problem(error) });
        return { rows: [], missing: 0 };
      }),
    queriesAtOnce,
  );
  if (failed[0] && failed.length === scopes.length) throw failed[0].error;
  const missing = parts.reduce((sum, part) => sum + part.missing, 0);
  return { rows: parts.flatMap(({ rows }) => rows), failed, missing };
}

/** All pages; read again from the start once where the token expired, or rows are missing or may have been left out. */
async function wholeAnswer(asked: Asked, scope: GraphScope, ask: Ask, log: Log): Promise<Part> {
  const first = await pages(asked, scope, ask);
  const failed = first instanceof UpstreamError;
  if (!failed && !first.moved) return first;
  const why = failed ? first.message : "rows were deleted while it was read";
  log.warn({ why }, "Resource Graph is read again from its first page");
  const second = await pages(asked, scope, ask);
  if (!(second instanceof UpstreamError)) return second;
  throw second;
}

/** The rows, or why the reading has to start again. Rows that moved between pages come twice: the later one counts. */
async function pages(
  { query, mostRows, prepare }: Asked,
  scope: GraphScope,
  ask: Ask,
): Promise<Part | UpstreamError> {
  const rows = new Map<string, Row>();
  const used = new Set<string>();
  let received = 0;
  let [total, moved] = [0, false];
  for (let token: string | undefined, page = 0; page === 0 || token !== undefined; page++) {
    const asked = token;
    const answer = await ask(query, scope, asked).catch((error: unknown) => {
      // A token belongs to one query and expires [Resource Graph docs, pagination].
      if (asked !== undefined && error instanceof UpstreamError && error.status === 400) return error;
      throw error;
    });
    if (answer instanceof UpstreamError) return answer;
    // No rows may be written as nothing; nothing at all is no answer.
    if (!answer.data && answer.totalRecords !== 0) throw unreadableBody(200);
    const pageRows = readRows(answer.data);
    received += pageRows.length;
    // [Resource Graph docs, "Guidance for pagination"]
    moved ||= answer.totalRecords < total;
    total = Math.max(total, answer.totalRecords || 0);
    for (const row of pageRows)
      rows.set(text(field(row, "id"), 5000).toLowerCase() || `row ${rows.size}`, row);
    token = answer.skipToken || undefined;
    const cut = /^true$/i.test(text(answer.resultTruncated)) || received < answer.totalRecords;
    // Where the reader has a limit of its own, rows that Resource Graph does not page are above it too.
    if (mostRows !== undefined && cut && (token === undefined || received >= mostRows))
      return { rows: [...rows.values()], missing: Math.max(answer.totalRecords - received, 1) };
    if (token === undefined && cut)
      return new UpstreamError(
        `Resource Graph sent ${received} of ${answer.totalRecords} rows and no token for the rest`,
        {
          system: "azure",
          status: 200,
          code: "ResultTruncated",
          retryable: true,
        },
      );
    if (token !== undefined && (used.has(token) || page > mostPages)) throw repeatedToken();
    if (token !== undefined) used.add(token);
    // By then the next page is asked for.
    if (token !== undefined && prepare) void setImmediate().then(() => pageRows.forEach(prepare));
  }
  return { rows: [...rows.values()], missing: 0, ...(moved && { moved }) };
}

function repeatedToken() {
  return new UpstreamError("Resource Graph sends the same pages again and again", {
    system: "azure",
    status: 200,
    code: "SkipTokenLoop",
    retryable: true,
  });
}

/** Rows of `resultFormat: table` (columns once, values as lists) or of objects. */
export function readRows(data: unknown): Row[] {
  if (Array.isArray(data)) return data.filter((row) => typeof row === "object" && row !== null);
  const columns = list(field(data, "columns")).map((column) => text(field(column, "name"), 200));
  return list(field(data, "rows")).map((values) =>
    Object.fromEntries(columns.map((column, index) => [column, list(values)[index]])),
  );
}

async function openGraph({ azure }: Settings, client: Client): Promise<ResourceGraphClient> {
  const [{ ResourceGraphClient }, credential] = await Promise.all([
    import("@azure/arm-resourcegraph"),
    client.credential(),
  ]);
  const graph = new ResourceGraphClient(credential, {
    endpoint: azure.resourceManager,
    credentials: { scopes: [azure.audience] },
    userAgentOptions: { userAgentPrefix: userAgent },
  });
  client.guard(graph.pipeline);
  return graph;
}
