import type { Unassessed } from "../../domain/recommendations/recommendation.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Clock } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { detailOf } from "../client/problem.ts";
import { field, text } from "../fields.ts";

/** Milliseconds for which a subscription that has it is not asked again. */
const kept = 600_000;

/**
 * Of subscriptions without recommendations, those that do not have Foundational CSPM, or may not: it is opt-in for
 * subscriptions since 27 October 2026. One call for each of them. Microsoft's pages do not name its plan; several
 * public listings of `az security pricing` and deployments have `FoundationalCspm`, `Standard` where it is on, which Azure
 * sets by itself and bills nothing for [GitHub, looked up on 29 November 2026]. Where it is not listed, nothing is known.
 */
export function foundationalReader(client: Client, clock: Clock) {
  const on = new Map<string, number>();
  return async (subscriptions: readonly Subscription[]): Promise<Unassessed[]> => {
    const now = Date.parse(clock.now());
    const asked = subscriptions.filter(({ id }) => now - (on.get(id) ?? Number.NEGATIVE_INFINITY) >= kept);
    const states = await each(asked, async ({ id, name }): Promise<Unassessed | undefined> => {
      try {
        const plans = await client.list(
          `/subscriptions/${id}/providers/Microsoft.Security/pricings`,
          "2024-01-01",
        );
        const plan = plans.find((one) => /^foundationalcspm$/i.test(text(field(one, "name"), 100)));
        const tier = text(field(plan, "properties", "pricingTier"), 50);
        if (/^standard$/i.test(tier)) on.set(id, now);
        else if (/^free$/i.test(tier)) return { id, name, state: "off", detail: "" };
        else return { id, name, state: "unknown", detail: tier && `pricingTier: ${tier}` };
      } catch (error) {
        return { id, name, state: "unknown", detail: detailOf(error) };
      }
      return undefined;
    });
    return states.filter((state) => state !== undefined);
  };
}
