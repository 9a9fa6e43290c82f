import type { Unread } from "../../domain/reading/reading.ts";
import type { UpstreamError } from "../../errors.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Clock } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import type { Client } from "./client.ts";
import { detailOf, problem, whyUnread } from "./problem.ts";

/** Milliseconds: what lasts is asked again after ten minutes, what may pass by itself after one. */
const kept = { lasting: 600_000, passing: 60_000 };

type Probed = { at: number; error?: UpstreamError };
export type Probe = {
  /**
   * Of subscriptions that Resource Graph had no row for, those that cannot be read: it leaves them out silently.
   * `again`: asked now, whatever is known.
   */
  unread(
    subscriptions: readonly Subscription[],
    again?: ReadonlySet<string>,
  ): Promise<Map<string, UpstreamError>>;
  /** Takes over what another call has just learned about a subscription. */
  learn(id: string, error?: UpstreamError): void;
};

/** Asks each subscription for its Containers plan: the cheapest call that needs the bot's rights. */
export function subscriptionProbe(client: Client, clock: Clock): Probe {
  const known = new Map<string, Probed>();
  const now = () => Date.parse(clock.now());
  const isFresh = ({ at, error }: Probed) => now() - at < (error?.retryable ? kept.passing : kept.lasting);
  const learn = (id: string, error?: UpstreamError) => {
    known.set(id, { at: now(), error });
  };
  const ask = async ({ id }: Subscription) => {
    try {
      await client.get(`/subscriptions/${id}/providers/Microsoft.Security/pricings/Containers`, "2024-01-01");
      learn(id);
    } catch (error) {
      learn(id, problem(error));
    }
  };
  return {
    learn,
    async unread(subscriptions, again = new Set()) {
      const stale = subscriptions.filter(({ id }) => {
        const probed = known.get(id);
        return !probed || again.has(id) || !isFresh(probed);
      });
      await each(stale, ask);
      const errors = new Map<string, UpstreamError>();
      for (const { id } of subscriptions) {
        const error = known.get(id)?.error;
        if (error) errors.set(id, error);
      }
      return errors;
    },
  };
}

/** The line of a report for a subscription that could not be read. */
export function unreadOf({ id, name }: Pick<Subscription, "id" | "name">, error: unknown): Unread {
  return { id, name, why: whyUnread(error), detail: detailOf(error) };
}
