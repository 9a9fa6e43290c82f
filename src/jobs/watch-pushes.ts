import { z } from "zod";
import { done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import type { PushedImage } from "../domain/findings/digest/pushed.ts";
import { dictionary } from "../domain/findings/model/dictionary.ts";
import type { Artifact, FindingsRead, Vulnerability } from "../domain/findings/model/finding.ts";
import { registryTags, tagged } from "../domain/findings/reading/registry-tags.ts";
import { snapshotBuilder } from "../domain/findings/reading/snapshot-builder.ts";
import { worseVulnerability } from "../domain/findings/search/find-artifacts.ts";
import { inScopes } from "../domain/scope/scope.ts";
import { atLeast, type Severity } from "../domain/severity.ts";
import type { ChannelSubscription } from "../domain/subscription.ts";
import { UpstreamError } from "../errors.ts";

/** Rows reach Resource Graph late: each look starts this long before the end of the last one. */
const overlapMilliseconds = 2 * 3_600_000;
/** An image of an older push is not new, even where a row of it is. */
const newWithinMilliseconds = 48 * 3_600_000;
const rememberSeconds = 35 * 86_400;
const mostFindings = 10;

type Watching = ChannelSubscription & { immediate: Severity };

/**
 * Announces newly pushed images with severe findings that can be fixed, before the next digest, where a subscription
 * asks for it; nothing is read where none does.
 */
export default job({
  texts: {
    en: {
      summary:
        "Announces newly pushed images where a subscription has --immediate; reads nothing where none has",
    },
    ja: {
      summary:
        "--immediate の購読がある場合に、プッシュされたイメージを通知します (ない場合は何も読み取りません)",
    },
  },
  payload: z.object({}),
  schedule: "alerts",
  retries: 0,
  key: () => "watch-pushes",
  async run(_payload, ports) {
    const { store, azure, clock, log } = ports;
    const watching = (await store.subscriptions.list()).filter(
      (one): one is Watching => one.topic === "rescan" && one.immediate !== undefined,
    );
    if (watching.length === 0) return done();
    const now = clock.now();
    const last = await store.once.peek("pushes:looked", z.iso.datetime());
    if (!last) {
      // What was there before anybody asked is no news.
      await store.once.keep("pushes:looked", now, rememberSeconds);
      return done("watching from now on");
    }
    const words = dictionary();
    const built = snapshotBuilder(words);
    let read: FindingsRead;
    try {
      const earliest = Date.parse(now) - newWithinMilliseconds;
      const since = new Date(Math.max(Date.parse(last) - overlapMilliseconds, earliest)).toISOString();
      read = await azure.freshFindings((page) => built.take(page), since, await store.findings.cves());
      if (read.cves) await store.findings.keepCves(read.cves);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      // The poll of alerts tells people that Azure cannot be read.
      log.warn({ code: error.code, status: error.status }, "fresh findings could not be read");
      return done("Azure could not be read");
    }
    const known = await knownImages(ports);
    const fresh = [...built.artifacts()].filter((one) => isNew(one, known, read.asOf));
    const registries = registryTags(
      fresh.length > 0 ? await azure.registryImages(built.repositories()) : new Map(),
    );
    let published = 0;
    for (const artifact of fresh) {
      const flaws = [...artifact.findings].map((id) => words.vulnerability(id)!);
      for (const place of artifact.places) {
        published += await tell(
          { place: tagged(place, artifact.key, registries), digest: artifact.key, details: read.details },
          flaws,
          watching,
          ports,
        );
      }
    }
    // Where details failed, a severe image may look harmless: the same rows are read again.
    if (read.details?.state !== "failed") await store.once.keep("pushes:looked", now, rememberSeconds);
    return done(published > 0 ? `${published} pushed images` : undefined);
  },
});

async function knownImages({ store }: Ports): Promise<ReadonlySet<string>> {
  const head = await store.findings.current();
  const snapshot = head && (await store.findings.open(head.slot));
  return new Set(snapshot?.records.map(({ key }) => key));
}

/** An old image has fresh rows too, when a vulnerability became known. */
function isNew({ key, kind, places }: Artifact, known: ReadonlySet<string>, asOf: string): boolean {
  if (kind !== "image" || known.has(key)) return false;
  const pushes = places.flatMap(({ pushed }) => (pushed ? [Date.parse(pushed)] : []));
  return pushes.length === 0 || Date.parse(asOf) - Math.max(...pushes) < newWithinMilliseconds;
}

/** How many events of it were published: one for each severity that channels asked for. */
async function tell(
  { place, digest, details }: Pick<PushedImage, "place" | "digest" | "details">,
  flaws: readonly Vulnerability[],
  watching: readonly Watching[],
  { store, publish, clock }: Ports,
): Promise<number> {
  let published = 0;
  for (const [least, some] of Map.groupBy(watching, ({ immediate }) => immediate)) {
    const severe = flaws.filter(
      ({ severity, fix }) => fix === "available" && severity !== "unknown" && atLeast(severity, least),
    );
    const channels = new Set(
      some.filter(({ scopes }) => inScopes(place, scopes)).map(({ channel }) => channel),
    );
    if (severe.length === 0 || channels.size === 0) continue;
    const id = `pushed:${place.registry}/${place.repository}@${digest}|${least}`.toLowerCase();
    if (await store.once.peek(id, z.literal(true))) continue;
    const worst = severe.toSorted(worseVulnerability).slice(0, mostFindings);
    const event: PushedImage = {
      v: 1,
      digest,
      place,
      least,
      worst,
      count: severe.length,
      seen: clock.now(),
      ...(details && { details }),
    };
    await publish("pushed", [event], { channels: [...channels] });
    await store.once.keep(id, true, rememberSeconds);
    published++;
  }
  return published;
}
