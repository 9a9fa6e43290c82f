import { UpstreamError } from "../../errors.ts";
import type { PumpDeps } from "./deps.ts";

const leaseSeconds = 6;

/**
 * Makes the outboxes of a channel's earlier ids part of its own, before anything is posted: what one of them has posted
 * must not be posted again. False where another process is still delivering under an earlier id.
 */
export async function joinEarlier(
  channel: string,
  earlier: readonly string[],
  { channels, leases, trouble }: Pick<PumpDeps, "channels" | "leases" | "trouble">,
): Promise<boolean> {
  for (const id of earlier) {
    const lease = await leases.acquire(`deliver:${id}`, leaseSeconds);
    if (!lease) return false;
    try {
      // Before it's joined: afterwards it isn't looked at again. Under its earlier id the channel needs no repair.
      await trouble.resolved(`channel:${id}`);
      await channels.join(id, channel);
    } finally {
      await lease.release();
    }
  }
  return true;
}

/**
 * Slack answered a post with another channel than the one that was named: that's the latest id, unless Slack says when
 * asked that the channel still has the one that was named.
 */
export async function learnFrom(
  channel: string,
  answered: string | undefined,
  { channels, posting, clock, log }: Pick<PumpDeps, "channels" | "posting" | "clock" | "log">,
): Promise<void> {
  if (!answered || answered === channel) return;
  const asked = await posting.idOf(channel).catch((error: unknown) => {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  });
  if (asked === channel) return;
  if (await channels.learn(channel, answered, clock.now()))
    log.info({ channel, latest: answered }, "Slack knows a channel by another id now");
}
