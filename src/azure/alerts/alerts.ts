import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Alert, AlertAction } from "../../domain/alerts/alert.ts";
import type { ReadAlert } from "../../domain/alerts/alert-merge.ts";
import { joinedShapes, type ShapeReading } from "../../domain/reading/drift.ts";
import type { Read, Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import { UpstreamError } from "../../errors.ts";
import type { AlertsAsked, Azure, Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import { type Client, userAgent } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { problem } from "../client/problem.ts";
import { alertFields, wholeAlertFields } from "../declared-fields.ts";
import { field } from "../fields.ts";
import { type GraphDeps, graphReading, subscriptionOf } from "../graph/from-graph.ts";
import { shapeOf } from "../shape.ts";
import { namesOf } from "../subscriptions.ts";
import { alertDetails } from "./alert-details.ts";
import { isContainerAlert, readAlert, readAlertRow, unplacedIn } from "./read-alert.ts";

const apiVersion = "2022-01-01";
/** Both scopes at which a tenant has alerts [Microsoft.Security/alerts 2022-01-01]. */
const alertId =
  /^\/subscriptions\/([0-9a-z-]+)(?:\/resourceGroups\/([^/?#\\]+))?\/providers\/Microsoft\.Security\/locations\/([0-9a-z-]+)\/alerts\/([^/?#\\]+)$/i;

const wholeAlerts = {
  fields: Object.keys({ ...alertFields, ...wholeAlertFields }),
  about: (alert: unknown) => field(alert, "properties"),
  unplaced: (alert: unknown) => unplacedIn(field(alert, "properties")),
};

const lightAlerts = { fields: Object.keys(alertFields), unplaced: unplacedIn };

type AlertId = { subscription: string; group?: string; location: string; name: string };

/** The alerts part of the port. */
export function alertReader(settings: Settings, client: Client, deps: GraphDeps & { log: Log }) {
  const fromGraph = graphReading(deps);
  const shapes = new Map<string, ShapeReading>();
  const rowShapes = new Map<string, ShapeReading>();
  const names = async () => namesOf((await deps.subscriptions()).value);
  /** An id may come from a button: only alerts, and only of subscriptions in scope, are ever asked for. */
  const own = async (resource: string): Promise<AlertId> => {
    const id = readAlertId(resource);
    if (id && (await names()).has(id.subscription)) return id;
    throw new UpstreamError(`no alert of a subscription in scope: ${resource.slice(0, 200)}`, {
      system: "azure",
      status: 404,
      code: id ? "SubscriptionNotFound" : "InvalidAlertId",
      retryable: false,
    });
  };
  const get = async (resource: string): Promise<Alert> => {
    await own(resource);
    const alert = readAlert(await client.get(resource, apiVersion), await names());
    if (alert) return alert;
    throw new UpstreamError("Azure answered with no alert", {
      system: "azure",
      status: 200,
      code: "InvalidBody",
      retryable: true,
    });
  };
  const list = async ({ id, name }: Pick<Subscription, "id" | "name">): Promise<Alert[]> => {
    const all = await client.list(`/subscriptions/${id}/providers/Microsoft.Security/alerts`, apiVersion);
    const known = new Map([[id.toLowerCase(), name]]);
    const some = all.filter(isContainerAlert);
    shapes.set(id, shapeOf("alerts-api", some, wholeAlerts));
    // A subscription may have few: together they are a reading.
    deps.shaped(joinedShapes("alerts-api", [...shapes.values()]));
    return some.map((alert) => readAlert(alert, known)).filter((alert) => alert !== undefined);
  };
  const rows = async (only: ReadonlySet<string> | undefined, quick: boolean): ReturnType<Azure["alerts"]> => {
    const read = await fromGraph("alerts", only && (({ id }) => only.has(id)), { probing: !quick });
    const known = await names();
    const some = read.value.filter(isContainerAlert);
    for (const [id, its] of Map.groupBy(some, subscriptionOf))
      rowShapes.set(id, shapeOf("alerts", its, lightAlerts));
    // Often only a few subscriptions are read: they are judged with what was read of the others.
    deps.shaped(joinedShapes("alerts", [...rowShapes.values()]));
    const value = some.map((row) => readAlertRow(row, known)).filter((row) => row !== undefined);
    const all = Map.groupBy(read.value, subscriptionOf);
    return {
      ...read,
      value: value.map((row) => ({ alert: row, row })),
      rows: new Map([...all].map(([id, its]) => [id, its.length])),
    };
  };
  const lists = async (asked: readonly Pick<Subscription, "id" | "name">[]): Promise<Read<ReadAlert[]>> => {
    const unread: Unread[] = [];
    const listed = await each(asked, (one) =>
      list(one).catch((error: unknown) => {
        // A bug of ours must not look like a subscription's trouble.
        if (!(error instanceof UpstreamError)) throw error;
        unread.push(unreadOf(one, error));
        return [];
      }),
    );
    const value = listed.flat().map((api) => ({ alert: api, api }));
    return { value, asOf: deps.clock.now(), subscriptions: asked.length, unread };
  };
  const details = alertDetails({
    ...{ get, list, graph: deps.graph, log: deps.log },
    subscriptions: async () => (await deps.subscriptions()).value,
  });
  return {
    async alerts(asked: AlertsAsked): ReturnType<Azure["alerts"]> {
      if (asked.from === "graph")
        return rows(asked.subscriptions && new Set(asked.subscriptions), asked.quick ?? false);
      if (asked.from === "api") return lists(asked.subscriptions);
      const value = await details(asked.alerts);
      const subscriptions = new Set(value.map(({ alert }) => alert.place.subscription.id)).size;
      return { value, asOf: deps.clock.now(), subscriptions, unread: [] };
    },
    async changeAlert(resource: string, action: AlertAction): Promise<void> {
      const id = await own(resource);
      // The package's api-version has no such state [arm-security 5.0.0: alerts 2021-11-01].
      if (action === "take") await client.post(`${resource}/inProgress`, apiVersion);
      else await changeState(settings, client, id, action);
    },
  };
}

/** Takes the id of an alert apart; undefined for anything else. */
export function readAlertId(resource: string): AlertId | undefined {
  const [, subscription, group, location, name] = alertId.exec(resource) ?? [];
  if (!subscription || !location || !name || [group, name].some((part) => part && /^\.+$/.test(part)))
    return undefined;
  return { subscription: subscription.toLowerCase(), group, location, name };
}

/** dismiss, resolve and activate through `@azure/arm-security`, which takes nothing but a 204 for done. */
async function changeState(
  { azure }: Settings,
  client: Client,
  { subscription, group, location, name }: AlertId,
  action: Exclude<AlertAction, "take">,
): Promise<void> {
  const [{ SecurityCenter }, credential] = await Promise.all([
    import("@azure/arm-security"),
    client.credential(),
  ]);
  const center = new SecurityCenter(credential, subscription, {
    endpoint: azure.resourceManager,
    $host: azure.resourceManager,
    credentialScopes: azure.audience,
    userAgentOptions: { userAgentPrefix: userAgent },
  });
  client.guard(center.pipeline);
  center.pipeline.addPolicy(anySuccess, { phase: "Sign" });
  const word = ({ dismiss: "Dismiss", resolve: "Resolve", reopen: "Activate" } as const)[action];
  try {
    if (group === undefined) await center.alerts[`updateSubscriptionLevelStateTo${word}`](location, name);
    else await center.alerts[`updateResourceGroupLevelStateTo${word}`](location, name, group);
  } catch (error) {
    throw problem(error);
  }
}

/** 200 and 202 say the same as 204; a page of a proxy is no answer of Azure. */
const anySuccess: PipelinePolicy = {
  name: "breakwaterAnySuccess",
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 300 && isJson(response.bodyAsText)) response.status = 204;
    return response;
  },
};

/** Nothing counts as well. */
function isJson(body: string | null | undefined): boolean {
  try {
    return !body?.trim() || JSON.parse(body) !== undefined;
  } catch {
    return false;
  }
}
