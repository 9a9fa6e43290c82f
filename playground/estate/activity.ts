import type { Estate } from "./estate.ts";
import { guid } from "./identifiers.ts";

/** One entry of the activity log, as it is answered [Activity Logs 2015-04-01]. */
export type Activity = {
  eventTimestamp: string;
  resourceId: string;
  subscriptionId: string;
  [more: string]: unknown;
};

/** Records that a person changed a resource. */
export function recordActivity(
  estate: Estate,
  { resource, operation, caller, at }: { resource: string; operation: string; caller: string; at: Date },
): Activity {
  const [, , subscriptionId = "", ...rest] = resource.split("/");
  const number = estate.activity.length;
  const [provider = ""] = operation.split("/", 1);
  const eventTimestamp = at.toISOString().replace("Z", "0000Z");
  const correlationId = guid(`activity ${number} ${resource}`);
  const eventDataId = guid(`activity event ${number} ${resource}`);
  const word = (value: string) => ({ value, localizedValue: value });
  const entry: Activity = {
    authorization: { action: operation, scope: resource },
    caller,
    claims: { name: caller, ver: "1.0" },
    correlationId,
    description: "",
    eventDataId,
    eventName: { value: "EndRequest", localizedValue: "End request" },
    httpRequest: { clientIpAddress: "192.0.2.15", method: "PUT" },
    id: `${resource}/events/${eventDataId}/ticks/${at.getTime()}0000`,
    level: "Informational",
    resourceGroupName: rest[0]?.toLowerCase() === "resourcegroups" ? rest[1] : "",
    resourceProviderName: word(provider),
    resourceId: resource,
    operationId: correlationId,
    operationName: word(operation),
    properties: { statusCode: "OK" },
    status: word("Succeeded"),
    subStatus: { value: "OK", localizedValue: "OK (HTTP Status Code: 200)" },
    eventTimestamp,
    submissionTimestamp: eventTimestamp,
    subscriptionId,
  };
  estate.activity.push(entry);
  return entry;
}
