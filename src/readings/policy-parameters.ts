import type { Ports } from "../definitions/ports.ts";
import { parametersOf } from "../domain/catalogue/policy-parameters.ts";
import { leadingAssignment, type ParametersInForce } from "../domain/recommendations/policy-parameters.ts";
import type { Assessment } from "../domain/recommendations/recommendation.ts";
import { UpstreamError } from "../errors.ts";
import { each } from "../text/each.ts";

/** More subscriptions than this aren't asked when someone opens one recommendation. */
const mostAsked = 3;

/** The parameters of the policy that these assessments follow, in the subscriptions with the most of them first. */
export async function parametersInForce(
  { azure }: { azure: Pick<Ports["azure"], "policyParameters"> },
  unhealthy: readonly Assessment[],
): Promise<ParametersInForce[]> {
  const policy = unhealthy.find((one) => one.policy)?.policy;
  if (policy === undefined || parametersOf(policy).length === 0) return [];
  const groups = [...Map.groupBy(unhealthy, ({ place }) => place.subscription.id).values()];
  const most = groups.sort((a, b) => b.length - a.length).slice(0, mostAsked);
  return each(most, async ([first]): Promise<ParametersInForce> => {
    const { subscription } = first!.place;
    try {
      const assigned = leadingAssignment(await azure.policyParameters(subscription.id, policy));
      return { subscription, policy, ...(assigned && { assigned }) };
    } catch (error) {
      if (error instanceof UpstreamError) return { subscription, policy, failure: error.message };
      throw error;
    }
  });
}
