import type { Ports } from "../definitions/ports.ts";
import type { Exempted } from "../domain/exemptions/exemptions.ts";
import type { Assessment } from "../domain/recommendations/recommendation.ts";
import { UpstreamError } from "../errors.ts";
import { each } from "../text/each.ts";
import { whyUnread } from "../text/why-unread.ts";

/** More subscriptions than this aren't asked when exemptions of one recommendation end. */
const mostAsked = 10;

type Asked = Pick<Ports, "clock"> & {
  azure: Pick<Ports["azure"], "exemptionsOf">;
  store: Pick<Ports["store"], "exemptions">;
};

/** When the exemption of each assessment ends, as far as Azure says which exemption it is. */
export async function exempted(
  { azure, store, clock }: Asked,
  assessments: readonly Assessment[],
): Promise<Exempted[]> {
  if (assessments.length === 0) return [];
  const ours = (await store.exemptions.list()).filter(({ state }) => state === "active");
  const bySubscription = Map.groupBy(assessments, ({ place }) => place.subscription.id);
  const groups = [...bySubscription.values()].slice(0, mostAsked);
  const unread = new Map<string, Exempted["unread"]>();
  const lists = await each(groups, async (group) => {
    const { id, name } = group[0]!.place.subscription;
    const also = ours.flatMap((one) =>
      one.kind === "recommendation" && one.subscription.id === id ? [one.resource] : [],
    );
    return azure.exemptionsOf({ id, name }, "recommendation", also).catch((error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error;
      unread.set(id, whyUnread(error));
      return [];
    });
  });
  const now = clock.now();
  const known = lists.flat().filter(({ expires }) => !expires || expires > now);
  return assessments.map(({ key, resource, place }) => {
    const its = known.filter(({ what, id }) => what.toLowerCase() === key && covers(id, resource.id));
    // Of several the last one counts; "never" comes after any time.
    const expires = its
      .map((one) => one.expires ?? "never")
      .sort()
      .at(-1);
    if (expires) return { name: resource.name, expires };
    const why = unread.get(place.subscription.id);
    return { name: resource.name, ...(why && { unread: why }) };
  });
}

/** True where the exemption is of the resource, or of something that it lies in. */
function covers(exemption: string, resource: string): boolean {
  const place = exemption.slice(0, exemption.toLowerCase().lastIndexOf("/providers/")).toLowerCase();
  return `${resource.toLowerCase()}/`.startsWith(`${place}/`);
}
