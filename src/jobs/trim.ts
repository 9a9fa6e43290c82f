import { z } from "zod";
import { done, job } from "../definitions/job.ts";

/** Ends the retention of what Redis does not expire by itself (design, section 8). */
export default job({
  payload: z.object({}),
  schedule: { cron: "17 3 * * *" },
  retries: 3,
  key: () => "trim",
  async run(_payload, { store, clock }) {
    await store.trim(clock.now());
    return done();
  },
});
