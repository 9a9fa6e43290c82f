import type { DigestFilter } from "../../findings/digest/digest-filter.ts";
import type { Unread } from "../../reading/reading.ts";
import { inScopes, type Located, scopeText } from "../../scope/scope.ts";
import { atLeast, bySeverity, countBySeverity, type Severity } from "../../severity.ts";
import type { RecommendationType, Unassessed } from "../recommendation.ts";
import { type Ending, endings, type RecommendationsWatch, type SeenRow } from "./watch-state.ts";

/** What changed about a recommendation, in the order in which changes are listed. */
export const changeKinds = [
  "new",
  "raised",
  "more",
  "fixed",
  "fewer",
  "exempt",
  "withdrawn",
  "lowered",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export type RecommendationChange = {
  kind: ChangeKind;
  key: string;
  title: string;
  type: RecommendationType;
  severity: Severity;
  /** The severity before, where it is another now. */
  was?: Severity;
  /** Affected resources before and now. */
  before: number;
  now: number;
  added: number;
  ended: Partial<Record<Ending, number>>;
  /** Clusters, registries and subscriptions where resources became affected or stopped to be, a few of them by name. */
  where: string[];
  places: number;
};

/** What is posted to one channel for a slot. */
export type RecommendationsDigest = {
  v: 1;
  slot: string;
  filter: string;
  /** The channel sees only a part. */
  filtered: boolean;
  /** Where the filter is one scope: for buttons. */
  scope?: string;
  asOf: string;
  /** Of the reading that this one is compared with; none: the first one. */
  since?: string;
  subscriptions: number;
  unread: Unread[];
  unassessed: Unassessed[];
  /** Open recommendations by severity. */
  open: Partial<Record<Severity, number>>;
  changes: RecommendationChange[];
  /** Changes beyond those that are listed. */
  more: number;
  counts: Partial<Record<ChangeKind, number>>;
  renamed: { from: string; to: string }[];
  /** Subscriptions that were read for the first time. */
  first: string[];
  /** Subscriptions that were compared with an older reading than the others. */
  late: { name: string; since: string }[];
};

const mostListed = 200;
const mostNamed = 3;

type Sum = {
  severity: Severity[];
  was: Severity[];
  before: number;
  now: number;
  added: number;
  ended: Partial<Record<Ending, number>>;
  where: Set<string>;
  /** Something that is affected passes the filter as it is now. */
  open: boolean;
};

/** What the latest reading changed, as far as a filter lets it through. Says the same whenever it is asked. */
export function recommendationsDigest(
  watch: RecommendationsWatch,
  filter: DigestFilter,
): RecommendationsDigest {
  const { slot, asOf, since, subscriptions } = watch;
  const sums = sumUp(watch, filter);
  const all = [...sums].flatMap(([id, sum]) => {
    const about = watch.recommendations[id];
    return about ? [{ about, sum, severity: worst(sum.severity) }] : [];
  });
  const open = all.filter(({ sum }) => sum.open);
  const changes = all
    .flatMap(({ about: { key, title, type }, sum, severity }): RecommendationChange[] => {
      const was = worst(sum.was);
      const kind = kindOf(sum, was, severity);
      if (!kind) return [];
      const { before, now, added, ended, where } = sum;
      return [
        {
          ...{ kind, key, title, type, severity, ...(was !== severity && before > 0 && { was }) },
          ...{ before, now, added, ended, where: [...where].slice(0, mostNamed), places: where.size },
        },
      ];
    })
    .sort(
      (a, b) =>
        changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) ||
        bySeverity(a.severity, b.severity) ||
        b.added - a.added ||
        (a.title < b.title ? -1 : 1),
    );
  const scope = onlyScope(filter);
  return {
    ...{ v: 1, slot, filter: filter.name, filtered: filter.name !== "", ...(scope && { scope }) },
    ...{ asOf, ...(since && { since }), subscriptions },
    unread: watch.unread.filter((one) => one.group || concerns(filter, one)),
    unassessed: watch.unassessed.filter((one) => concerns(filter, one)),
    open: countBySeverity(open),
    changes: changes.slice(0, mostListed),
    more: Math.max(0, changes.length - mostListed),
    counts: countKinds(changes),
    renamed: all.flatMap(({ about: { before, title }, sum }) =>
      before && sum.now > 0 ? [{ from: before, to: title }] : [],
    ),
    ...othersOf(watch, filter),
  };
}

