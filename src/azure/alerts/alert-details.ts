import type { Alert, AlertExtras } from "../../domain/alerts/alert.ts";
import { type AlertSources, mergeAlert, type ReadAlert } from "../../domain/alerts/alert-merge.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import { problem } from "../client/problem.ts";
import { field, text } from "../fields.ts";
import type { Graph, Row } from "../graph/graph.ts";
import { alertsNamed, isQuotable, resourcesNamed } from "../graph/queries.ts";
import { namesOf } from "../subscriptions.ts";
import { readAlertRow, readExtras } from "./read-alert.ts";

/** Alerts of one subscription that are asked for one by one; of more, its list is read. */
const mostLookups = 5;
const namesInQuery = 100;
/** Of more rows than this, those of whole subscriptions are fewer requests. */
const mostNames = 300;

const narrowed = { alerts: alertsNamed, "alert-resources": resourcesNamed };

type Wanted = { resource: string; known?: ReadAlert };
type Deps = {
  get(resource: string): Promise<Alert>;
  list(subscription: Subscription): Promise<Alert[]>;
  graph: Graph;
  subscriptions(): Promise<readonly Subscription[]>;
  log: Log;
};

/**
 * Alerts with all that each source says of them; what was read before is not asked for again. One whose details cannot
 * be read now is answered without them.
 * @param asked readings, or resource ids of alerts
 * @throws UpstreamError where nothing could be read of any of them
 */
export function alertDetails(deps: Deps) {
  return async (asked: readonly (string | ReadAlert)[]): Promise<ReadAlert[]> => {
    const wanted = asked.map(
      (one): Wanted =>
        typeof one === "string" ? { resource: one } : { resource: one.alert.resource, known: one },
    );
    const [api, rows] = await Promise.all([fromApi(wanted, deps), rowsOf(wanted, deps)]);
    const sources = wanted.map(({ resource, known }): AlertSources => {
      const key = resource.toLowerCase();
      const details = api.get(key);
      return {
        api: details instanceof UpstreamError ? undefined : details,
        row: known?.row ?? rows.get(key),
      };
    });
    const resources = await resourcesOf(sources, deps);
    const read = wanted.flatMap(({ known }, index): ReadAlert[] => {
      const { api, row } = sources[index]!;
      const id = known?.alert.id ?? (api ?? row)?.id;
      if (id === undefined) return [];
      const resource = resources.get((api?.affected ?? row?.affected ?? "").toLowerCase());
      return [{ alert: mergeAlert(id, { api, row, resource }), api, row }];
    });
    const refused = [...api.values()].find((one) => one instanceof UpstreamError);
    if (read.length === 0 && refused) throw refused;
    return read;
  };
}

/** Resource id in lower case → the alert, or why it could not be read. */
async function fromApi(wanted: readonly Wanted[], { get, list, subscriptions, log }: Deps) {
  const details = new Map<string, Alert | UpstreamError>();
  for (const { resource, known } of wanted) if (known?.api) details.set(resource.toLowerCase(), known.api);
  const missing = wanted.filter(({ known }) => !known?.api);
  const bySubscription = Map.groupBy(missing, ({ resource }) => readResourceId(resource)?.subscription ?? "");
  const refuse = (some: readonly Wanted[], error: unknown) => {
    const refused = problem(error);
    log.warn({ code: refused.code, status: refused.status }, "the details of an alert could not be read");
    for (const { resource } of some) details.set(resource.toLowerCase(), refused);
  };
  const all = await subscriptions();
  const calls = [...bySubscription].flatMap(
    ([id, some]): { some: Wanted[]; subscription?: Subscription }[] => {
      const subscription = all.find((one) => one.id === id);
      if (some.length > mostLookups && subscription) return [{ some, subscription }];
      return some.map((one) => ({ some: [one] }));
    },
  );
  await each(calls, async ({ some, subscription }) => {
    try {
      if (!subscription) details.set(some[0]!.resource.toLowerCase(), await get(some[0]!.resource));
      else {
        const listed = new Map((await list(subscription)).map((alert) => [alert.id, alert]));
        for (const { resource, known } of some) {
          const alert = listed.get(known?.alert.id ?? resource.split("/").at(-1)?.toLowerCase() ?? "");
          if (alert) details.set(resource.toLowerCase(), alert);
        }
      }
    } catch (error) {
      refuse(some, error);
    }
  });
  return details;
}

/** Resource id in lower case → the row. */
async function rowsOf(wanted: readonly Wanted[], deps: Deps): Promise<Map<string, Alert>> {
  const missing = wanted.filter(({ known }) => !known?.row).map(({ resource }) => resource);
  const names = namesOf(await deps.subscriptions());
  const rows = await rowsNamed("alerts", missing, (resource) => resource.split("/").at(-1) ?? "", deps);
  const read = rows.map((row) => readAlertRow(row, names)).filter((alert) => alert !== undefined);
  return new Map(read.map((alert) => [alert.resource.toLowerCase(), alert]));
}

/** Resource id in lower case → what is shown of it. */
async function resourcesOf(sources: readonly AlertSources[], deps: Deps): Promise<Map<string, AlertExtras>> {
  const ids = new Set(sources.map(({ api, row }) => (api?.affected ?? row?.affected ?? "").toLowerCase()));
  const rows = await rowsNamed("alert-resources", [...ids], (id) => id, deps);
  return new Map(rows.map((row) => [text(field(row, "id"), 2000).toLowerCase(), readExtras(row)]));
}

/** Rows by the name that replaces each resource id. What Resource Graph does not answer adds nothing. */
async function rowsNamed(
  query: keyof typeof narrowed,
  ids: readonly string[],
  nameOf: (id: string) => string,
  { graph, subscriptions, log }: Deps,
): Promise<Row[]> {
  const all = new Set((await subscriptions()).map(({ id }) => id));
  const own = ids.filter((id) => isQuotable(nameOf(id)) && all.has(readResourceId(id)?.subscription ?? ""));
  const whole = query === "alerts" && own.length > mostNames;
  const size = whole ? own.length : namesInQuery;
  const parts = Array.from({ length: Math.ceil(own.length / size) }, (_, part) =>
    own.slice(part * size, (part + 1) * size),
  );
  try {
    const answers = await each(parts, (some) =>
      graph(query, [], [...new Set(some.map((id) => readResourceId(id)!.subscription))], {
        narrow: (text) => (whole ? text : narrowed[query](text, some.map(nameOf))),
      }),
    );
    return answers.flatMap(({ rows }) => rows);
  } catch (error) {
    log.warn({ code: problem(error).code, query }, "what Resource Graph adds to alerts could not be read");
    return [];
  }
}
