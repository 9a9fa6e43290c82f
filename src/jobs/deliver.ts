import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";

/** The pump of one channel: one call to Slack a run, until its outbox is empty. */
export default job({
  texts: {
    en: { summary: "Posts what is pending for one channel, at the pace that Slack allows" },
    ja: { summary: "1 つのチャンネルの送信待ちメッセージを、Slack の制限内で投稿します" },
  },
  payload: z.object({ channel: z.string() }),
  retries: 5,
  key: ({ channel }) => `deliver-${channel}`,
  async run({ channel }, { deliver }) {
    const seconds = await deliver(channel);
    return seconds === undefined ? done() : again(seconds);
  },
});
