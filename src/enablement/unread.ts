import type { Ports } from "../definitions/ports.ts";
import type { Coverage } from "../domain/coverage/coverage.ts";
import type { Gap } from "../domain/coverage/coverage-summary.ts";
import type { Read } from "../domain/reading.ts";
import { UpstreamError } from "../errors.ts";

const needs = ["Microsoft.ContainerService/managedClusters/read"];

/**
 * Why the clusters of a subscription aren't known; undefined where they are. Resource Graph is silent about what it may
 * not show: where there is none, the bot's permissions say whether it would be seen.
 */
export async function whyUnread(
  { kind, id }: Gap["on"],
  { value, unread }: Read<Coverage>,
  { azure }: Pick<Ports, "azure">,
): Promise<string | undefined> {
  if (kind !== "subscription") return undefined;
  const known = unread.find((one) => one.id === id);
  if (known) return known.detail || known.why;
  if (value.clusters.length > 0) return undefined;
  try {
    const missing = await azure.missingActions(`/subscriptions/${id}`, needs);
    return missing.length > 0 ? `missing: ${missing.join(", ")}` : undefined;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return error.message.slice(0, 200);
  }
}
