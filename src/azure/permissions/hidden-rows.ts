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
/** Of so many subscriptions without a row the permissions are read at a time; where one of them lacks the action, of all. */
const mostAsked = 3;

/** The actions that show what a query looks at, by the types that it names. */
export function actionsFor(query: string): string[] {
  const lower = query.toLowerCase();
  return Object.entries(shownBy).flatMap(([type, action]) => (lower.includes(`'${type}'`) ? [action] : []));
}

/**
 * Of subscriptions without a row of a query (`silent`), those whose rows the bot lacks the permission to see. Those that had rows before, or
 * lacked the action when they were asked last, are asked first; of the others some more at each reading.
 */
export function hiddenReader(denied: Denied) {
  const known = new Map<string, { suspects: Set<string>; turn: number }>();
  return async (
    query: { name: string; text: string },
    silent: readonly Subscription[],
    present: Iterable<string>,
  ): Promise<Unread[]> => {
    const needs = actionsFor(query.text);
    if (needs.length === 0) return [];
    const its = known.get(query.name) ?? { suspects: new Set(), turn: 0 };
    known.set(query.name, its);
    for (const id of present) its.suspects.add(id);
    const split = Map.groupBy(silent, ({ id }) => its.suspects.has(id));
    const others = split.get(false) ?? [];
    const from = others.length > 0 ? its.turn % others.length : 0;
    const turned = [...others.slice(from), ...others.slice(0, from)];
    its.turn = from + mostAsked;
    const first = await denied([...(split.get(true) ?? []), ...turned.slice(0, mostAsked)], needs);
    if (first.length === 0) return [];
    const hidden = [...first, ...(await denied(turned.slice(mostAsked), needs))];
    for (const { id } of hidden) its.suspects.add(id);
    const order = new Map(silent.map(({ id }, index) => [id, index]));
    return hidden.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  };
}
