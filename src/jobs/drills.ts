import { z } from "zod";
import { done, job } from "../definitions/job.ts";
import { drillName, startDrill } from "../simulations/drills.ts";

/** Starts due drills of `schedules.drills`, once per slot; missed slots are made up for once. */
export default job({
  texts: {
    en: { summary: "Starts the simulations of schedules.drills" },
    ja: { summary: "schedules.drills のシミュレーションを開始します" },
  },
  payload: z.object({}),
  schedule: { cron: "*/10 * * * * *" },
  retries: 0,
  key: () => "drills",
  async run(_payload, ports) {
    const { store, settings, clock, queue } = ports;
    let started = 0;
    for (const drill of settings.schedules.drills) {
      const name = drillName(drill);
      const now = clock.now();
      const last = await store.runs.lastSlot(name);
      // The first start has missed nothing: slots count from now.
      if (last === undefined) {
        await store.runs.takeSlot(name, now);
        continue;
      }
      const slot = queue.previousSlot(drill.cron, last, now);
      if (!slot) continue;
      await startDrill(drill, slot, ports);
      await store.runs.takeSlot(name, slot);
      started++;
    }
    return done(started > 0 ? `${started} drills` : undefined);
  },
});
