import type { Unread } from "../../domain/reading/reading.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Denied } from "./silent-subscriptions.ts";

/** The action that shows rows of a type: without it Resource Graph leaves them out, and says nothing. */
const shownBy: Readonly<Record<string, string>> = {
  "microsoft.containerregistry/registries": "Microsoft.ContainerRegistry/registries/read",
  "microsoft.containerservice/managedclusters": "Microsoft.ContainerService/managedClusters/read",
  "microsoft.security/assessments": "Microsoft.Security/assessments/read",
  "microsoft.security/locations/alerts": "Microsoft.Security/alerts/read",
};
/** Of so many subscriptions without a row the permissions are read; where one of them lacks the action, of all. */
const mostAsked = 3;

/** The actions that show what a query looks at, by the types that it names. */
export function actionsFor(query: string): string[] {
  const lower = query.toLowerCase();
  return Object.entries(shownBy).flatMap(([type, action]) => (lower.includes(`'${type}'`) ? [action] : []));
}

/**
 * Of subscriptions without a row of a query (`silent`), those whose rows the bot may not see. Those that had rows before are
 * asked first.
 */
export function hiddenReader(denied: Denied) {
  const had = new Map<string, Set<string>>();
  return async (
    query: { name: string; text: string },
    silent: readonly Subscription[],
    present: Iterable<string>,
  ): Promise<Unread[]> => {
    const needs = actionsFor(query.text);
    if (needs.length === 0) return [];
    const before = had.get(query.name) ?? new Set();
    had.set(query.name, before);
    for (const id of present) before.add(id);
    const others = silent.filter(({ id }) => !before.has(id));
    const asked = [...silent.filter(({ id }) => before.has(id)), ...others.slice(0, mostAsked)];
    const hidden = await denied(asked, needs);
    return hidden.length === 0 ? [] : [...hidden, ...(await denied(others.slice(mostAsked), needs))];
  };
}
