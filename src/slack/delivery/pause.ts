import type { UpstreamError } from "../../errors.ts";
import type { OutboxState } from "../../ports/outbox.ts";
import type { PumpDeps } from "./deps.ts";

/** A channel that cannot be posted to is tried again after 5 s, then less and less often, at last every minute. */
const firstPauseSeconds = 5;
const longestPauseSeconds = 60;

/**
 * The channel cannot be posted to: its outbox waits, it is tried again now and then, and somebody hears of it.
 * @returns seconds until the next try
 */
export async function pauseChannel(
  channel: string,
  state: OutboxState,
  { code }: UpstreamError,
  { outbox, clock, trouble }: PumpDeps,
): Promise<number> {
  const now = clock.now();
  const since = state.paused?.since ?? now;
  const waited = (Date.parse(now) - Date.parse(since)) / 1000;
  const seconds = Math.min(longestPauseSeconds, Math.max(firstPauseSeconds, waited));
  const until = new Date(Date.parse(now) + seconds * 1000).toISOString();
  await outbox.pause(channel, { reason: code, since, until });
  await trouble.tell({ what: `channel:${channel}`, kind: "channel", name: channel, detail: code });
  return seconds;
}

/** Something was shown in the channel: where it had been paused, it no longer is. */
export async function resumeChannel(
  channel: string,
  state: OutboxState,
  { outbox, trouble }: PumpDeps,
): Promise<void> {
  if (!state.paused) return;
  await outbox.pause(channel, undefined);
  await trouble.resolved(`channel:${channel}`);
}
