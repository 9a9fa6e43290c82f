import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";

/** Advances a simulation from approval to report, one step per job run. */
export default job({
  texts: {
    en: { summary: "Takes one simulation from approval to report, one step at a time" },
    ja: { summary: "シミュレーションを承認からレポートまで 1 ステップずつ進めます" },
  },
  payload: z.object({ run: z.string() }),
  retries: 5,
  key: ({ run }) => `simulation-${run}`,
  async run({ run }, ports) {
    const { advance } = await import("../simulations/advance.ts");
    const seconds = await advance(run, ports);
    return seconds === undefined ? done() : again(seconds);
  },
});
