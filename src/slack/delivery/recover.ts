import type { OutboxState } from "../../ports/outbox.ts";
import { headIntent } from "./call.ts";
import type { PumpDeps } from "./deps.ts";
import { followIntent } from "./update.ts";

/**
 * What was under way can no longer be read. It is found out from what is left: a message without a time stamp was being
 * posted, else it was the first follow-up. Slack is then asked whether it has arrived, as after any call without answer.
 * @returns seconds until the next step
 */
export async function recover(
  channel: string,
  state: OutboxState,
  { outbox, clock, log }: PumpDeps,
): Promise<number> {
  // Written before each call: the lost one began then at the earliest.
  const started = state.called ?? clock.now();
  const message = await outbox.unposted(channel);
  if (message) await outbox.intend(channel, headIntent(message, started));
  else if (state.follow && state.follow.kind !== "edit")
    await outbox.intend(channel, followIntent(state.follow, started));
  log.warn(
    { channel, message: message?.id },
    "the record of a call to Slack could not be read; asking Slack",
  );
  return 0;
}
