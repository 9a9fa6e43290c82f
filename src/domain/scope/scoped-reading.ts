import type { Compliance } from "../compliance/compliance.ts";
import type { Coverage } from "../coverage/coverage.ts";
import type { Read, Unread } from "../reading/reading.ts";
import type { Assessment, Assessments, AssessmentsRead } from "../recommendations/recommendation.ts";
import type { SecureScores } from "../recommendations/secure-score.ts";
import { inScope, isGlob, type Located, type Scope } from "./scope.ts";

/** A reading of the whole estate, whose subscriptions it names. */
type Whole<T> = Read<T> & { estate: readonly Located["subscription"][] };

/** The part of a coverage reading that lies in a scope, with the subscriptions that hold it. */
export function coverageWithin(read: Whole<Coverage>, scope: Scope | undefined): Read<Coverage> {
  if (!scope) return read;
  const clusters = read.value.clusters.filter((one) => inScope(one, scope));
  const registries = read.value.registries.filter((one) => inScope(one, scope));
  const holding = new Set([...clusters, ...registries].map(({ subscription }) => subscription.id));
  const subscriptions = read.value.subscriptions.filter(
    ({ subscription }) => holding.has(subscription.id) || inScope({ subscription }, scope),
  );
  return { ...accountWithin(read, scope), value: { subscriptions, clusters, registries } };
}

/** The assessments of a reading that lie in a scope, and the subscriptions without any that the scope names. */
export function assessmentsWithin(read: Whole<Assessments>, scope: Scope | undefined): AssessmentsRead {
  const { assessments, unassessed, scores } = read.value;
  const mine =
    scope?.kind === "sub" ? unassessed.filter((one) => inScope({ subscription: one }, scope)) : unassessed;
  const placed = placedWithin({ ...read, value: assessments }, scope);
  return { ...placed, unassessed: mine, scores: scores && scoresWithin(scores, placed.value, scope) };
}

/** The scores of the subscriptions that a scope names, else of those that hold what lies in it. */
function scoresWithin(
  { scores, definitions, unscored }: SecureScores,
  assessments: readonly Assessment[],
  scope: Scope | undefined,
): SecureScores {
  const holding = new Set(assessments.map(({ place }) => place.subscription.id));
  const within = (subscription: Located["subscription"]) =>
    scope?.kind === "sub" ? inScope({ subscription }, scope) : !scope || holding.has(subscription.id);
  return {
    scores: scores.filter(({ subscription }) => within(subscription)),
    definitions,
    unscored: unscored.filter(within),
  };
}

/** The standards of these subscriptions: Defender assesses standards for a subscription as a whole. */
export function complianceWithin(
  read: Whole<Compliance>,
  scope: Scope | undefined,
  within: ReadonlySet<string>,
): Read<Compliance> {
  if (!scope) return read;
  const standards = read.value.standards.filter(({ subscription }) => within.has(subscription.id));
  return { ...accountWithin(read, scope), value: { standards, titles: read.value.titles } };
}

/** What lies in a scope of a reading. */
export function placedWithin<T extends { place: Located }>(
  read: Whole<T[]>,
  scope: Scope | undefined,
): Read<T[]> {
  if (!scope) return read;
  return { ...accountWithin(read, scope), value: read.value.filter(({ place }) => inScope(place, scope)) };
}

/** Of how many subscriptions, and what of them was not read: a scope of subscriptions answers for its own only. */
function accountWithin(read: Whole<unknown>, scope: Scope): Omit<Read<unknown>, "value"> {
  const { asOf, subscriptions, unread } = read;
  if (scope.kind !== "sub") return { asOf, subscriptions, unread };
  const mine = read.estate.filter((subscription) => inScope({ subscription }, scope));
  const of = (one: Unread) => mine.some(({ id }) => one.id.toLowerCase().includes(id));
  const unseen = unseenIn(
    unread.filter((one) => !of(one)),
    scope,
    mine,
  );
  return {
    asOf,
    subscriptions: mine.length + unseen.length,
    unread: [...unread.filter(of), ...unseen],
  };
}

/**
 * What couldn't be read and isn't in the estate, but may be what a scope of subscriptions means; so may be what a
 * management group holds.
 * @param mine those in the estate that it means
 */
export function unseenIn(unread: readonly Unread[], scope: Scope, mine: readonly unknown[]): Unread[] {
  const open = isGlob(scope) || mine.length === 0;
  return unread.filter((one) =>
    one.group ? open : !one.id.includes("/") && inScope({ subscription: one }, scope),
  );
}
