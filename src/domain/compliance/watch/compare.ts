import { leftUnread, type Read } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import type { Compliance } from "../compliance.ts";
import { familyOf } from "../standards.ts";
import { compareControls } from "./compare-controls.ts";
import type {
  AssignmentChange,
  ComplianceState,
  ControlChange,
  WatchedStandard,
  WatchedSubscription,
} from "./state.ts";

/** A subscription that could not be read for so long is forgotten. */
const unreadDays = 120;
const day = 86_400_000;

type Reading = Read<Compliance> & { estate: readonly Located["subscription"][] };

/** What changes while one reading is compared: grouped, each control counted once. */
type Changes = {
  controls: Map<string, ControlChange>;
  assignments: Map<string, AssignmentChange>;
  added: Set<string>;
  removed: Set<string>;
  renewed: Set<string>;
};

/**
 * The state after a reading, with what changed as pending. A subscription that could not be read keeps what was known of
 * it; one that is read for the first time changes nothing. What a reading leaves unknown stays what it was.
 */
export function compareCompliance(
  before: ComplianceState | undefined,
  read: Reading,
  slot: string,
): ComplianceState {
  const titles = { ...before?.titles };
  for (const one of read.value.titles) titles[one.key] = one.titles;
  const changes: Changes = {
    controls: new Map(),
    assignments: new Map(),
    added: new Set(),
    removed: new Set(),
    renewed: new Set(),
  };
  const byId = Map.groupBy(read.value.standards, ({ subscription }) => subscription.id);
  const isUnread = leftUnread(
    read.unread,
    read.estate.map(({ id }) => id),
  );
  const subscriptions = keptUnread(before, isUnread, slot);
  for (const { id, name } of read.estate) {
    if (isUnread(id)) continue;
    const known = before?.subscriptions[id];
    const now: WatchedSubscription = { name, at: slot, standards: {} };
    const matches = matched(known, byId.get(id) ?? []);
    for (const { reading, prior } of matches) {
      const { key, controls } = reading;
      if (known && !prior) note(changes.assignments, key, { name: reading.name, how: "assigned" }, id);
      const compared = compareControls(prior?.standard.controls, controls, {
        before: before?.titles[prior?.key ?? key] ?? {},
        now: titles[key] ?? {},
        missing: reading.missing > 0,
      });
      const wasPartial = !prior || prior.standard.partial === true;
      const partial = wasPartial && reading.missing > 0;
      now.standards[key] = { name: reading.name, controls: compared.states, ...(partial && { partial }) };
      const added = wasPartial ? [] : compared.added;
      for (const one of added) changes.added.add(`${key} ${one}`);
      for (const one of compared.removed) changes.removed.add(`${key} ${one}`);
      if (added.length + compared.removed.length > 0) changes.renewed.add(id);
      for (const { control, from, to } of compared.changed) {
        const about = { standard: key, name: reading.name, control, title: titles[key]?.[control] ?? "" };
        add(
          changes.controls,
          `${key} ${control} ${from} ${to}`,
          { ...about, from, to, subscriptions: [] },
          id,
        );
      }
    }
    const still = new Set(matches.map(({ prior }) => prior?.key));
    for (const [key, standard] of Object.entries(known?.standards ?? {})) {
      if (still.has(key)) continue;
      // Resource Graph may miss a row once: two readings have to lack it.
      if (standard.missing) note(changes.assignments, key, { name: standard.name, how: "unassigned" }, id);
      else now.standards[key] = { ...standard, missing: true };
    }
    subscriptions[id] = now;
  }
  const week = weekOf(slot);
  return {
    slot,
    asOf: read.asOf,
    week,
    subscriptions,
    titles,
    channels: before?.channels ?? [],
    days: before?.days ?? {},
    pending: {
      slot,
      asOf: read.asOf,
      ...(before && { before: before.asOf }),
      weekly: before !== undefined && before.week !== week,
      changes: [...changes.controls.values()],
      assignments: [...changes.assignments.values()],
      added: changes.added.size,
      removed: changes.removed.size,
      renewed: [...changes.renewed],
      unread: read.unread,
      subscriptions: read.subscriptions,
    },
  };
}

/** The Monday of a time's week, UTC. */
export function weekOf(time: string): string {
  const at = new Date(time);
  at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString().slice(0, 10);
}

/** Of those that could not be read, what was known. */
function keptUnread(
  before: ComplianceState | undefined,
  isUnread: (id: string) => boolean,
  slot: string,
): Record<string, WatchedSubscription> {
  const oldest = Date.parse(slot) - unreadDays * day;
  const kept = Object.entries(before?.subscriptions ?? {}).filter(
    ([id, { at }]) => isUnread(id) && Date.parse(at) > oldest,
  );
  return Object.fromEntries(kept);
}

type Standard = Compliance["standards"][number];

/** Each standard of a reading with what was known of it: by its name, else by that of an earlier version which is gone. */
function matched(known: WatchedSubscription | undefined, readings: readonly Standard[]) {
  const now = new Set(readings.map(({ key }) => key));
  const gone = new Map(
    Object.entries(known?.standards ?? {})
      .filter(([key]) => !now.has(key))
      .map(([key, standard]) => [familyOf(standard.name), { key, standard }]),
  );
  return readings.map(
    (reading): { reading: Standard; prior?: { key: string; standard: WatchedStandard } } => {
      const same = known?.standards[reading.key];
      const prior = same ? { key: reading.key, standard: same } : gone.get(familyOf(reading.name));
      return prior ? { reading, prior } : { reading };
    },
  );
}

function note(
  all: Map<string, AssignmentChange>,
  key: string,
  { name, how }: Pick<AssignmentChange, "name" | "how">,
  subscription: string,
): void {
  add(all, `${key} ${how}`, { name, how, subscriptions: [] }, subscription);
}

function add<T extends { subscriptions: string[] }>(
  all: Map<string, T>,
  key: string,
  empty: T,
  subscription: string,
): void {
  const one = all.get(key) ?? empty;
  one.subscriptions.push(subscription);
  all.set(key, one);
}
