import { z } from "zod";
import { again, done, job } from "../definitions/job.ts";
import { lookUpIds, mayChange } from "../readings/channel-ids.ts";

/** So often a channel with work is asked for its latest id. */
const lookUpSeconds = 60;

/** The pump of one channel: one call to Slack a run, until its outbox is empty. */
export default job({
  texts: {
    en: { summary: "Posts what is pending for one channel, at the pace that Slack allows" },
    ja: { summary: "1 つのチャンネルの送信待ちメッセージを、Slack の制限内で投稿します" },
  },
  payload: z.object({ channel: z.string() }),
  retries: 5,
  key: ({ channel }) => `deliver-${channel}`,
  lane: "delivery",
  async run({ channel }, ports) {
    // Before it's posted to: its messages may have been subscribed to under another id as well.
    if (mayChange(channel) && (await ports.store.once.first(`channel-id:${channel}`, lookUpSeconds)))
      await lookUpIds([channel], ports);
    const seconds = await ports.deliver(channel);
    return seconds === undefined ? done() : again(seconds);
  },
});
