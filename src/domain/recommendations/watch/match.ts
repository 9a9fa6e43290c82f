import type { Breathe } from "../../../text/yield-to-event-loop.ts";
import { findRecommendation, plainName } from "../../catalogue/find-recommendation.ts";
import type { Assessment, Recommendation } from "../recommendation.ts";
import { groupAssessments, recommendationOf } from "../recommendation-summary.ts";
import { markOf } from "./marks.ts";
import type { SeenRecommendation } from "./watch-state.ts";

/** One recommendation of a reading, with every assessment of it. */
export type Group = { about: Recommendation; all: Assessment[]; signs: string[] };

/** Which seen recommendation each group is (undefined: a new one), and those that became part of another. */
export type Matched = { ids: Map<Group, string | undefined>; merged: Map<string, string> };

/** An individual recommendation has a key for each image: these are enough to know it again. */
const mostKeys = 20;
/** So many of the words of both titles, and of the affected resources, are the same where one replaces the other. */
const alike = { words: 0.6, resources: 0.5 };

/** What an assessment costs, in the measure of `breather`. */
export const assessmentWork = 20;

/** The recommendations of a reading. */
export async function groupsOf(assessments: readonly Assessment[], breathe: Breathe): Promise<Group[]> {
  const groups: Group[] = [];
  for (const [identity, all] of Map.groupBy(assessments, recommendationOf)) {
    await breathe(all.length * assessmentWork);
    const about = groupAssessments(all)[0]!;
    // Most rows of a group say the same of themselves.
    const kinds = new Map(all.map((one) => [`${one.key} ${one.policy} ${one.title}`, one]));
    const said = [...kinds.values()];
    const keys = [...new Set(said.map(({ key }) => `key:${key.toLowerCase()}`))].sort().slice(0, mostKeys);
    const others = said.flatMap(({ key, policy = "", title }) => {
      const listed = findRecommendation({ key, policy, title, category: "" })?.name ?? title;
      return [
        ...(policy ? [`policy:${policy}`] : []),
        `name:${plainName(title)}`,
        `name:${plainName(listed)}`,
      ];
    });
    groups.push({ about, all, signs: [...new Set([identity, ...keys, ...others])] });
  }
  return groups;
}

/**
 * Knows recommendations again that were renamed, got another key or were replaced: by what groups their assessments; of
 * those that are left, by a key, policy or name that both have; and at last by similar words about the same resources.
 * @param openOf the marks of affected resources that a seen recommendation had
 */
export function matchRecommendations(
  seen: Readonly<Record<string, SeenRecommendation>>,
  groups: readonly Group[],
  openOf: ReadonlyMap<string, ReadonlySet<string>>,
): Matched {
  const matched: Matched = { ids: new Map(), merged: new Map() };
  const byIdentity = new Map(groups.map((group) => [group.signs[0]!, group]));
  const left = Object.keys(seen).filter((id) => {
    const group = byIdentity.get(seen[id]!.signs[0]!);
    if (!group || matched.ids.has(group)) return true;
    matched.ids.set(group, id);
    return false;
  });
  const fresh = () => groups.filter((group) => !matched.ids.has(group));
  const give = (id: string, group: Group | undefined) => {
    if (!group) return true;
    const owner = matched.ids.get(group);
    if (owner === undefined) matched.ids.set(group, id);
    else matched.merged.set(id, owner);
    return false;
  };
  const bySign = signTable(groups);
  const unknown = left.filter((id) => {
    const candidates = seen[id]!.signs.flatMap((sign) => bySign.get(sign) ?? []);
    return give(id, candidates.find((group) => !matched.ids.has(group)) ?? candidates[0]);
  });
  for (const group of fresh()) joinClosed(group, matched, bySign);
  for (const id of unknown) {
    const before = openOf.get(id);
    if (before)
      give(
        id,
        fresh().find((group) => replaces(group, seen[id]!, before)),
      );
  }
  for (const group of fresh()) matched.ids.set(group, undefined);
  return matched;
}

/** A new key beside one that is still listed but affects nothing any more: both are one recommendation. */
function joinClosed(group: Group, { ids }: Matched, bySign: ReadonlyMap<string, Group[]>): void {
  const shared = group.signs
    .filter((sign) => !sign.startsWith("key:"))
    .flatMap((sign) => bySign.get(sign) ?? []);
  const closed = shared.find((other) => ids.get(other) !== undefined && other.about.unhealthy.length === 0);
  if (closed) ids.set(group, ids.get(closed));
}

function signTable(groups: readonly Group[]): ReadonlyMap<string, Group[]> {
  const table = new Map<string, Group[]>();
  for (const group of groups)
    for (const sign of group.signs) table.set(sign, [...(table.get(sign) ?? []), group]);
  return table;
}

function replaces(
  { about }: Group,
  { type, title }: SeenRecommendation,
  before: ReadonlySet<string>,
): boolean {
  const now = new Set(about.unhealthy.map(markOf));
  if (about.type !== type || now.size === 0 || before.size === 0) return false;
  const [words, others] = [wordsOf(about.title), wordsOf(title)];
  const same = words.intersection(others).size / words.union(others).size;
  return (
    same >= alike.words && now.intersection(before).size / Math.min(now.size, before.size) >= alike.resources
  );
}

function wordsOf(title: string): ReadonlySet<string> {
  return new Set(plainName(title).match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}
