import type { Control, ControlState } from "../compliance.ts";

type Titles = Readonly<Record<string, string>>;

export type ControlsCompared = {
  /** What is known now. */
  states: Record<string, ControlState>;
  changed: { control: string; from: ControlState; to: ControlState }[];
  /** Ids of controls that the standard did not have before, and of those that it has no longer. */
  added: string[];
  removed: string[];
};

/**
 * The controls of one standard in one subscription, before and now. A control with another id and the title of one that is
 * gone is the same one, renumbered. `missing`: not all of them were read, so that what is not here stays what it was.
 * Without anything before, all of it is new, and nothing of it is a change.
 */
export function compareControls(
  before: Readonly<Record<string, ControlState>> | undefined,
  now: readonly Control[],
  titles: { before: Titles; now: Titles; missing: boolean },
): ControlsCompared {
  if (!before) {
    const states = Object.fromEntries(now.map(({ id, state }) => [id, state]));
    return { states, changed: [], added: [], removed: [] };
  }
  const present = new Set(now.map(({ id }) => id.toLowerCase()));
  const known = new Map(Object.entries(before).map(([id, state]) => [id.toLowerCase(), { id, state }]));
  const gone = new Map([...known].filter(([id]) => !present.has(id)));
  const renumbered = byTitle([...gone.values()], titles.before);
  const compared: ControlsCompared = { states: {}, changed: [], added: [], removed: [] };
  for (const { id, state } of now) {
    const same = known.get(id.toLowerCase());
    const moved = same ? undefined : renumbered.get(titleKey(titles.now[id]));
    if (moved) gone.delete(moved.id.toLowerCase());
    const from = (same ?? moved)?.state;
    compared.states[id] = state === "unknown" ? (from ?? state) : state;
    if (from === undefined) compared.added.push(id);
    else if (state !== "unknown" && from !== "unknown" && from !== state)
      compared.changed.push({ control: id, from, to: state });
  }
  for (const { id, state } of gone.values()) {
    if (titles.missing) compared.states[id] = state;
    else compared.removed.push(id);
  }
  return compared;
}

function titleKey(title: string | undefined): string {
  return (title ?? "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** By title; a title that several have tells none of them. */
function byTitle<T extends { id: string }>(controls: readonly T[], titles: Titles): Map<string, T> {
  const groups = Map.groupBy(controls, ({ id }) => titleKey(titles[id]));
  return new Map(
    [...groups].flatMap(([title, group]) =>
      title && group.length === 1 ? [[title, group[0]!] as const] : [],
    ),
  );
}
