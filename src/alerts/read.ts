import type { Alert } from "../domain/alerts/alert.ts";
import type { Read, Unread } from "../domain/reading.ts";
import type { Scope } from "../domain/scope.ts";
import { inScope } from "../domain/scope.ts";
import { UpstreamError } from "../errors.ts";
import type { Azure, Clock, Subscription } from "../ports/ports.ts";

/** Up to here each subscription's own alerts API is asked, the authority; beyond, Resource Graph answers for all. */
const askedOneByOne = 50;
const atOnce = 8;

/**
 * The alerts of a scope: whole, from the alerts API of each subscription; or, with many subscriptions, light rows of
 * Resource Graph. A subscription that fails is named in `unread` and fails no other.
 * @throws UpstreamError where not even the subscriptions could be read
 */
export async function readAlerts(
  { azure, clock }: { azure: Azure; clock: Clock },
  scope: Scope | undefined,
): Promise<Read<Alert[]>> {
  const { value: all, unread: missing } = await azure.subscriptions();
  const named = scope?.kind === "sub" ? all.filter((subscription) => inScope({ subscription }, scope)) : all;
  if (named.length > askedOneByOne) {
    const read = await azure.alertRows();
    return { ...read, value: read.value.filter(({ place }) => inScope(place, scope)) };
  }
  const alerts: Alert[] = [];
  const unread: Unread[] = [...missing];
  const queue = [...named];
  const worker = async () => {
    for (let subscription = queue.shift(); subscription; subscription = queue.shift()) {
      const one = subscription;
      await azure.listAlerts(one).then(
        (listed) => alerts.push(...listed),
        (error: unknown) => unread.push(unreadOf(one, error)),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return {
    value: alerts.filter(({ place }) => inScope(place, scope)),
    asOf: clock.now(),
    subscriptions: named.length + missing.length,
    unread,
  };
}

/** A subscription that could not be read, with why. Throws what is no failure of Azure. */
export function unreadOf({ id, name }: Subscription, error: unknown): Unread {
  // A bug of ours must not look like a subscription's trouble.
  if (!(error instanceof UpstreamError)) throw error;
  return { id, name, why: whyOf(error), detail: error.message.slice(0, 200) };
}

function whyOf({ status, code }: UpstreamError): Unread["why"] {
  if (code === "MissingSubscriptionRegistration") return "not-registered";
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "gone";
  if (status === 429) return "throttled";
  return status === 0 ? "unreachable" : "failed";
}
