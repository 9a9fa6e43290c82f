import type { Unread } from "../../domain/reading.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Denied } from "./silent-subscriptions.ts";

/** The actions that show the rows of a query: without them Resource Graph leaves its rows out, and says nothing. */
const shownBy: Readonly<Record<string, readonly string[]>> = {
  alerts: ["Microsoft.Security/alerts/read"],
  assessments: ["Microsoft.Security/assessments/read"],
  clusters: ["Microsoft.ContainerService/managedClusters/read"],
  registries: ["Microsoft.ContainerRegistry/registries/read"],
};
/** Of so many subscriptions without a row the permissions are read; where one of them lacks the action, of all. */
const mostAsked = 3;

/**
 * Of subscriptions without a row of a query (`silent`), those whose rows the bot may not see. Those that had rows before are
 * asked first.
 */
export function hiddenReader(denied: Denied) {
  const had = new Map<string, Set<string>>();
  return async (
    query: string,
    silent: readonly Subscription[],
    present: Iterable<string>,
  ): Promise<Unread[]> => {
    const needs = shownBy[query];
    if (!needs) return [];
    const before = had.get(query) ?? new Set();
    had.set(query, before);
    for (const id of present) before.add(id);
    const others = silent.filter(({ id }) => !before.has(id));
    const asked = [...silent.filter(({ id }) => before.has(id)), ...others.slice(0, mostAsked)];
    const hidden = await denied(asked, needs);
    return hidden.length === 0 ? [] : [...hidden, ...(await denied(others.slice(mostAsked), needs))];
  };
}
