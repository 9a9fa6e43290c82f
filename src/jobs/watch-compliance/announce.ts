import type { Ports } from "../../definitions/ports.ts";
import {
  type ComplianceFilter,
  complianceDigest,
  publishedCompliance,
} from "../../domain/compliance/watch/digest.ts";
import type { ComplianceState, DayCompliance } from "../../domain/compliance/watch/state.ts";
import { type DigestFilter, digestFilters } from "../../domain/findings/digest/digest-filter.ts";
import { inScope, type Scope } from "../../domain/scope/scope.ts";
import type { Loaded } from "../../ports/watches/watched-state.ts";
import { subscriptionsWithin } from "../../readings/scope.ts";

const everything: DigestFilter = { name: "", channels: [], wanted: [{ scopes: [] }] };

/**
 * Publishes what is stored as pending, to each channel what its filter lets through, and puts down that it did; undefined
 * where another process wrote the state meanwhile. Repeated after a crash, it says the same, and the outbox has it once.
 */
export async function announceCompliance(
  loaded: Loaded<ComplianceState>,
  ports: Pick<Ports, "store" | "publish" | "azure" | "clock" | "readings">,
): Promise<Loaded<ComplianceState> | undefined> {
  const { state } = loaded;
  const pending = state?.pending;
  if (!state || !pending) return loaded;
  const { store, publish } = ports;
  const subscribed = (await store.subscriptions.list()).map(({ severity: _, ...one }) => one);
  const asked = digestFilters(subscribed, "compliance");
  const filters = asked.some(({ name }) => name === "") ? asked : [everything, ...asked];
  const days: Record<string, DayCompliance[]> = {};
  for (const filter of filters) {
    const own = await opened(filter, state, ports);
    for (const first of [true, false]) {
      const channels = filter.channels.filter((one) => state.channels.includes(one) !== first);
      const made = complianceDigest(state, pending, own, first);
      days[filter.name] = made.days;
      if (made.digest && channels.length > 0) await publish("compliance", [made.digest], { channels });
    }
  }
  const channels = filters.flatMap((filter) => filter.channels);
  return store.compliance.save(loaded, publishedCompliance(state, { channels, days }));
}

/** The subscriptions that a filter lets through: a scope of clusters or groups means the subscription that has them. */
async function opened(
  { name, wanted }: DigestFilter,
  state: ComplianceState,
  ports: Pick<Ports, "azure" | "clock" | "readings">,
): Promise<ComplianceFilter> {
  const scopes = wanted.flatMap((one) => one.scopes);
  if (name === "" || wanted.some((one) => one.scopes.length === 0)) return { name };
  const all = Object.entries(state.subscriptions).map(([id, one]) => ({ id, name: one.name }));
  const within = new Set<string>();
  for (const scope of scopes) for (const { id } of await subscriptionsOf(scope, all, ports)) within.add(id);
  return { name, within };
}

async function subscriptionsOf(
  scope: Scope,
  all: readonly { id: string; name: string }[],
  ports: Pick<Ports, "azure" | "clock" | "readings">,
) {
  return scope.kind === "sub"
    ? all.filter((subscription) => inScope({ subscription }, scope))
    : subscriptionsWithin(ports, all, scope);
}