/** The rows of each recommendation that lie within the filter's scopes, by its id. */
function sumUp({ seen }: RecommendationsWatch, { wanted }: DigestFilter): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const [id, subscription] of Object.entries(seen)) {
    const located = subscription.places.map(
      (place): Located => ({ ...place, subscription: { id, name: subscription.name } }),
    );
    const wishes = located.map((place) => wanted.filter(({ scopes }) => inScopes(place, scopes)));
    const admits = (place: number, severity: Severity) =>
      wishes[place]!.some((wish) => !wish.severity || atLeast(severity, wish.severity));
    for (const [recommendation, row] of Object.entries(subscription.rows))
      addRow(sums, recommendation, row, { located, admits });
  }
  return sums;
}

type Places = { located: readonly Located[]; admits: (place: number, severity: Severity) => boolean };

function addRow(sums: Map<string, Sum>, id: string, row: SeenRow, { located, admits }: Places): void {
  const { severity, was = severity } = row;
  const inside = row.places.filter(({ place }) => admits(place, severity) || admits(place, was));
  if (inside.length === 0) return;
  const sum = sums.get(id) ?? nothing();
  sums.set(id, sum);
  sum.open ||= inside.some(({ place, open }) => open.length > 0 && admits(place, severity));
  for (const { place, open, turns = {} } of inside) {
    const ended = endings.reduce((total, ending) => total + (turns[ending] ?? 0), 0);
    const { added = 0 } = turns;
    sum.now += open.length;
    sum.before += open.length - added + ended;
    sum.added += added;
    for (const ending of endings)
      if (turns[ending]) sum.ended[ending] = (sum.ended[ending] ?? 0) + turns[ending];
    const { cluster, registry, subscription } = located[place]!;
    if (added + ended > 0) sum.where.add(cluster ?? registry ?? subscription.name);
  }
  sum.severity.push(severity);
  sum.was.push(was);
}

function nothing(): Sum {
  return { severity: [], was: [], before: 0, now: 0, added: 0, ended: {}, where: new Set(), open: false };
}

function kindOf(
  { before, now, added, ended }: Sum,
  was: Severity,
  severity: Severity,
): ChangeKind | undefined {
  if (before === 0) return now > 0 ? "new" : undefined;
  if (now === 0) {
    // Nothing is called fixed as long as a part of it only stopped to be counted.
    if (ended.exempt) return "exempt";
    return ended.withdrawn ? "withdrawn" : "fixed";
  }
  const turn = was === "unknown" || severity === "unknown" ? 0 : bySeverity(severity, was);
  if (turn < 0) return "raised";
  if (added > 0) return "more";
  if (Object.keys(ended).length > 0) return "fewer";
  return turn > 0 ? "lowered" : undefined;
}

function worst(severities: readonly Severity[]): Severity {
  return [...severities].sort(bySeverity)[0] ?? "unknown";
}

function countKinds(changes: readonly RecommendationChange[]): RecommendationsDigest["counts"] {
  const groups = Map.groupBy(changes, ({ kind }) => kind);
  return Object.fromEntries([...groups].map(([kind, some]) => [kind, some.length]));
}

function othersOf({ seen, since, asOf }: RecommendationsWatch, filter: DigestFilter) {
  const read = Object.entries(seen).filter(
    ([id, { name, asOf: at }]) => at === asOf && concerns(filter, { id, name }),
  );
  const late = read.filter(([, one]) => since && one.since && one.since < since);
  return {
    first: since ? read.filter(([, one]) => !one.since).map(([, { name }]) => name) : [],
    late: late.map(([, one]) => ({ name: one.name, since: one.since! })),
  };
}

/** Whether a subscription may matter to the filter; its clusters are not known where it couldn't be read. */
function concerns({ wanted }: DigestFilter, subscription: { id: string; name: string }): boolean {
  return wanted.some(
    ({ scopes }) =>
      scopes.length === 0 || scopes.some(({ kind }) => kind !== "sub") || inScopes({ subscription }, scopes),
  );
}

function onlyScope({ wanted }: DigestFilter): string | undefined {
  const [wish] = wanted;
  const [scope] = wish?.scopes ?? [];
  return wanted.length === 1 && wish?.scopes.length === 1 && scope ? scopeText(scope) : undefined;
}
