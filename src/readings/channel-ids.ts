import type { Ports } from "../definitions/ports.ts";
import { UpstreamError } from "../errors.ts";

/** Slack allows 50 look-ups a minute; one job asks for no more than these at once, the others have their turn later. */
export const mostAsked = 20;

type LookUp = Pick<Ports, "chat" | "clock" | "log"> & { store: Pick<Ports["store"], "channels"> };

/** Ids that Slack replaces: those of private channels made before 2021 [docs.slack.dev "channel_id_changed"]. */
export function mayChange(channel: string): boolean {
  return channel.startsWith("G");
}

/** Every channel that is configured or has had a notification, and whose id may change. */
export async function changeableIds({
  subscriptions,
  outbox,
}: Pick<Ports["store"], "subscriptions" | "outbox">): Promise<string[]> {
  const subscribed = (await subscriptions.list()).map(({ channel }) => channel);
  const all = new Set([...subscribed, ...(await outbox.channels())]);
  return [...all].filter(mayChange).sort();
}

/**
 * Asks Slack by which id it knows each of these channels now, and stores what changed. What can't be asked stays as it is:
 * the answer to the next post says it too.
 * @param from where in the list to begin, so that each has its turn
 */
export async function lookUpIds(
  ids: readonly string[],
  { chat, store, clock, log }: LookUp,
  from = 0,
): Promise<void> {
  const start = ids.length > 0 ? from % ids.length : 0;
  for (const id of [...ids.slice(start), ...ids.slice(0, start)].slice(0, mostAsked)) {
    try {
      const { id: latest } = await chat.channel(id);
      if (await store.channels.learn(id, latest, clock.now()))
        log.info({ channel: id, latest }, "Slack knows a channel by another id now");
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.system !== "slack") throw error;
      // Slack is not to be asked for the others either.
      if (error.retryable) return;
    }
  }
}
