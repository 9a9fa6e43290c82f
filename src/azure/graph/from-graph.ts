import type { Read } from "../../domain/reading/reading.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Clock } from "../../ports/process.ts";
import { type Probe, unreadOf } from "../client/probe.ts";
import { field, text } from "../fields.ts";
import { hiddenReader } from "../permissions/hidden-rows.ts";
import type { Denied } from "../permissions/silent-subscriptions.ts";
import type { Shaped } from "../shape.ts";
import type { Subscriptions } from "../subscriptions.ts";
import type { Graph, GraphOptions, GraphQuery, Row } from "./graph.ts";
import { queryText } from "./queries.ts";

export type GraphDeps = {
  graph: Graph;
  subscriptions: Subscriptions;
  probe: Probe;
  /** Which subscriptions lack an action, as far as the bot's permissions say. */
  denied: Denied;
  clock: Clock;
  shaped: Shaped;
};

/**
 * Rows of a query with an honest account of what is not in them: Resource Graph leaves subscriptions without access
 * out silently, so those without a row are asked themselves. Throws where all of them fail. `minutes`: how old the list of
 * subscriptions may be.
 */
export function graphReading({ graph, subscriptions, probe, clock, denied }: GraphDeps) {
  const answered = new Map<string, Set<string>>();
  const hiddenIn = hiddenReader(denied);
  return async (
    query: GraphQuery,
    only?: (subscription: Subscription) => boolean,
    { probing = true, minutes, ...options }: GraphOptions & { probing?: boolean; minutes?: number } = {},
  ): Promise<Read<Row[]> & { missing: number }> => {
    const name = typeof query === "string" ? query : query.name;
    const asked = await subscriptions({ minutes });
    const mine = only ? asked.value.filter(only) : asked.value;
    const {
      rows,
      failed,
      missing: more,
    } = await graph(query, mine, only && mine.map(({ id }) => id), options);
    const present = new Set(rows.map((row) => subscriptionOf(row)));
    const before = answered.get(name) ?? new Set();
    const missing = probing ? mine.filter(({ id }) => !present.has(id)) : [];
    // One that had rows a moment ago and has none now may just have been locked: what is known of it does not count.
    const errors = await probe.unread(
      missing,
      new Set(missing.map(({ id }) => id).filter((id) => before.has(id))),
    );
    for (const { scope, error } of failed)
      for (const { id } of mine)
        if (!present.has(id) && covers(scope.subscriptions, id)) errors.set(id, error);
    const silent = missing.filter(({ id }) => !errors.has(id));
    const text = typeof query === "string" ? await queryText(query) : query.text;
    const hidden = await hiddenIn({ name, text }, silent, present);
    for (const { id } of mine) if (present.has(id)) before.add(id);
    for (const { id } of mine) if (!present.has(id)) before.delete(id);
    answered.set(name, before);
    if (mine.length > 0 && rows.length === 0 && errors.size === mine.length)
      throw [...errors.values()][0] as UpstreamError;
    const failing = mine.filter(({ id }) => errors.has(id)).map((one) => unreadOf(one, errors.get(one.id)));
    const own = [...failing, ...hidden];
    const unread = only ? own : [...asked.unread, ...own];
    const wanted = new Set(mine.map(({ id }) => id));
    return {
      value: rows.filter((row) => {
        const subscription = subscriptionOf(row);
        return wanted.has(subscription) || subscription === "";
      }),
      asOf: clock.now(),
      subscriptions: mine.length + (only ? 0 : asked.unread.length),
      unread,
      missing: more,
    };
  };
}

/** A failed group says which subscriptions it held; a failed management group may have held any. */
function covers(subscriptions: readonly string[] | undefined, id: string): boolean {
  return subscriptions === undefined || subscriptions.includes(id);
}

/** Lower-case subscription id of a row; "" for what belongs to the tenant. */
export function subscriptionOf(row: Row): string {
  const own = text(field(row, "subscriptionId"), 100);
  if (own) return own.toLowerCase();
  return (/\/subscriptions\/([^/]+)/i.exec(text(field(row, "id"), 2000))?.[1] ?? "").toLowerCase();
}
