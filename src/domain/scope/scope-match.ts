import { nearestName } from "../../text/likeness.ts";
import type { Read } from "../reading/reading.ts";
import { globMatches, inScope, type Located, type Scope, type ScopeKind, scopeText } from "./scope.ts";

/**
 * What a scope names of the estate. `unknown`: nothing of what could be read. `near`: the scope that was probably
 * meant.
 */
export type ScopeMatch =
  | { kind: "matched" }
  | {
      kind: "nothing" | "unknown";
      near?: string;
      read: Pick<Read<unknown>, "asOf" | "subscriptions" | "unread">;
    };
export type NoMatch = Exclude<ScopeMatch, { kind: "matched" }>;
export type UnmatchedScope = { scope: Scope; match: NoMatch };

type NamedKind = Exclude<ScopeKind, "any">;
const namedKinds: readonly NamedKind[] = ["cluster", "registry", "rg", "sub"];

/** Looks for a scope among the places of the estate; a subscription that could not be read is there all the same. */
export function matchScope(estate: Read<Located[]>, scope: Scope): ScopeMatch {
  const { value, unread } = estate;
  const places = [...value, ...unread.map(({ id, name }): Located => ({ subscription: { id, name } }))];
  if (places.some((place) => inScope(place, scope))) return { kind: "matched" };
  const near = nearScope(places, scope);
  const { asOf, subscriptions } = estate;
  return {
    kind: unread.length > 0 ? "unknown" : "nothing",
    ...(near && { near }),
    read: { asOf, subscriptions, unread },
  };
}

/** The scope that was probably meant: the same name under another prefix, else a similar name, the own kind first. */
function nearScope(places: readonly Located[], { kind, pattern }: Scope): string | undefined {
  const names = namesByKind(places);
  const own = namedKinds.filter((one) => kind === "any" || one === kind);
  const others = namedKinds.filter((one) => !own.includes(one));
  const written = (of: NamedKind, name: string) =>
    scopeText({ kind: kind === "any" ? "any" : of, pattern: name });
  for (const other of others)
    if ([...names[other]].some((name) => globMatches(pattern, name))) return written(other, pattern);
  for (const kinds of [own, others]) {
    const word = nearestName(pattern, new Set(kinds.flatMap((one) => [...names[one]])));
    const of = kinds.find((one) => word !== undefined && names[one].has(word));
    if (word !== undefined && of) return written(of, word);
  }
  return undefined;
}

function namesByKind(places: readonly Located[]): Record<NamedKind, Set<string>> {
  const names = {
    cluster: new Set<string>(),
    registry: new Set<string>(),
    rg: new Set<string>(),
    sub: new Set<string>(),
  };
  for (const { subscription, resourceGroup, cluster, registry } of places) {
    if (cluster) names.cluster.add(cluster);
    if (registry) names.registry.add(registry);
    if (resourceGroup) names.rg.add(resourceGroup);
    names.sub.add(subscription.name).add(subscription.id);
  }
  return names;
}
