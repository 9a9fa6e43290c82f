import { z } from "zod";
import { done, job } from "../definitions/job.ts";

/** Expires undecided requests, requeues runs whose job was lost, and deletes leftovers in clusters. */
export default job({
  texts: {
    en: {
      summary:
        "Expires undecided requests, resumes runs whose process died and removes what is left in clusters",
    },
    ja: { summary: "未承認の申請を期限切れにし、中断した実行を再開し、クラスターに残ったものを削除します" },
  },
  payload: z.object({}),
  schedule: { cron: "*/20 * * * * *" },
  retries: 0,
  key: () => "sweep-simulations",
  async run(_payload, ports) {
    const { sweepClusters, sweepRuns } = await import("../simulations/clean-up/sweep.ts");
    const { expired, open } = await sweepRuns(ports);
    ports.metrics.gauge("simulations_open", open);
    const removed = await sweepClusters(ports);
    const notes = [expired && `${expired} requests expired`, removed && `${removed} objects removed`];
    return done(notes.filter(Boolean).join(", ") || undefined);
  },
});
