import type { Estate } from "../../estate/estate.ts";
import type { Answer } from "../errors.ts";
import { failure } from "../errors.ts";
import { resolved } from "../kusto/operators.ts";
import { isQueryProblem } from "../kusto/problem.ts";
import { type Prepared, prepare } from "../kusto/query.ts";
import type { Column } from "../kusto/tree.ts";
import { plain, type Value } from "../kusto/values.ts";
import type { Call, Route } from "../routes.ts";
import { type Evaluated, openPages, type Pages } from "./pages.ts";
import { type Quota, type QuotaRule, quota } from "./quota.ts";
import { badRequest, type GraphRequest, mostRecords, readRequest } from "./request.ts";
import { tables } from "./tables.ts";

/** An answer is at most 16 MB [Resource Graph docs, "Guidance for pagination"]. */
const mostBytes = 16 * 1024 * 1024;
/** What `table` calls the types of Kusto [resourcegraph 2022-10-01, ColumnDataType]. */
const tableTypes: Record<string, string> = {
  string: "string",
  long: "integer",
  int: "integer",
  real: "number",
  bool: "boolean",
  datetime: "datetime",
  dynamic: "object",
};

type Graph = { prepared: Map<string, Prepared>; pages: Pages; quota: Quota };

/** `POST /providers/Microsoft.ResourceGraph/resources`: evaluates whatever query it is sent over the estate. */
export function graphRoutes(rule: QuotaRule | undefined): Route[] {
  const graph: Graph = { prepared: new Map(), pages: openPages(), quota: quota(rule) };
  return [
    {
      method: "POST",
      path: "/providers/Microsoft.ResourceGraph/resources",
      versions: ["2021-03-01", "2022-10-01", "2024-04-01"],
      handle: (call) => answer(graph, call),
    },
  ];
}

function answer(graph: Graph, call: Call): Answer {
  const { headers, refused } = graph.quota.take(call.now.getTime());
  if (refused) {
    const message = "Please provide below info when asking for support.";
    const details = [{ code: "RateLimiting", message: "Client application has been throttled." }];
    return { ...failure(429, "RateLimiting", message, { details }), headers };
  }
  const request = readRequest(call.body, call.estate);
  if ("status" in request) return { ...request, headers };
  try {
    return { ...page(graph, call, request), headers };
  } catch (error) {
    if (isQueryProblem(error))
      return {
        ...badRequest([{ code: "InvalidQuery", message: "Query is invalid." }, ...error.details]),
        headers,
      };
    throw error;
  }
}

function preparedOf(graph: Graph, query: string, estate: Estate): Prepared {
  const known = graph.prepared.get(query);
  if (known) return known;
  const made = prepare(query, tables(estate, new Set(), false));
  if (graph.prepared.size >= 200) graph.prepared.delete(graph.prepared.keys().next().value!);
  graph.prepared.set(query, made);
  return made;
}

function evaluate(graph: Graph, call: Call, request: GraphRequest): Evaluated {
  const prepared = preparedOf(graph, request.query, call.estate);
  const { columns, rows } = prepared.run(tables(call.estate, request.reach, request.above), call.now);
  const pageable = prepared.pageable && columns.some((column) => column.type !== "dynamic");
  return { columns, rows: rows.map(resolved), pageable, revision: call.estate.revision };
}

function page(graph: Graph, call: Call, request: GraphRequest): Answer {
  const at = call.now.getTime();
  const { query, scope, skipToken } = request;
  const continued = skipToken === undefined ? undefined : graph.pages.find(skipToken, query, scope, at);
  if (skipToken !== undefined && !continued)
    return badRequest([{ code: "InvalidSkipToken", message: "The $skipToken is not valid for this query." }]);
  // Rows change while paging: a token is a place in the result as it is now, not in the one it began with.
  const kept = continued && graph.pages.kept(query, scope);
  const evaluated = kept?.revision === call.estate.revision ? kept : evaluate(graph, call, request);
  const { columns, rows, pageable } = evaluated;
  const offset = continued ? continued.offset : pageable ? request.skip : 0;
  const top = request.top ?? continued?.top ?? mostRecords;
  const shown = rows.slice(offset, offset + top);
  const more = offset + shown.length < rows.length;
  const place = { query, scope, offset: offset + top, top };
  const next = more && pageable ? graph.pages.open(place, evaluated, at) : undefined;
  const body = {
    totalRecords: rows.length,
    count: shown.length,
    // "When resultTruncated is true, the $skipToken property isn't set" [docs, "Guidance for pagination"].
    resultTruncated: more && !pageable ? "true" : "false",
    ...(next ? { $skipToken: next } : {}),
    facets: [],
    data: request.format === "table" ? asTable(columns, shown) : asObjects(columns, shown),
  };
  const text = JSON.stringify(body, (_, one) => plain(one));
  const size = Buffer.byteLength(text);
  if (size <= mostBytes) return { status: 200, text };
  const message = `Response payload size is ${size}, and has exceeded the limit of ${mostBytes}. Please consider querying less data at a time and make paginated call if needed.`;
  return badRequest([{ code: "ResponsePayloadTooLarge", message }]);
}

function asTable(columns: Column[], rows: Value[][]) {
  return { columns: columns.map(({ name, type }) => ({ name, type: tableTypes[type] ?? "string" })), rows };
}

function asObjects(columns: Column[], rows: Value[][]) {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index]])));
}
