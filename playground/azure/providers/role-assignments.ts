import type { Resource } from "../../estate/estate.ts";
import { type Answer, failure } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const versions = ["2022-04-01"];
const path = "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleAssignments";
const action = (verb: string) => `Microsoft.Authorization/roleAssignments/${verb}`;
const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

/** At, above or below the subscription, of one principal where the filter names one [roleAssignments 2022-04-01]. */
function list(call: Call): Answer {
  const filter = call.url.searchParams.get("$filter");
  const principal = /^principalId eq '?([^']+)'?$/.exec(filter ?? "")?.[1];
  if (filter && !principal)
    return failure(400, "BadRequest", `The filter '${filter}' is not supported here.`);
  const prefix = `/subscriptions/${call.params.subscription}/`.toLowerCase();
  const assignments = call.estate.roleAssignments.filter(
    ({ id, properties }) =>
      id.toLowerCase().startsWith(prefix) && (!principal || same(properties.principalId, principal)),
  );
  return page(call, assignments);
}

/** Creates one; the same role for the same principal under another name is refused. */
function put(call: Call): Answer {
  const { estate, params } = call;
  const properties = (call.body as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
  const { roleDefinitionId, principalId } = properties;
  if (!roleDefinitionId || !principalId)
    return failure(400, "InvalidRoleAssignment", "A role definition and a principal are required.");
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(params.name ?? ""))
    return failure(400, "InvalidRoleAssignmentId", `The role assignment ID '${params.name}' is not valid.`);
  const id = decodeURIComponent(call.url.pathname);
  const scope = `/subscriptions/${params.subscription}`;
  const twin = estate.roleAssignments.find(
    (one) =>
      same(one.properties.roleDefinitionId, roleDefinitionId) &&
      same(one.properties.principalId, principalId) &&
      same(one.properties.scope, scope),
  );
  if (twin) return failure(409, "RoleAssignmentExists", "The role assignment already exists.");
  const made: Resource = {
    ...{ id, name: params.name!, type: "Microsoft.Authorization/roleAssignments" },
    properties: { ...properties, scope },
  };
  estate.roleAssignments.push(made);
  estate.revision++;
  return { status: 201, body: made };
}

export const roleAssignmentRoutes: Route[] = [
  { method: "GET", path, versions, action: action("read"), handle: list },
  { method: "PUT", path: `${path}/{name}`, versions, action: action("write"), handle: put },
];
