import { z } from "zod";
import { done, job } from "../definitions/job.ts";

/** Ends the retention of what Redis does not expire by itself (design, section 8). */
export default job({
  texts: {
    en: { summary: "Deletes state past its retention where Redis does not expire it" },
    ja: { summary: "Redis が自動で失効させない状態を、保持期間を過ぎたら削除します" },
  },
  payload: z.object({}),
  schedule: { cron: "17 3 * * *" },
  retries: 3,
  key: () => "trim",
  async run(_payload, { store, clock }) {
    await store.trim(clock.now());
    return done();
  },
});
