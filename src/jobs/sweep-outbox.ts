import { z } from "zod";
import { done, job } from "../definitions/job.ts";

/** Wakes the pump of every channel that has work: one may have been lost with the process that asked for it. */
export default job({
  texts: {
    en: { summary: "Wakes the delivery of every channel with pending messages, in case its process died" },
    ja: { summary: "送信待ちのある全チャンネルの配信を再開します (プロセス停止への備え)" },
  },
  payload: z.object({}),
  schedule: { cron: "*/5 * * * * *" },
  retries: 0,
  key: () => "sweep-outbox",
  lane: "delivery",
  async run(_payload, { store, queue, metrics, clock }) {
    for (const channel of await store.outbox.busy()) await queue.enqueue("deliver", { channel });
    const depths = await store.outbox.depth();
    metrics.gauge(
      "outbox_depth",
      depths.reduce((sum, { waiting }) => sum + waiting, 0),
    );
    const ages = depths.flatMap(({ oldest }) =>
      oldest ? [Date.parse(clock.now()) - Date.parse(oldest)] : [],
    );
    metrics.gauge("outbox_oldest_seconds", Math.max(0, ...ages) / 1000);
    return done();
  },
});
