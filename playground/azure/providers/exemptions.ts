import type { Resource } from "../../estate/estate.ts";
import { assignmentsOf, assignStandard } from "../../estate/standards.ts";
import { type Answer, failure, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const versions = ["2024-08-01"];
const action = (verb: string) => `Microsoft.Security/standardAssignments/${verb}`;
const subscription = "/subscriptions/{subscription}";
const one = "/subscriptions/{subscription}{below*}/providers/Microsoft.Security/standardAssignments/{name}";
const whole = `${subscription}/providers/Microsoft.Security/standardAssignments/{name}`;

const idOf = ({ url }: Call) => decodeURIComponent(url.pathname).replace(/\/$/, "");
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Only those of the scope itself: what lies below is requested by its id. */
function list(call: Call): Answer {
  return page(call, assignmentsOf(call.estate, call.params.subscription!));
}

function get(call: Call): Answer {
  const made = call.estate.standardAssignments.find(({ id }) => same(id, idOf(call)));
  return made ? { status: 200, body: made } : resourceNotFound(call.url.pathname);
}

/** Creates or replaces an assignment. Of one that exempts, Defender then counts the resources as exempt. */
function put(call: Call): Answer {
  const { estate, params, body } = call;
  const properties = (body as { properties?: Record<string, unknown> } | undefined)?.properties ?? {};
  const data = properties.exemptionData as { assignedAssessment?: { assessmentKey?: string } } | undefined;
  const key = data?.assignedAssessment?.assessmentKey;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(params.name ?? ""))
    return failure(400, "InvalidRequest", `The name '${params.name}' is not a GUID.`);
  if (!properties.assignedStandard) return failure(400, "InvalidRequest", "An assignment needs a standard.");
  if (properties.effect !== "Audit" && (properties.effect !== "Exempt" || !key))
    return failure(400, "InvalidRequest", "An assignment that exempts needs an assessment.");
  const id = idOf(call);
  const made: Resource = {
    id,
    name: params.name!,
    type: "Microsoft.Security/standardAssignments",
    properties,
  };
  const standard = String((properties.assignedStandard as { id?: string }).id ?? "");
  if (properties.effect === "Audit")
    assignStandard(estate, params.subscription!, standard.split("/").at(-1) ?? "");
  const before = estate.standardAssignments.length;
  const others = estate.standardAssignments.filter((other) => !same(other.id, id));
  estate.standardAssignments.splice(0, Number.POSITIVE_INFINITY, ...others, made);
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/")).toLowerCase();
  for (const assessment of estate.assessments) {
    if (!key || !assessment.id.toLowerCase().startsWith(`${scope}/`) || !same(assessment.name, key)) continue;
    const status = assessment.properties.status as Record<string, unknown>;
    if (status.code === "Unhealthy") Object.assign(status, { code: "NotApplicable", cause: "Exempt" });
  }
  estate.revision++;
  return { status: before === others.length ? 201 : 200, body: made };
}

/** All in the subscription, and below it [policyExemptions 2022-07-01-preview, list without a filter]. */
function policyExemptions(call: Call): Answer {
  const prefix = `/subscriptions/${call.params.subscription}/`.toLowerCase();
  return page(
    call,
    call.estate.policyExemptions.filter(({ id }) => id.toLowerCase().startsWith(prefix)),
  );
}

export const exemptionRoutes: Route[] = [
  {
    method: "GET",
    path: `${subscription}/providers/Microsoft.Security/standardAssignments`,
    versions,
    action: action("read"),
    handle: list,
  },
  ...[whole, one].flatMap((path): Route[] => [
    { method: "GET", path, versions, action: action("read"), handle: get },
    { method: "PUT", path, versions, action: action("write"), handle: put },
  ]),
  {
    method: "GET",
    path: `${subscription}/providers/Microsoft.Authorization/policyExemptions`,
    versions: ["2022-07-01-preview"],
    action: "Microsoft.Authorization/policyExemptions/read",
    handle: policyExemptions,
  },
];
