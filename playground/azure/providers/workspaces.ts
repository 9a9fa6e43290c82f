import { workspacesOf } from "../../estate/workspaces.ts";
import { type Answer, resourceNotFound } from "../errors.ts";
import type { Call, Route } from "../routes.ts";

/** Created anew within 14 days of its deletion, a workspace is recovered [Azure Monitor docs, recover a workspace]. */
function put({ estate, url }: Call): Answer {
  const id = decodeURIComponent(url.pathname).toLowerCase();
  estate.deletedWorkspaces = estate.deletedWorkspaces.filter((one) => one !== id);
  estate.revision++;
  const body = workspacesOf(estate).find((one) => one.id.toLowerCase() === id);
  return body ? { status: 200, body } : resourceNotFound(url.pathname);
}

/** What `az monitor log-analytics workspace recover` calls [workspaces 2023-09-01, CreateOrUpdate]. */
export const workspaceRoutes: Route[] = [
  {
    method: "PUT",
    path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/{name}",
    versions: ["2023-09-01"],
    action: "Microsoft.OperationalInsights/workspaces/write",
    handle: put,
  },
];
