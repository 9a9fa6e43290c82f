import type { Alert } from "../../estate/estate.ts";
import { type Answer, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const versions = ["2021-01-01", "2021-11-01", "2022-01-01"];
/** Fields that 2022-01-01 brought [S/stable/2022-01-01/alerts.json]. */
const newer = ["techniques", "subTechniques", "supportingEvidence"];

function shown(alert: Alert, call: Call): Alert {
  if (call.url.searchParams.get("api-version") === "2022-01-01") return alert;
  const properties = { ...alert.properties } as Alert["properties"];
  for (const name of newer) delete properties[name];
  return { ...alert, properties };
}

const holds = (alert: Alert, part: string, name: string) =>
  alert.id.toLowerCase().includes(`/${part}/${name.toLowerCase()}/`);

/** Those of the subscription, and of the resource group and the location where the path names them. */
function alertsOf({ estate, params }: Call): Alert[] {
  return estate.alerts.filter(
    (one) =>
      holds(one, "subscriptions", params.subscription!) &&
      (!params.group || holds(one, "resourcegroups", params.group)) &&
      (!params.location || holds(one, "locations", params.location)),
  );
}

const list = (call: Call): Answer =>
  page(
    call,
    alertsOf(call).map((one) => shown(one, call)),
  );

/** An alert of a resource group can also be read without it, as in the published example of a single alert. */
function find(call: Call): Alert | undefined {
  return alertsOf(call).find((one) => one.name.toLowerCase() === call.params.alert!.toLowerCase());
}

function get(call: Call): Answer {
  const alert = find(call);
  return alert ? { status: 200, body: shown(alert, call) } : resourceNotFound(call.url.pathname);
}

function become(status: string) {
  return (call: Call): Answer => {
    const alert = find(call);
    if (!alert) return resourceNotFound(call.url.pathname);
    alert.properties.status = status;
    call.estate.revision++;
    return { status: 204 };
  };
}

const states: Record<string, string> = {
  dismiss: "Dismissed",
  resolve: "Resolved",
  activate: "Active",
  inProgress: "InProgress",
};
const read = "Microsoft.Security/alerts/read";
const below = ["/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"];

export const alertRoutes: Route[] = below.flatMap((scope): Route[] => {
  const one = `${scope}/providers/Microsoft.Security/locations/{location}/alerts/{alert}`;
  return [
    {
      method: "GET",
      path: `${scope}/providers/Microsoft.Security/alerts`,
      versions,
      action: read,
      handle: list,
    },
    {
      method: "GET",
      path: `${scope}/providers/Microsoft.Security/locations/{location}/alerts`,
      versions,
      action: read,
      handle: list,
    },
    { method: "GET", path: one, versions, action: "Microsoft.Security/locations/alerts/read", handle: get },
    ...Object.entries(states).map(
      ([verb, status]): Route => ({
        method: "POST",
        path: `${one}/${verb}`,
        versions: verb === "inProgress" ? ["2022-01-01"] : versions,
        action: `Microsoft.Security/locations/alerts/${verb}/action`,
        handle: become(status),
      }),
    ),
  ];
});
