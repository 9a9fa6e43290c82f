import type { Alert } from "../domain/alerts/alert.ts";
import type { Read, Unread } from "../domain/reading/reading.ts";
import type { Scope } from "../domain/scope/scope.ts";
import { inScope } from "../domain/scope/scope.ts";
import { UpstreamError } from "../errors.ts";
import type { Azure, Subscription } from "../ports/azure.ts";
import { whyUnread } from "../text/why-unread.ts";

/** Up to here each subscription's own alerts API is asked, the authority; beyond, Resource Graph answers for all. */
const askedOneByOne = 50;

/**
 * The alerts of a scope: whole, from the alerts API of each subscription; or, with many subscriptions, light rows of
 * Resource Graph. A subscription that fails is named in `unread` and fails no other.
 * @throws UpstreamError where not even the subscriptions could be read
 */
export async function readAlerts(azure: Azure, scope: Scope | undefined): Promise<Read<Alert[]>> {
  const { value: all, unread: missing } = await azure.subscriptions();
  const named = scope?.kind === "sub" ? all.filter((subscription) => inScope({ subscription }, scope)) : all;
  const light = named.length > askedOneByOne;
  const read = await azure.alerts(light ? { from: "graph" } : { from: "api", subscriptions: named });
  return {
    ...read,
    value: read.value.map(({ alert }) => alert).filter(({ place }) => inScope(place, scope)),
    ...(!light && {
      subscriptions: named.length + missing.length,
      unread: [...missing, ...read.unread],
    }),
  };
}

/**
 * One alert by its resource id, with all that each source says of it.
 * @throws UpstreamError where its details cannot be read: whoever acts on it acts on what Azure says now
 */
export async function readAlert({ azure }: { azure: Azure }, resource: string): Promise<Alert> {
  const [read] = (await azure.alerts({ from: "all", alerts: [resource] })).value;
  if (read?.api) return read.alert;
  throw new UpstreamError(`the alert could not be read: ${resource.slice(0, 200)}`, {
    system: "azure",
    status: 404,
    code: "NotFound",
    retryable: false,
  });
}

/**
 * Under which `once` keeps the name of a subscription whose alerts could be read, "" where they never could: Azure does not
 * tell it any more where the subscription is gone.
 */
export const nameKey = (subscription: string) => `subscription-name:${subscription}`;

/** A subscription that could not be read, with why. Throws what is no failure of Azure. */
export function unreadOf({ id, name }: Subscription, error: unknown): Unread {
  // A bug of ours must not look like a subscription's trouble.
  if (!(error instanceof UpstreamError)) throw error;
  return { id, name, why: whyUnread(error), detail: error.message.slice(0, 200) };
}
