import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import { digestFilters } from "../domain/findings/digest/digest-filter.ts";
import { compareRecommendations } from "../domain/recommendations/watch/compare.ts";
import { recommendationsDigest } from "../domain/recommendations/watch/digest.ts";
import type { RecommendationsWatch } from "../domain/recommendations/watch/watch-state.ts";
import { UpstreamError } from "../errors.ts";
import type { Loaded } from "../ports/watches/watched-state.ts";

const retrySeconds = 300;
/** After so long without an answer from Azure, the digest is left to the next slot. */
const giveUpHours = 12;
/** A reading that was compared already is of no use: another one is there soon. */
const nextReadingSeconds = 15;

/**
 * Compares the recommendations with those of the last slot. What changed is stored with the reading in one write, then
 * published, then marked as published: a run that is killed in between publishes the same again, which changes nothing.
 */
export default job({
  texts: {
    en: { summary: "Compares recommendations with those of the last slot and posts what changed" },
    ja: { summary: "推奨事項を前回と比較し、変化を投稿します" },
  },
  payload: z.object({}),
  schedule: "recommendations",
  retries: 3,
  key: () => "watch-recommendations",
  async run(_payload, ports, run) {
    const { store, readings, clock, log } = ports;
    const slot = new Date(run.slot ?? clock.now()).toISOString();
    const before = await store.recommendations.load();
    if (before.newer) return done("a newer version keeps the state");
    const subscribed = (await store.subscriptions.list()).some(({ topic }) => topic === "recommendations");
    if (!subscribed) {
      // What was there long ago is no change of today: whoever subscribes next begins anew.
      if (before.state) await store.recommendations.save(before, undefined);
      return done();
    }
    const settled = await publishPending(before, ports);
    if (!settled) return again(1);
    const { state: known } = settled;
    if (known && known.slot >= slot) return done(`the digest of ${known.slot} is there`);
    const read = await readings.recommendations().catch((error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error;
      // The poll of alerts tells people that Azure cannot be read.
      log.warn({ code: error.code, status: error.status }, "recommendations could not be read");
    });
    if (!read) {
      const hours = (Date.parse(clock.now()) - Date.parse(slot)) / 3_600_000;
      return hours < giveUpHours ? again(retrySeconds) : done("recommendations could not be read");
    }
    if (known && read.asOf <= known.asOf) return again(nextReadingSeconds);
    const now = await compareRecommendations(known, read, slot);
    const saved = await store.recommendations.save(settled, now);
    return saved && (await publishPending(saved, ports)) ? done() : again(1);
  },
});

/** Publishes the digests of what is stored; undefined where another process wrote the state meanwhile. */
async function publishPending(
  loaded: Loaded<RecommendationsWatch>,
  { store, publish }: Pick<Ports, "store" | "publish">,
): Promise<Loaded<RecommendationsWatch> | undefined> {
  const { state } = loaded;
  if (!state?.pending) return loaded;
  for (const filter of digestFilters(await store.subscriptions.list(), "recommendations"))
    await publish("recommendations", [recommendationsDigest(state, filter)], { channels: filter.channels });
  return store.recommendations.save(loaded, { ...state, pending: false });
}
