import { failure } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const day = 86_400_000;
/** Entries are kept for 90 days [Azure Monitor, activity log]. */
const keptDays = 90;

/** The filters that the log takes, and no other [Activity Logs 2015-04-01, $filter]. */
const syntax =
  /^eventTimestamp ge '([^']+)'(?: and eventTimestamp le '([^']+)')?(?: and (resourceGroupName|resourceUri|resourceProvider|correlationId) eq '((?:[^']|'')*)')?$/;

function list(call: Call) {
  const filter = syntax.exec(call.url.searchParams.get("$filter") ?? "");
  if (!filter)
    return failure(400, "BadRequest", "The $filter is missing, or is none of those that are supported.");
  const [, from = "", to = call.now.toISOString(), name, quoted = ""] = filter;
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(start) || Number.isNaN(end))
    return failure(400, "BadRequest", "eventTimestamp is not a valid time.");
  if (call.now.getTime() - start > keptDays * day)
    return failure(400, "BadRequest", `The start time cannot be more than ${keptDays} days in the past.`);
  const value = quoted.replaceAll("''", "'").toLowerCase();
  const events = call.estate.activity
    .filter(({ subscriptionId }) => subscriptionId.toLowerCase() === call.params.subscription!.toLowerCase())
    .filter(({ eventTimestamp }) => {
      const at = Date.parse(eventTimestamp);
      return at >= start && at <= end;
    })
    .filter((entry) => {
      if (name === "resourceUri") return entry.resourceId.toLowerCase() === value;
      if (name === "resourceProvider")
        return (entry.resourceProviderName as { value: string }).value.toLowerCase() === value;
      return name === undefined || String(entry[name]).toLowerCase() === value;
    });
  // The newest first.
  return page(call, events.toReversed());
}

export const activityRoutes: Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
    versions: ["2015-04-01"],
    action: "Microsoft.Insights/eventtypes/values/read",
    handle: list,
  },
];
