import type { Estate, Resource } from "../../estate/estate.ts";
import { guid } from "../../estate/identifiers.ts";
import { builtIn } from "../../estate/policy-definitions.ts";
import { type Answer, failure, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";
import { subscriptionsBelow } from "./subscriptions.ts";

const versions = ["2021-06-01", "2022-06-01", "2023-04-01", "2024-04-01", "2025-01-01"];
const path = "/subscriptions/{subscription}/providers/Microsoft.Authorization/policyAssignments";
const action = "Microsoft.Authorization/policyAssignments/read";

/** The filters that a list at a subscription takes without a value of their own [policyAssignments 2023-04-01]. */
const filters = ["atScope()", "atExactScope()"];

const inGroup = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)\//;

function holds(estate: Estate, group: string, subscription: string): boolean {
  return subscriptionsBelow(estate, group).some((one) => one.subscriptionId === subscription.toLowerCase());
}

/** Creates or replaces an assignment; its identity is made with it [policyAssignments 2023-04-01]. */
function put(call: Call): Answer {
  const { estate, body, params } = call;
  const id = decodeURIComponent(call.url.pathname);
  const {
    properties = {},
    location,
    identity,
  } = (body ?? {}) as Partial<Resource> & { identity?: { type?: string } };
  const definition = String(properties.policyDefinitionId ?? "");
  if (!definition)
    return failure(400, "InvalidCreatePolicyAssignmentRequest", "The policy definition is not specified.");
  if (params.name!.length > 64)
    return failure(400, "InvalidPolicyAssignmentName", "A name has at most 64 characters.");
  if (identity && !location)
    return failure(400, "ManagedIdentityRequiresLocation", "A location is required for an identity.");
  const at = estate.policyAssignments.findIndex((one) => one.id.toLowerCase() === id.toLowerCase());
  const before = estate.policyAssignments[at];
  const made: Resource = {
    ...{ id, name: params.name!, type: "Microsoft.Authorization/policyAssignments" },
    ...(location && { location }),
    ...(identity && {
      identity: {
        type: identity.type,
        principalId:
          (before?.identity as { principalId?: string } | undefined)?.principalId ?? guid(`principal ${id}`),
        tenantId: estate.tenantId,
      },
    }),
    properties: { notScopes: [], ...properties, scope: `/subscriptions/${params.subscription}` },
  };
  if (at < 0) estate.policyAssignments.push(made);
  else estate.policyAssignments[at] = made;
  estate.revision++;
  return { status: 201, body: made };
}

/** Built-in definitions are below no subscription [policyDefinitions, policySetDefinitions 2023-04-01, get built-in]. */
function definition({ url }: Call): Answer {
  const one = builtIn(decodeURIComponent(url.pathname));
  return one ? { status: 200, body: one } : resourceNotFound(url.pathname);
}

export const policyRoutes: Route[] = [
  ...["policyDefinitions", "policySetDefinitions"].map(
    (type): Route => ({
      method: "GET",
      path: `/providers/Microsoft.Authorization/${type}/{name}`,
      versions,
      handle: definition,
    }),
  ),
  {
    method: "PUT",
    path: `${path}/{name}`,
    versions,
    action: "Microsoft.Authorization/policyAssignments/write",
    handle: put,
  },
  {
    method: "GET",
    path,
    versions,
    action,
    handle: (call) => {
      const filter = call.url.searchParams.get("$filter");
      if (filter && !filters.includes(filter))
        return failure(400, "InvalidFilterInQueryString", `The filter '${filter}' is not supported here.`);
      const prefix = `/subscriptions/${call.params.subscription}/`.toLowerCase();
      const all = call.estate.policyAssignments.map((one) => ({ one, id: one.id.toLowerCase() }));
      const within = all.filter(({ id }) => id.startsWith(prefix));
      // Assignments of resource groups and resources lie below the scope: `atScope()` leaves them out.
      const exact = within.filter(({ id }) => id.startsWith(`${prefix}providers/microsoft.authorization/`));
      const above = all.filter(({ id }) => {
        const group = inGroup.exec(id)?.[1];
        return group !== undefined && holds(call.estate, group, call.params.subscription ?? "");
      });
      const match = filter === "atExactScope()" ? exact : [...(filter ? exact : within), ...above];
      return page(
        call,
        match.map(({ one }) => one),
      );
    },
  },
  {
    method: "GET",
    path: `${path}/{name}`,
    versions,
    action,
    handle: (call) => {
      const id = decodeURIComponent(call.url.pathname).toLowerCase();
      const match = call.estate.policyAssignments.find((one) => one.id.toLowerCase() === id);
      return match ? { status: 200, body: match } : resourceNotFound(call.url.pathname);
    },
  },
];
