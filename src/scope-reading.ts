import { unreadOf } from "./alert-reading.ts";
import type { Read, Unread } from "./domain/reading.ts";
import type { Located, Scope } from "./domain/scope.ts";
import { matchScope, type ScopeMatch } from "./domain/scope-match.ts";
import type { Ports } from "./ports.ts";

type Needed = { azure: Pick<Ports["azure"], "subscriptions" | "targets">; clock: Ports["clock"] };
export type ScopeFinder = (scope: Scope) => ScopeMatch;

/** What one scope names of the estate. */
export async function findScope(ports: Needed, scope: Scope): Promise<ScopeMatch> {
  return (await scopeFinder(ports))(scope);
}

/**
 * Reads the names of the estate once, for any number of scopes. Where Azure does not answer, what nothing matches is
 * unknown.
 */
export async function scopeFinder({ azure, clock }: Needed): Promise<ScopeFinder> {
  const nothing = (error: unknown) => ({
    asOf: clock.now(),
    subscriptions: 0,
    unread: [unreadOf({ id: "azure", name: "Azure", state: "" }, error)],
  });
  const [listed, targets] = await Promise.all([
    azure.subscriptions().catch((error: unknown) => ({ ...nothing(error), value: [] })),
    azure
      .targets()
      .catch((error: unknown) => ({ ...nothing(error), value: { clusters: [], registries: [] } })),
  ]);
  const subscriptions = listed.value.map((subscription): Located => ({ subscription }));
  const { clusters, registries } = targets.value;
  const unread: Unread[] = [
    ...new Map([...listed.unread, ...targets.unread].map((one) => [one.id, one])).values(),
  ];
  const estate: Read<Located[]> = {
    value: [...subscriptions, ...clusters, ...registries],
    asOf: targets.asOf,
    subscriptions: Math.max(listed.subscriptions, targets.subscriptions),
    unread,
  };
  // The names of subscriptions are in their list, whether what is in them can be read or not.
  return (scope) => matchScope(scope.kind === "sub" ? { ...estate, unread: listed.unread } : estate, scope);
}
