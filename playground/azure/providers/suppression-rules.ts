import type { Resource } from "../../estate/estate.ts";
import { type Answer, failure } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const path = "/subscriptions/{subscription}/providers/Microsoft.Security/alertsSuppressionRules";
const versions = ["2019-01-01-preview"];
const action = (verb: string) => `Microsoft.Security/alertsSuppressionRules/${verb}`;

function list(call: Call): Answer {
  const prefix = `/subscriptions/${call.params.subscription}/`.toLowerCase();
  const type = call.url.searchParams.get("AlertType");
  const rules = call.estate.suppressionRules.filter(
    (one) => one.id.toLowerCase().startsWith(prefix) && (!type || one.properties.alertType === type),
  );
  return page(call, rules);
}

/** Creates or replaces a rule; what the specification requires is required here. */
function put({ estate, params, body, now }: Call): Answer {
  const properties = (body as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
  const lacking = ["alertType", "reason", "state"].find((name) => typeof properties[name] !== "string");
  if (lacking) return failure(400, "InvalidRequestContent", `The property '${lacking}' is required.`);
  const { rule = "" } = params;
  // Names: 2 to 50 characters, letters, digits, hyphens and underscores [Defender docs, suppression rules].
  if (!/^[a-z0-9][a-z0-9_-]{1,49}$/i.test(rule))
    return failure(400, "InvalidRuleName", `The rule name '${rule}' is not valid.`);
  const id = `/subscriptions/${params.subscription}/providers/Microsoft.Security/alertsSuppressionRules/${rule}`;
  const made: Resource = {
    id,
    name: rule,
    type: "Microsoft.Security/alertsSuppressionRules",
    properties: { ...properties, lastModifiedUtc: now.toISOString() },
  };
  const others = estate.suppressionRules.filter((one) => one.id.toLowerCase() !== id.toLowerCase());
  estate.suppressionRules.splice(0, Number.POSITIVE_INFINITY, ...others, made);
  estate.revision++;
  return { status: 200, body: made };
}

export const suppressionRoutes: Route[] = [
  { method: "GET", path, versions, action: action("read"), handle: list },
  { method: "PUT", path: `${path}/{rule}`, versions, action: action("write"), handle: put },
];
