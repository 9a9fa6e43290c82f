import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";

/** The pump of one channel: one call to Slack a run, until its outbox is empty. */
export default job({
  payload: z.object({ channel: z.string() }),
  retries: 5,
  key: ({ channel }) => `deliver-${channel}`,
  async run({ channel }, { deliver }) {
    const seconds = await deliver(channel);
    return seconds === undefined ? done() : again(seconds);
  },
});
