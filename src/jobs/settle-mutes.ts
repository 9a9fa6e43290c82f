import { z } from "zod";
import { done, job } from "../definitions/job.ts";

/** Summarizes each mute when it has ended. */
export default job({
  texts: {
    en: { summary: "Summarizes what was muted when a mute ends" },
    ja: { summary: "ミュートの終了時に、ミュートした通知をまとめて知らせます" },
  },
  payload: z.object({}),
  schedule: { cron: "*/15 * * * * *" },
  retries: 0,
  key: () => "settle-mutes",
  async run(_payload, { store, publish, clock }) {
    const ended = await store.mutes.ended(clock.now());
    for (const mute of ended) {
      await publish("mute-ended", [{ ...mute, counts: await store.mutes.counts(mute.id) }]);
      await store.mutes.settle(mute.id);
    }
    return done(ended.length > 0 ? `${ended.length} mutes ended` : undefined);
  },
});
