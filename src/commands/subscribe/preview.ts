import type { Ports } from "../../definitions/ports.ts";
import { type Preview, previewAlerts } from "../../domain/alerts/preview.ts";
import { filterName } from "../../domain/findings/digest/digest-filter.ts";
import type { DayCount } from "../../domain/findings/model/snapshot.ts";
import type { Read } from "../../domain/reading/reading.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import type { DigestPreview } from "./digests-part.ts";

const days = 7;

/** What the digests of the last seven days counted: with these filters where a channel has them, else of everything. */
export async function previewDigests(
  subscription: ChannelSubscription,
  { store, clock }: Ports,
): Promise<DigestPreview> {
  const from = new Date(Date.parse(clock.now()) - days * 86_400_000).toISOString();
  const recent = (all: readonly DayCount[]) => all.filter(({ slot }) => slot >= from);
  const name = filterName([subscription]);
  const own = recent(await store.findings.days(name));
  if (own.length > 0 || name === "") return { days: own, whole: false };
  return { days: recent(await store.findings.days()), whole: true };
}

/** What the last seven days would have sent to the channel; undefined for topics that are not made of alerts. */
export async function preview(
  subscription: ChannelSubscription,
  ports: Ports,
): Promise<Read<Preview> | undefined> {
  if (subscription.topic !== "alerts") return undefined;
  const read = await ports.readings.alerts();
  const until = ports.clock.now();
  const from = new Date(Date.parse(until) - days * 86_400_000).toISOString();
  const bundle = ports.definitions.notifiers.get("alert")?.bundle;
  const rule = {
    over: bundle?.over ?? Number.POSITIVE_INFINITY,
    withinSeconds: bundle?.again?.withinSeconds ?? 0,
  };
  return { ...read, value: previewAlerts(read.value, subscription, rule, { from, until }) };
}
