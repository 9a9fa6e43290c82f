import {
  factKey,
  type Incident,
  lossSorts,
  type Member,
  type Thing,
  type Turn,
  type WatchState,
} from "./watch-state.ts";

/** A policy or a script takes a while to reach all of its clusters: what follows within this time joins. */
const joinHours = 3;

type Ref = { id: string; subscription: { id: string } };

/**
 * Puts what began into incidents: everything of one reading with the same cause is one, whatever the number, and more of
 * it in the same subscription soon afterwards joins the one that is open.
 */
export function openIncidents(
  state: WatchState,
  began: readonly Turn[],
  when: { after: string; at: string },
): void {
  const causes = Map.groupBy(began, (turn) => causeOf(turn, began));
  const order = (sort: string) => lossSorts.findIndex((one) => sort.startsWith(one));
  const sorted = [...causes].sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1));
  for (const [cause, turns] of sorted) {
    const { sort } = turns[0]!.sighting;
    const joined = Object.values(state.incidents).find((one) => joins(one, turns, when.at));
    const members = turns.map(memberOf);
    if (joined) joined.members.push(...members);
    const incident = joined ?? { id: `${cause}|${when.at}`, sort, ...opening(when), revision: 0, members };
    incident.grown = true;
    state.incidents[incident.id] = incident;
    touch(state, incident);
  }
}

/** Ends the members that are named; an incident without members left is over. */
export function endMembers(
  state: WatchState,
  named: readonly { thing: Ref; key: string }[],
  how: NonNullable<Member["how"]>,
  at: string,
): void {
  const wanted = new Set(named.map(({ thing, key }) => placeKey(thing, key)));
  if (wanted.size === 0) return;
  for (const incident of Object.values(state.incidents)) {
    const over = openMembers(incident).filter((one) => wanted.has(placeKey(one, memberKey(incident, one))));
    if (over.length === 0) continue;
    for (const member of over) Object.assign(member, { ended: at, how });
    if (openMembers(incident).length === 0) incident.ended = at;
    touch(state, incident);
  }
}

/** Brings the details of what lasts up to date: more nodes lost the sensor, or fewer. */
export function refreshDetails(state: WatchState, lasting: readonly Turn[]): void {
  const details = new Map(
    lasting
      .filter(({ sighting }) => sighting.detail !== undefined)
      .map(({ thing, sighting }) => [placeKey(thing, factKey(sighting)), sighting.detail]),
  );
  if (details.size === 0) return;
  for (const incident of Object.values(state.incidents)) {
    for (const member of openMembers(incident)) {
      const detail = details.get(placeKey(member, memberKey(incident, member)));
      if (detail === undefined || detail === member.detail) continue;
      member.detail = detail;
      touch(state, incident);
    }
  }
}

/** Notes that an incident has another state than the one that was published. */
export function touch(state: WatchState, incident: Incident): void {
  incident.revision = state.revision;
  if (!state.pending.includes(incident.id)) state.pending.push(incident.id);
}

export function openMembers({ members }: Pick<Incident, "members">): Member[] {
  return members.filter(({ ended }) => ended === undefined);
}

function opening({ after, at }: { after: string; at: string }): Pick<Incident, "after" | "opened"> {
  return { after, opened: at };
}

/** Extensions that were turned off at once at one scope belong together, wherever else the same ones were. */
function causeOf({ thing, sighting }: Turn, began: readonly Turn[]): string {
  if (sighting.sort !== "extension-off") return sighting.sort;
  const same = began.filter((one) => one.thing === thing && one.sighting.sort === sighting.sort);
  return [sighting.sort, ...same.map((one) => one.sighting.what ?? "").sort()].join("|");
}

function joins({ sort, opened, ended, members }: Incident, turns: readonly Turn[], at: string): boolean {
  const { thing, sighting } = turns[0]!;
  if (ended || sort !== sighting.sort || thing.kind === "subscription" || sort === "extension-off")
    return false;
  const here = new Set(members.map(({ subscription }) => subscription.id));
  const recent = Date.parse(at) - Date.parse(opened) <= joinHours * 3_600_000;
  return recent && turns.some((turn) => here.has(turn.thing.subscription.id));
}

function memberOf({ thing, sighting }: Turn): Member {
  const { kind, id, name, subscription, resourceGroup, within }: Thing = thing;
  const { what, detail } = sighting;
  return {
    kind,
    id,
    name,
    subscription,
    ...(resourceGroup !== undefined && { resourceGroup }),
    ...(what !== undefined && { what }),
    ...(detail !== undefined && { detail }),
    ...(within && { within }),
  };
}

function memberKey({ sort }: Pick<Incident, "sort">, { what }: Member): string {
  return factKey({ sort, what });
}

function placeKey({ id, subscription }: Ref, key: string): string {
  return `${subscription.id}|${id}|${key}`;
}
