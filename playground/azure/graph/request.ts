import type { Estate } from "../../estate/estate.ts";
import { type Answer, failure } from "../errors.ts";
import { subscriptionsBelow } from "../providers/subscriptions.ts";
import { visible } from "../rights.ts";
import type { Reach } from "./tables.ts";

export type GraphRequest = {
  query: string;
  scope: string;
  reach: Reach;
  /** True for a scope of management groups or the tenant. */
  above: boolean;
  top: number | undefined;
  skip: number;
  skipToken: string | undefined;
  format: "objectArray" | "table";
};

/** A page has at most, and by default, 1,000 records [Resource Graph docs, "Working with large data sets"]. */
export const mostRecords = 1000;

export const badRequest = (details: { code: string; message: string }[]): Answer =>
  failure(400, "BadRequest", "Please provide below info when asking for support.", { details });

const invalid = (message: string) => badRequest([{ code: "InvalidPayload", message }]);
const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined;

function whole(value: unknown, least: number, most: number): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
    ? value
    : undefined;
}

/** Checks the body of a query; an answer instead of a request is a refusal [resourcegraph 2022-10-01]. */
export function readRequest(body: unknown, estate: Estate): GraphRequest | Answer {
  if (typeof body !== "object" || body === null) return invalid("The request has no body.");
  const { query, subscriptions, managementGroups, options } = body as Record<string, unknown>;
  if (typeof query !== "string" || query.trim() === "") return invalid("Query must be a text and not empty.");
  for (const list of [subscriptions, managementGroups])
    if (list !== undefined && list !== null && !texts(list)) return invalid("A scope is a list of texts.");
  const wanted = (options ?? {}) as Record<string, unknown>;
  const top = whole(wanted.$top, 1, mostRecords);
  if (wanted.$top !== undefined && top === undefined)
    return invalid(`The value of $top must be between 1 and ${mostRecords}.`);
  const skip = wanted.$skip === undefined ? 0 : whole(wanted.$skip, 0, Number.MAX_SAFE_INTEGER);
  if (skip === undefined) return invalid("The value of $skip must be a number of at least 0.");
  const format = wanted.resultFormat ?? "objectArray";
  if (format !== "objectArray" && format !== "table")
    return invalid("resultFormat is 'table' or 'objectArray'.");
  const token = wanted.$skipToken;
  const [ids, groups] = [texts(subscriptions) ?? [], texts(managementGroups) ?? []];
  return {
    query,
    scope: JSON.stringify([ids, groups]).toLowerCase(),
    reach: reachOf(estate, ids, groups),
    above: ids.length === 0,
    top,
    skip,
    skipToken: typeof token === "string" && token !== "" ? token : undefined,
    format,
  };
}

/** Everything that the identity sees where no scope is given; what it does not see is left out silently. */
function reachOf(estate: Estate, ids: string[], groups: string[]): Reach {
  const seen = new Set(visible(estate).map((one) => one.subscriptionId.toLowerCase()));
  if (ids.length + groups.length === 0) return seen;
  const below = groups.flatMap((group) => subscriptionsBelow(estate, group).map((one) => one.subscriptionId));
  return new Set([...ids, ...below].map((id) => id.toLowerCase()).filter((id) => seen.has(id)));
}
