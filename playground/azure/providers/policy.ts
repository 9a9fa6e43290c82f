import type { Estate } from "../../estate/estate.ts";
import { failure, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Route } from "../routes.ts";
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

export const policyRoutes: Route[] = [
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
      const found = filter === "atExactScope()" ? exact : [...(filter ? exact : within), ...above];
      return page(
        call,
        found.map(({ one }) => one),
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
      const found = call.estate.policyAssignments.find((one) => one.id.toLowerCase() === id);
      return found ? { status: 200, body: found } : resourceNotFound(call.url.pathname);
    },
  },
];
