import type { Unread } from "../../reading/reading.ts";
import { type ControlState, compareControls, controlStates } from "../compliance.ts";
import { byImportance } from "../standards.ts";
import { countStates, worstState } from "../summary.ts";
import type { ComplianceState, ControlChange, DayCompliance, PendingChanges } from "./state.ts";

/** Lines of a message and its file; more are counted. */
const mostChanges = 500;
const namesKept = 5;
const keptDays = 35;
/** Of schedules with many slots a day. */
const mostSlots = 1000;
const day = 86_400_000;

export type ChangeLine = Omit<ControlChange, "subscriptions"> & { names: string[]; count: number };
type AssignmentLine = { name: string; how: "assigned" | "unassigned"; names: string[]; count: number };

/** What one reading means to a channel. `before`: with what `changes` were compared; `since`: with what the figures were. */
export type ComplianceDigest = {
  v: 1;
  kind: "baseline" | "changes" | "weekly";
  slot: string;
  asOf: string;
  before?: string;
  since?: string;
  filter: string;
  standards: (DayCompliance["standards"][number] & { was?: DayCompliance["standards"][number]["counts"] })[];
  /** Those that fail now first. */
  changes: ChangeLine[];
  left: number;
  failing: number;
  passing: number;
  assignments: AssignmentLine[];
  added: number;
  removed: number;
  trend: DayCompliance[];
  unread: Unread[];
  subscriptions: number;
};

/** A filter of channels; `within`: the subscriptions that it lets through, all where it is left out. */
export type ComplianceFilter = { name: string; within?: ReadonlySet<string> };

/**
 * The digest for one filter, where there is anything to say, and the figures of the day.
 * @param first for channels that had none before: the figures as they are
 */
export function complianceDigest(
  state: ComplianceState,
  pending: PendingChanges,
  filter: ComplianceFilter,
  first = false,
): { digest?: ComplianceDigest; days: DayCompliance[] } {
  const today = dayOf(state, filter, pending.slot);
  const earlier = (state.days[filter.name] ?? []).filter(({ slot }) => slot < pending.slot);
  const oldest = new Date(Date.parse(pending.slot) - keptDays * day).toISOString();
  const days = [...earlier.filter(({ slot }) => slot >= oldest), today].slice(-mostSlots);
  const within = ({ subscriptions }: { subscriptions: string[] }) =>
    subscriptions.filter((id) => !filter.within || filter.within.has(id));
  const changes = pending.changes
    .map((one) => ({ ...one, subscriptions: within(one) }))
    .filter(({ subscriptions }) => subscriptions.length > 0)
    .sort(byWeight);
  const assignments = pending.assignments
    .map((one) => ({ ...one, subscriptions: within(one) }))
    .filter(({ subscriptions }) => subscriptions.length > 0);
  const { renewed } = pending;
  const isRenewed = !renewed || within({ subscriptions: renewed }).length > 0;
  const [added, removed] = isRenewed ? [pending.added, pending.removed] : [0, 0];
  const changed = changes.length + assignments.length + added + removed > 0;
  if (!first && !pending.weekly && !changed) return { days };
  const against = pending.weekly ? weekBefore(earlier, pending.slot) : earlier.at(-1);
  const named = (ids: readonly string[]) => ({
    names: ids.slice(0, namesKept).map((id) => state.subscriptions[id]?.name ?? id),
    count: ids.length,
  });
  const digest: ComplianceDigest = {
    v: 1,
    kind: first ? "baseline" : pending.weekly ? "weekly" : "changes",
    slot: pending.slot,
    asOf: pending.asOf,
    ...(pending.before && { before: pending.before }),
    ...(against && { since: against.slot }),
    filter: filter.name,
    standards: today.standards.map((one) => {
      const was = against?.standards.find(({ key }) => key === one.key)?.counts;
      return { ...one, ...(was && { was }) };
    }),
    changes: changes
      .slice(0, mostChanges)
      .map(({ subscriptions, ...one }) => ({ ...one, ...named(subscriptions) })),
    left: Math.max(0, changes.length - mostChanges),
    failing: distinctControls(changes.filter(({ to }) => to === "failed")),
    passing: distinctControls(changes.filter(({ to }) => to === "passed")),
    assignments: assignments.map(({ name, how, subscriptions }) => ({ name, how, ...named(subscriptions) })),
    added,
    removed,
    trend: days.slice(-20),
    unread: pending.unread,
    subscriptions: pending.subscriptions,
  };
  return { digest, days };
}

function distinctControls(changes: readonly ControlChange[]): number {
  return new Set(changes.map(({ standard, control }) => `${standard} ${control}`)).size;
}

/** The latest figures of six days ago or before; undefined where there are none that old. */
function weekBefore(days: readonly DayCompliance[], slot: string): DayCompliance | undefined {
  const until = new Date(Date.parse(slot) - 6 * day).toISOString();
  return days.findLast((one) => one.slot <= until);
}

/** Each control once, with the worst state that it has in any subscription of the filter. */
function dayOf(
  { subscriptions }: ComplianceState,
  { within }: ComplianceFilter,
  slot: string,
): DayCompliance {
  const standards = new Map<
    string,
    { name: string; subscriptions: number; controls: Map<string, ControlState> }
  >();
  for (const [id, one] of Object.entries(subscriptions)) {
    if (within && !within.has(id)) continue;
    for (const [key, { name, controls }] of Object.entries(one.standards)) {
      const known = standards.get(key) ?? { name, subscriptions: 0, controls: new Map() };
      known.subscriptions++;
      for (const [control, state] of Object.entries(controls))
        known.controls.set(control, worstState(known.controls.get(control) ?? "manual", state));
      standards.set(key, known);
    }
  }
  return {
    slot,
    standards: [...standards]
      .map(([key, { name, subscriptions: number, controls }]) => ({
        key,
        name,
        subscriptions: number,
        counts: countStates([...controls.values()].map((state) => ({ state }))),
      }))
      .sort(byImportance),
  };
}

/** What fails now first, then what passes, by standard and control. */
function byWeight(a: ControlChange, b: ControlChange): number {
  return (
    controlStates.indexOf(a.to) - controlStates.indexOf(b.to) ||
    byImportance(a, b) ||
    compareControls(a.control, b.control)
  );
}

/** The state once its changes are published. `days`: by filter; those of filters that no channel has are forgotten. */
export function publishedCompliance(
  { pending: _, ...state }: ComplianceState,
  published: Pick<ComplianceState, "channels" | "days">,
): ComplianceState {
  return { ...state, ...published };
}
