import type { Estate, Subscription } from "../../estate/estate.ts";
import { notAuthorized } from "../errors.ts";
import { page } from "../paging.ts";
import { permissionsOf, visible } from "../rights.ts";
import type { Route } from "../routes.ts";

/** A subscription as it is answered: without what is only ours. */
export function shown({ managementGroup: _, ...subscription }: Subscription) {
  return subscription;
}

/** The subscriptions anywhere below a management group. */
export function subscriptionsBelow(estate: Estate, group: string): Subscription[] {
  const names = new Set(groupsBelow(estate, group).map((one) => one.name.toLowerCase()));
  names.add(group.toLowerCase());
  return estate.subscriptions.filter((one) => names.has(one.managementGroup.toLowerCase()));
}

function groupsBelow(estate: Estate, group: string): Estate["managementGroups"] {
  const direct = estate.managementGroups.filter((one) => one.parent?.toLowerCase() === group.toLowerCase());
  return direct.flatMap((one) => [one, ...groupsBelow(estate, one.name)]);
}

const groupId = (name: string) => `/providers/Microsoft.Management/managementGroups/${name}`;

function descendants(estate: Estate, group: string): unknown[] {
  const groups = groupsBelow(estate, group).map((one) => ({
    id: groupId(one.name),
    type: "Microsoft.Management/managementGroups",
    name: one.name,
    properties: { displayName: one.displayName, parent: { id: groupId(one.parent ?? group) } },
  }));
  const subscriptions = subscriptionsBelow(estate, group).map((one) => ({
    id: one.id,
    type: "Microsoft.Management/managementGroups/subscriptions",
    name: one.subscriptionId,
    properties: { displayName: one.displayName, parent: { id: groupId(one.managementGroup) } },
  }));
  return [...groups, ...subscriptions];
}

const managementVersions = ["2020-05-01", "2021-04-01", "2023-04-01"];
/** Management groups answer 403 for one that is not there, as for one that is not yours. */
const hidden = (group: string) => notAuthorized("Microsoft.Management/managementGroups/read", groupId(group));

export const subscriptionRoutes: Route[] = [
  {
    method: "GET",
    path: "/subscriptions",
    versions: ["2016-06-01", "2020-01-01", "2021-01-01", "2022-12-01"],
    handle: (call) => page(call, visible(call.estate).map(shown)),
  },
  {
    method: "GET",
    path: "/subscriptions/{subscription}",
    versions: ["2016-06-01", "2020-01-01", "2021-01-01", "2022-12-01"],
    handle: ({ estate, params }) => {
      const wanted = params.subscription!.toLowerCase();
      const match = visible(estate).find((one) => one.subscriptionId.toLowerCase() === wanted);
      const action = "Microsoft.Resources/subscriptions/read";
      return match ? { status: 200, body: shown(match) } : notAuthorized(action, `/subscriptions/${wanted}`);
    },
  },
  {
    method: "GET",
    path: "/subscriptions/{subscription}/providers/Microsoft.Authorization/permissions",
    versions: ["2018-07-01", "2022-04-01"],
    handle: (call) => page(call, permissionsOf(call.estate, call.params.subscription!)),
  },
  {
    method: "GET",
    path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Authorization/permissions",
    versions: ["2018-07-01", "2022-04-01"],
    handle: (call) => page(call, permissionsOf(call.estate, call.params.subscription!)),
  },
  {
    // At one resource: there is no role assignment below subscriptions here, so what holds above holds there.
    method: "GET",
    path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{type}/{name}/providers/Microsoft.Authorization/permissions",
    versions: ["2018-07-01", "2022-04-01"],
    handle: (call) => page(call, permissionsOf(call.estate, call.params.subscription!)),
  },
  {
    method: "GET",
    path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{type}/{name}/providers/Microsoft.Authorization/permissions",
    versions: ["2018-07-01", "2022-04-01"],
    handle: (call) => page(call, permissionsOf(call.estate, call.params.subscription!)),
  },
  {
    method: "GET",
    path: "/providers/Microsoft.Management/managementGroups/{group}",
    versions: managementVersions,
    handle: ({ estate, params }) => {
      const group = estate.managementGroups.find(
        (one) => one.name.toLowerCase() === params.group!.toLowerCase(),
      );
      if (!group) return hidden(params.group!);
      const properties = { tenantId: estate.tenantId, displayName: group.displayName };
      const type = "Microsoft.Management/managementGroups";
      return { status: 200, body: { id: groupId(group.name), type, name: group.name, properties } };
    },
  },
  {
    method: "GET",
    path: "/providers/Microsoft.Management/managementGroups/{group}/descendants",
    versions: managementVersions,
    handle: (call) => {
      const wanted = call.params.group!;
      const known = call.estate.managementGroups.some(
        (one) => one.name.toLowerCase() === wanted.toLowerCase(),
      );
      return known ? page(call, descendants(call.estate, wanted)) : hidden(wanted);
    },
  },
  {
    method: "GET",
    path: "/tenants",
    versions: ["2020-01-01", "2022-12-01"],
    handle: (call) =>
      page(call, [{ id: `/tenants/${call.estate.tenantId}`, tenantId: call.estate.tenantId }]),
  },
];
