import { type Alert, alertNames } from "./alerts/alert.ts";
import { globMatches, inScopes, type Located } from "./scope/scope.ts";
import { atLeast, type Severity } from "./severity.ts";
import type { ChannelSubscription, Mute } from "./subscription.ts";
import type { Topic } from "./topics.ts";

/** What routing needs to know of an event; a filter applies only where its field is there. */
export type Routable = {
  id: string;
  severity?: Severity;
  /** One place, or all that it is about: a subscription wants it where one of them is in its scopes. */
  place?: Located | readonly Located[];
  sort?: readonly string[];
  /** Only subscriptions to all states want it. */
  dismissed?: boolean;
};

export type Routed = {
  /** Channel → ids in order, and the language that its subscription asks for. */
  deliveries: Map<string, { ids: string[]; language?: "en" | "ja" }>;
  /** Mute id → the events that it muted, each with its sort. */
  muted: Map<string, Map<string, string>>;
};

/**
 * Which channel gets which event: every subscription of the topic is tried; a channel that several of them match gets
 * the event once. A mute of the channel keeps out what it names, and counts it.
 */
export function route(
  topic: Topic,
  events: readonly Routable[],
  subscriptions: readonly ChannelSubscription[],
  mutes: readonly Mute[],
): Routed {
  const routed: Routed = { deliveries: new Map(), muted: new Map() };
  const ours = subscriptions.filter((subscription) => subscription.topic === topic);
  for (const channel of new Set(ours.map((subscription) => subscription.channel))) {
    const wanted = ours.filter((subscription) => subscription.channel === channel);
    const quiet = mutes.filter((mute) => mute.channel === channel);
    const ids: string[] = [];
    for (const event of events) {
      if (!wanted.some((subscription) => wants(subscription, event))) continue;
      const mute = quiet.find((candidate) => silences(candidate, event));
      if (mute) keepOut(routed.muted, mute.id, event);
      else ids.push(event.id);
    }
    const language = wanted.find((subscription) => subscription.language)?.language;
    if (ids.length > 0) routed.deliveries.set(channel, { ids, language });
  }
  return routed;
}

/** True where a subscription's filters let the event through. */
export function wants(subscription: ChannelSubscription, event: Routable): boolean {
  if (event.dismissed && subscription.state !== "all") return false;
  if (subscription.severity && event.severity && !atLeast(event.severity, subscription.severity))
    return false;
  return event.place === undefined || placesOf(event.place).some((one) => inScopes(one, subscription.scopes));
}

/** The mute that keeps this alert out of its channel; `mutes` are those of one channel. */
export function muteOf<One extends Pick<Mute, "sort" | "scopes">>(
  alert: Pick<Alert, "type" | "title" | "place">,
  mutes: readonly One[],
): One | undefined {
  return mutes.find((mute) => silences(mute, { place: alert.place, sort: alertNames(alert) }));
}

/** Only what has a sort can be muted: a mute is of alerts, and what else it muted would never be said again. */
function silences(mute: Pick<Mute, "sort" | "scopes">, event: Pick<Routable, "place" | "sort">): boolean {
  const { sort = "*" } = mute;
  if (!event.sort?.some((word) => globMatches(sort, word))) return false;
  if (event.place === undefined) return mute.scopes.length === 0;
  return placesOf(event.place).every((one) => inScopes(one, mute.scopes));
}

function placesOf(place: Located | readonly Located[]): readonly Located[] {
  return "subscription" in place ? [place] : place;
}

function keepOut(muted: Routed["muted"], mute: string, event: Routable): void {
  const kept = muted.get(mute) ?? new Map<string, string>();
  kept.set(event.id, event.sort?.[0] ?? "");
  muted.set(mute, kept);
}
