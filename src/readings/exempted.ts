import type { Ports } from "../definitions/ports.ts";
import type { Exempted } from "../domain/exemptions/exemptions.ts";
import type { Assessment } from "../domain/recommendations/recommendation.ts";
import { UpstreamError } from "../errors.ts";
import { each } from "../text/each.ts";

/** More subscriptions than this aren't asked when exemptions of one recommendation end. */
const mostAsked = 10;

/** When the exemption of each assessment ends, as far as Azure says which exemption it is. */
export async function exempted(
  {
    azure,
    store,
  }: { azure: Pick<Ports["azure"], "exemptionsOf">; store: Pick<Ports["store"], "exemptions"> },
  assessments: readonly Assessment[],
): Promise<Exempted[]> {
  if (assessments.length === 0) return [];
  const ours = (await store.exemptions.list()).filter(({ state }) => state === "active");
  const bySubscription = Map.groupBy(assessments, ({ place }) => place.subscription.id);
  const groups = [...bySubscription.values()].slice(0, mostAsked);
  const lists = await each(groups, async (group) => {
    const { id, name } = group[0]!.place.subscription;
    const also = ours.flatMap((one) =>
      one.kind === "recommendation" && one.subscription.id === id ? [one.resource] : [],
    );
    return azure.exemptionsOf({ id, name }, "recommendation", also).catch((error: unknown) => {
      if (error instanceof UpstreamError) return [];
      throw error;
    });
  });
  const known = lists.flat();
  return assessments.map(({ key, resource }) => {
    const its = known.find(({ what, id }) => what.toLowerCase() === key && covers(id, resource.id));
    return { name: resource.name, ...(its && { expires: its.expires ?? "never" }) };
  });
}

/** True where the exemption is of the resource, or of something that it lies in. */
function covers(exemption: string, resource: string): boolean {
  const place = exemption.slice(0, exemption.toLowerCase().lastIndexOf("/providers/")).toLowerCase();
  return `${resource.toLowerCase()}/`.startsWith(`${place}/`);
}
