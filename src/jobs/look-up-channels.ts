import { z } from "zod";
import { done, job } from "../definitions/job.ts";
import { changeableIds, lookUpIds, mostAsked } from "../readings/channel-ids.ts";

const minuteMs = 60_000;

/** Learns of changed channel ids without a post: commands in the channel are to see what was set up under the earlier one. */
export default job({
  texts: {
    en: { summary: "Asks Slack whether the IDs of private channels have changed" },
    ja: { summary: "プライベート チャンネルの ID が変更されていないか、Slack に確認します" },
  },
  payload: z.object({}),
  schedule: { cron: "40 * * * * *" },
  retries: 0,
  key: () => "look-up-channels",
  async run(_payload, ports) {
    const ids = await changeableIds(ports.store);
    await lookUpIds(ids, ports, Math.floor(Date.parse(ports.clock.now()) / minuteMs) * mostAsked);
    return done();
  },
});
