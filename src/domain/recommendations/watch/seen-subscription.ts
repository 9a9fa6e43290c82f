import type { Located } from "../../scope/scope.ts";
import { bySeverity, type Severity } from "../../severity.ts";
import type { Assessment, RecommendationType } from "../recommendation.ts";
import { markOf, placeKey } from "./marks.ts";
import { statementsOf, turnsIn } from "./turns.ts";
import type { SeenPlace, SeenRecommendation, SeenRow, SeenSubscription } from "./watch-state.ts";

/** What a reading says of one recommendation in one subscription: everything, and what counts as affected. */
export type Said = { type: RecommendationType; all: Assessment[]; open: Assessment[] };

export type About = {
  name: string;
  /** ISO time of the reading. */
  asOf: string;
  /** What the reading before had. */
  was?: SeenSubscription;
  /** Recommendations that are part of another one now. */
  merged: ReadonlyMap<string, string>;
  /** The marks of every resource that the reading says anything of. */
  present: ReadonlySet<string>;
  /** Nothing assesses the subscription: what is not said there says nothing. */
  silent: boolean;
};

type Place = Omit<Located, "subscription">;

/** What was not read is as it was, and brings no change. */
export function carried(was: SeenSubscription, merged: ReadonlyMap<string, string>): SeenSubscription {
  const { since: _, ...rest } = was;
  const rows: Record<string, SeenRow> = {};
  for (const [id, { severity, places }] of Object.entries(was.rows)) {
    const open = places.flatMap(({ turns: _, ...one }) => (one.open.length > 0 ? [one] : []));
    const key = merged.get(id) ?? id;
    if (open.length > 0) rows[key] = { severity, places: [...(rows[key]?.places ?? []), ...open] };
  }
  return { ...rest, rows };
}

/** One subscription that was read: each recommendation of it compared with what it was, place by place. */
export function seenNow(
  said: ReadonlyMap<string, Said>,
  about: About,
  known: Readonly<Record<string, SeenRecommendation>>,
): SeenSubscription {
  const { name, asOf, was, merged, silent } = about;
  const places = placeTable();
  const earlier = Map.groupBy(Object.entries(was?.rows ?? {}), ([id]) => merged.get(id) ?? id);
  const rows: Record<string, SeenRow> = {};
  for (const id of new Set([...said.keys(), ...earlier.keys()])) {
    const type = said.get(id)?.type ?? known[id]?.type ?? "control-plane";
    const before = (earlier.get(id) ?? []).map(([, row]) => row);
    const row = compareRow({ all: [], open: [], ...said.get(id), type }, before, about, places);
    if (row) rows[id] = row;
  }
  return {
    name,
    asOf,
    ...(was && { since: was.asOf }),
    ...(silent && { unassessed: true }),
    places: places.all(),
    rows,
  };
}

/** One recommendation, as it was and as it is; undefined where nothing of it is or was affected. */
function compareRow(
  { type, all, open }: Said,
  before: readonly SeenRow[],
  { was, present, silent }: About,
  places: ReturnType<typeof placeTable>,
): SeenRow | undefined {
  // Scanners answer also where nothing assesses; what is assessed for the first time is no change.
  const scanned = type === "vulnerability";
  const baseline = !was || (was.unassessed === true && !scanned);
  const statements = statementsOf(all, { type, present, silent: silent && !scanned });
  const then = Map.groupBy(
    before.flatMap((row) => row.places.map((one) => ({ ...one, at: was?.places[one.place] ?? {} }))),
    ({ at }) => placeKey(at),
  );
  const now = Map.groupBy(open, ({ place }) => placeKey(place));
  const compared = [...new Set([...then.keys(), ...now.keys()])].map((key): SeenPlace => {
    const [earlier, current] = [then.get(key) ?? [], now.get(key) ?? []];
    const known = {
      before: new Set(earlier.flatMap((one) => one.open)),
      lacked: new Set(earlier.flatMap(({ missing = [] }) => missing)),
    };
    const { open, missing, turns } = turnsIn(key, known, new Set(current.map(markOf)), statements);
    const changed = !baseline && Object.keys(turns).length > 0;
    return {
      place: places.indexOf(key, current[0]?.place ?? earlier[0]!.at),
      open,
      ...(missing.length > 0 && { missing }),
      ...(changed && { turns }),
    };
  });
  const kept = compared.filter(({ open, turns }) => open.length > 0 || turns);
  if (kept.length === 0) return undefined;
  return { ...severityOf(open, before, baseline), places: kept };
}

/** The worst of what is affected; where that is unknown now, what was known stays. */
function severityOf(
  open: readonly Assessment[],
  before: readonly SeenRow[],
  baseline: boolean,
): Pick<SeenRow, "severity" | "was"> {
  const was = worst(before.map(({ severity }) => severity));
  const now = worst(open.map(({ severity }) => severity));
  const severity = now === undefined || now === "unknown" ? (was ?? "unknown") : now;
  const changed = !baseline && was !== undefined && was !== "unknown" && was !== severity;
  return { severity, ...(changed && { was }) };
}

function worst(severities: readonly Severity[]): Severity | undefined {
  return [...severities].sort(bySeverity)[0];
}

/** The places of a subscription, each once. */
function placeTable() {
  const places = new Map<string, { index: number; place: Place }>();
  return {
    indexOf(key: string, { resourceGroup, cluster, registry }: Place): number {
      const place = {
        ...(resourceGroup && { resourceGroup }),
        ...(cluster && { cluster }),
        ...(registry && { registry }),
      };
      const known = places.get(key) ?? { index: places.size, place };
      places.set(key, known);
      return known.index;
    },
    all: () => [...places.values()].map(({ place }) => place),
  };
}
