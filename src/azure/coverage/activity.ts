import type { ActivityAsked, ActivityEntry } from "../../domain/coverage/watch/authors.ts";
import type { Client } from "../client/client.ts";
import { field, isoTime, text } from "../fields.ts";

/**
 * The activity log of a subscription [Activity Logs 2015-04-01]: the filter takes a time range and one of provider,
 * resource, resource group or correlation, and nothing else.
 */
export function activityReader(client: Client) {
  return async (asked: ActivityAsked): Promise<ActivityEntry[]> => {
    const { subscription, from, to, resource } = asked;
    const path = `/subscriptions/${subscription}/providers/Microsoft.Insights/eventtypes/management/values`;
    const filter = `eventTimestamp ge '${from}' and eventTimestamp le '${to}' and resourceUri eq '${quoted(resource)}'`;
    return (await client.list(path, "2015-04-01", filter)).flatMap(readEntry);
  };
}

/** One entry; none where it has no time. */
export function readEntry(entry: unknown): ActivityEntry[] {
  const at = isoTime(field(entry, "eventTimestamp"));
  if (at === undefined) return [];
  const word = (name: string) => text(field(entry, name, "value"), 200) || text(field(entry, name), 200);
  // The published example has no `resourceId`; the scope that was authorized names the same resource.
  const resource =
    text(field(entry, "resourceId"), 2000) || text(field(entry, "authorization", "scope"), 2000);
  return [
    {
      at,
      caller: text(field(entry, "caller"), 200),
      operation: word("operationName") || text(field(entry, "authorization", "action"), 200),
      resource,
      failed: /^fail/i.test(word("status")),
    },
  ];
}

/** Within quotes of OData a quote is doubled. */
function quoted(value: string): string {
  return value.replaceAll("'", "''");
}
