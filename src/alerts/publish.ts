import type { Ports } from "../definitions/ports.ts";
import type { AlertSeen } from "../domain/alerts/alert.ts";

type Publish = Ports["publish"];

/**
 * Publishes alerts: as cards in the channels that subscribe to them, or, where a simulation certainly caused them, in
 * the thread of its run. A card that was posted before the cause was known is kept up to date.
 *
 * @param options.known only where they are posted already
 * @returns how many messages are brought up to date
 */
export async function publishAlerts(
  publish: Publish,
  events: readonly AlertSeen[],
  options: { revision: number; known?: true },
): Promise<number> {
  const [cards, replies] = [events.filter((one) => !inThread(one)), events.filter(inThread)];
  const sums = [
    ...(cards.length > 0 ? [await publish("alert", cards, options)] : []),
    ...(replies.length > 0
      ? [
          await publish("alert", replies, { ...options, known: true }),
          await publish("simulated-alert", replies, options),
        ]
      : []),
  ];
  return sums.reduce((sum, { updated }) => sum + updated, 0);
}

const inThread = ({ simulation }: AlertSeen) => simulation?.thread !== undefined;
