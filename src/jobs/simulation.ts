import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";
import { advance } from "../simulations/advance.ts";

/** Takes a simulation from its approval to its report, one step a run. */
export default job({
  payload: z.object({ run: z.string() }),
  retries: 5,
  key: ({ run }) => `simulation-${run}`,
  async run({ run }, ports) {
    const seconds = await advance(run, ports);
    return seconds === undefined ? done() : again(seconds);
  },
});
