import { unreadOf } from "../alerts/read.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Read, Unread } from "../domain/reading/reading.ts";
import { inScope, isGlob, type Located, type Scope, scopeText } from "../domain/scope/scope.ts";
import { matchScope, type ScopeMatch, type UnmatchedScope } from "../domain/scope/scope-match.ts";
import { UpstreamError, UserError } from "../errors.ts";
import { noMatchText } from "../message/scope.ts";

type Needed = {
  azure: Pick<Ports["azure"], "subscriptions">;
  readings: Pick<Ports["readings"], "targets">;
  clock: Ports["clock"];
};
export type ScopeFinder = (scope: Scope) => ScopeMatch;

/** What one scope names of the estate. */
export async function findScope(ports: Needed, scope: Scope): Promise<ScopeMatch> {
  return (await scopeFinder(ports))(scope);
}

/**
 * Reads the names of the estate, at most a minute old, for any number of scopes. Where Azure does not answer, what nothing matches is
 * unknown.
 */
export async function scopeFinder({ azure, readings, clock }: Needed): Promise<ScopeFinder> {
  const nothing = (error: unknown) => ({
    asOf: clock.now(),
    subscriptions: 0,
    unread: [unreadOf({ id: "azure", name: "Azure", state: "" }, error)],
  });
  const [listed, targets] = await Promise.all([
    azure.subscriptions().catch((error: unknown) => ({ ...nothing(error), value: [] })),
    readings
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

/** Those of the subscriptions that a scope names, or that have something that it names; all where that is unknown. */
export async function subscriptionsWithin<T extends { id: string; name: string }>(
  ports: Needed,
  subscriptions: readonly T[],
  scope: Scope | undefined,
): Promise<T[]> {
  if (!scope || scope.kind === "sub" || subscriptions.length === 0) return [...subscriptions];
  const targets = await ports.readings.targets().catch(() => undefined);
  const { clusters = [], registries = [] } = targets?.value ?? {};
  const holding = [...clusters, ...registries].filter((one) => inScope(one, scope));
  const unread = new Set(targets?.unread.map(({ id }) => id));
  return subscriptions.filter(
    ({ id, name }) =>
      !targets ||
      unread.has(id) ||
      inScope({ subscription: { id, name } }, scope) ||
      holding.some(({ subscription }) => subscription.id === id),
  );
}

/**
 * The scopes of a thing that is to be kept: those that match nothing now, which its answer must name. Alerts also come
 * from clusters that are not in the estate: of other clouds, or deleted since.
 * @param again the command line with other scopes
 * @throws UserError where one matches nothing and never will: only a glob may match later
 */
export async function checkScopes(
  ports: Needed & { azure: Pick<Ports["azure"], "alerts"> },
  scopes: readonly Scope[],
  again: (scopes: string[]) => string,
): Promise<UnmatchedScope[]> {
  if (scopes.length === 0) return [];
  const nowhere = unmatchedScopes(await scopeFinder(ports), scopes);
  const alerts =
    nowhere.length > 0 ? await ports.azure.alerts({ from: "graph", quick: true }).catch(noAnswer) : undefined;
  const unmatched = nowhere.filter(
    ({ scope }) => !alerts?.value.some(({ alert }) => inScope(alert.place, scope)),
  );
  const wrong = unmatched.find(({ scope, match }) => match.kind === "nothing" && !isGlob(scope));
  if (!wrong) return unmatched;
  const { near } = wrong.match;
  const meant = scopes.map((one) => (one === wrong.scope && near ? near : scopeText(one)));
  throw new UserError(
    { en: noMatchText(wrong, "en"), ja: noMatchText(wrong, "ja") },
    near ? again(meant) : undefined,
  );
}

function noAnswer(error: unknown): undefined {
  if (!(error instanceof UpstreamError)) throw error;
}

/** Those of the scopes that match nothing, or of which that is unknown. */
export function unmatchedScopes(find: ScopeFinder, scopes: readonly Scope[]): UnmatchedScope[] {
  return scopes.flatMap((scope) => {
    const match = find(scope);
    return match.kind === "matched" ? [] : [{ scope, match }];
  });
}
