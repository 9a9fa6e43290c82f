import type { Estate, Permission } from "../estate/estate.ts";

const patterns = new Map<string, RegExp>();

function covers(pattern: string, action: string): boolean {
  const known = patterns.get(pattern);
  if (known) return known.test(action);
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const made = new RegExp(`^${source}$`, "i");
  patterns.set(pattern, made);
  return made.test(action);
}

const grants = (permission: Permission, action: string) =>
  permission.actions.some((one) => covers(one, action)) &&
  !permission.notActions.some((one) => covers(one, action));

const grantsData = (permission: Permission, action: string) =>
  permission.dataActions.some((one) => covers(one, action)) &&
  !permission.notDataActions.some((one) => covers(one, action));

/** Whether the bot's identity may do something in a subscription; ids do not care about case. */
export function allowed(estate: Estate, subscriptionId: string, action: string): boolean {
  return permissionsOf(estate, subscriptionId).some((one) => grants(one, action));
}

/** The same for an operation on data, which `actions` never include. */
export function allowedData(estate: Estate, subscriptionId: string, action: string): boolean {
  return permissionsOf(estate, subscriptionId).some((one) => grantsData(one, action));
}

export function permissionsOf(estate: Estate, subscriptionId: string): Permission[] {
  const direct = estate.permissions[subscriptionId];
  if (direct) return direct;
  const wanted = subscriptionId.toLowerCase();
  return Object.entries(estate.permissions).find(([id]) => id.toLowerCase() === wanted)?.[1] ?? [];
}

/** The subscriptions that the identity sees at all: those where it has any right. */
export function visible(estate: Estate) {
  return estate.subscriptions.filter((one) => permissionsOf(estate, one.subscriptionId).length > 0);
}
