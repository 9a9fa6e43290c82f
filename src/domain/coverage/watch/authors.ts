import { openMembers, touch } from "./incidents.ts";
import type { Author, Authorship, Incident, LossSort, Member, WatchState } from "./watch-state.ts";

/** One entry of the activity log [Activity Logs 2015-04-01]. */
export type ActivityEntry = {
  /** ISO. */
  at: string;
  /** A user's name, or the object id of a service principal or managed identity. */
  caller: string;
  operation: string;
  /** Resource id; empty where the entry names none. */
  resource: string;
  failed: boolean;
};

/** What is asked of the activity log of one subscription: what was done to a resource. */
export type ActivityAsked = { subscription: string; from: string; to: string; resource: string };

/** One incident asks for so many of its members at most: mostly the same person did all of it. */
const mostAsked = 5;
/** Entries reach the log minutes after the change; the watch may also have looked at an older answer. */
const slackMinutes = 15;
/** Entries are kept for 90 days [Azure Monitor, activity log]. */
const keptDays = 89;
/** Where the log has no entry yet, it is asked again with each reading for so long. */
const askAgainHours = 3;

const operations: Partial<Record<LossSort, RegExp>> = {
  "plan-off": /^microsoft\.security\/pricings\/(write|delete)$/i,
  "extension-off": /^microsoft\.security\/pricings\/(write|delete)$/i,
  "sensor-off": /^microsoft\.containerservice\/managedclusters\/write$/i,
  "policy-off": /^microsoft\.containerservice\/managedclusters\/write$/i,
  "sensor-excluded":
    /^microsoft\.(containerservice\/managedclusters\/write|resources\/tags\/(write|delete|action))$/i,
};

/** The incidents whose author is asked for now: new ones, and those for which the log had nothing yet. */
export function withoutAuthor(state: WatchState, at: string): Incident[] {
  return Object.values(state.incidents).filter(
    ({ sort, by, ended, opened }) =>
      operations[sort] !== undefined &&
      !ended &&
      (by === undefined ||
        (by.authors.length === 0 && Date.parse(at) - Date.parse(opened) <= askAgainHours * 3_600_000)),
  );
}

/** The questions to the activity log for an incident, each with the member that it is about. */
export function activityAsked(
  { sort, members, after, opened }: Incident,
  to: string,
): { member: Member; asked: ActivityAsked }[] {
  const from = new Date(
    Math.max(Date.parse(after) - slackMinutes * 60_000, Date.parse(opened) - keptDays * 86_400_000),
  ).toISOString();
  const ids = new Set<string>();
  const first = openMembers({ members }).filter(({ id, subscription }) => {
    const place = `${subscription.id}${id}`;
    return !ids.has(place) && ids.add(place);
  });
  return first.slice(0, mostAsked).flatMap((member) =>
    resourcesOf(sort, member).map((resource) => ({
      member,
      asked: { subscription: member.subscription.id, from, to, resource },
    })),
  );
}

/** The last change that fits, for each member that was asked for; the same person is named once. */
export function authorsOf(
  sort: LossSort,
  answers: readonly { member: Member; entries: readonly ActivityEntry[] }[],
): Author[] {
  const authors = [...Map.groupBy(answers, ({ member }) => member)].flatMap(([member, some]): Author[] => {
    const last = some
      .flatMap(({ entries }) => entries)
      .filter((entry) => entry.caller !== "" && !entry.failed && concerns(entry, sort, member))
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
    return last ? [{ caller: last.caller, at: last.at, subscription: member.subscription.name }] : [];
  });
  return [...Map.groupBy(authors, ({ caller }) => caller.toLowerCase()).values()].map(([first]) => first!);
}

/** Notes who did it, or why that is not known. */
export function noteAuthors(state: WatchState, incident: Incident, by: Authorship): void {
  if (JSON.stringify(incident.by) === JSON.stringify(by)) return;
  incident.by = by;
  touch(state, incident);
}

function concerns({ operation, resource }: ActivityEntry, sort: LossSort, member: Member): boolean {
  const about = resource.toLowerCase();
  const fits = resourcesOf(sort, member).some((one) => about === one.toLowerCase());
  return fits && operations[sort]?.test(operation) === true;
}

/** What is written to when it is turned off. Tags are a resource of their own below the one that has them. */
function resourcesOf(sort: LossSort, { id, subscription }: Member): string[] {
  const place = `/subscriptions/${subscription.id}${id}`;
  if (sort === "plan-off" || sort === "extension-off")
    return [`${place}/providers/Microsoft.Security/pricings/Containers`];
  return sort === "sensor-excluded"
    ? [place, `${place}/providers/Microsoft.Resources/tags/default`]
    : [place];
}
