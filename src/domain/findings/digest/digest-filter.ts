import { createHash } from "node:crypto";
import { inScopes, type Located, scopeText } from "../../scope/scope.ts";
import { atLeast, type Severity, severities } from "../../severity.ts";
import type { ChannelSubscription } from "../../subscription.ts";
import type { Topic } from "../../topics.ts";

/** What a channel wants of a digest: all of its subscriptions to it together. */
export type DigestFilter = {
  /** The same for channels that want the same; "" is everything. */
  name: string;
  channels: string[];
  wanted: Pick<ChannelSubscription, "severity" | "scopes">[];
};

/** Severities as bits, in the order of `severities`. */
export const everySeverity = 2 ** severities.length - 1;

/** One filter for each distinct wish among the subscriptions of a topic, each with its channels. */
export function digestFilters(
  subscriptions: readonly ChannelSubscription[],
  topic: Topic = "rescan",
): DigestFilter[] {
  const filters = new Map<string, DigestFilter>();
  const ours = subscriptions.filter((one) => one.topic === topic);
  for (const [channel, some] of Map.groupBy(ours, (one) => one.channel)) {
    const wanted = some.map(({ severity, scopes }) => ({ ...(severity && { severity }), scopes }));
    const name = filterName(wanted);
    const filter = filters.get(name) ?? { name, channels: [], wanted };
    filters.set(name, { ...filter, channels: [...filter.channels, channel] });
  }
  return [...filters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a channel gets for one subscription more. */
export function filterName(wanted: readonly Pick<ChannelSubscription, "severity" | "scopes">[]): string {
  const texts = wanted.map(({ severity, scopes }) =>
    JSON.stringify([everything(severity) ? "" : severity, scopes.map(scopeText).sort()]),
  );
  if (texts.includes('["",[]]')) return "";
  return createHash("sha256")
    .update([...new Set(texts)].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** The severities (bits) that the filter lets through for what lies in any of these places; 0 is none. */
export function passing({ name, wanted }: DigestFilter, places: readonly Located[]): number {
  if (name === "") return everySeverity;
  let bits = 0;
  for (const { severity, scopes } of wanted) {
    const mask = atLeastBits(severity);
    if ((bits | mask) === bits) continue;
    if (scopes.length === 0 || places.some((place) => inScopes(place, scopes))) bits |= mask;
  }
  return bits;
}

export function severityBit(severity: Severity): number {
  return 1 << severities.indexOf(severity);
}

function atLeastBits(least: Severity | undefined): number {
  if (!least) return everySeverity;
  return severities.reduce(
    (bits, severity) => (atLeast(severity, least) ? bits | severityBit(severity) : bits),
    0,
  );
}

function everything(severity: Severity | undefined): boolean {
  return atLeastBits(severity) === everySeverity;
}
