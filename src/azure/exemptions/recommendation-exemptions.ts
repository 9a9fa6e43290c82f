import type { ExemptionPlan, InForce } from "../../domain/exemptions/exemptions.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import { UpstreamError } from "../../errors.ts";
import type { Client } from "../client/client.ts";
import { field, isoTime, text } from "../fields.ts";
import { placeOf } from "../place.ts";
import { namesOf } from "../subscriptions.ts";

export const assignmentsVersion = "2024-08-01";
const policyVersion = "2022-07-01-preview";
/** Microsoft Cloud Security Benchmark: the standard of the published examples, to which the recommendations belong. */
const standard = "/providers/Microsoft.Security/securityStandards/1f3afdf9-d0c9-4c3d-847f-89da613e70a8";

/** The body of a PUT of a standard assignment that exempts, as in the published example. */
export function assignmentBody(plan: ExemptionPlan, comment: string): object {
  return {
    properties: {
      displayName: `Breakwater: ${plan.title}`.slice(0, 120),
      description: comment,
      assignedStandard: { id: standard },
      effect: "Exempt",
      expiresOn: plan.expires,
      exemptionData: {
        exemptionCategory: "waiver",
        assignedAssessment: { assessmentKey: plan.what },
      },
    },
  };
}

/**
 * Exemptions of both kinds that Azure has: of Defender's standards, and of policies.
 * @param also ids that are asked for one by one: a list of assignments doesn't promise what lies below its scope
 */
export async function recommendationExemptions(
  client: Client,
  subscription: InForce["subscription"],
  also: readonly string[],
): Promise<InForce[]> {
  const scope = `/subscriptions/${subscription.id}/providers`;
  const [assignments, policies] = await Promise.all([
    client.list(`${scope}/Microsoft.Security/standardAssignments`, assignmentsVersion),
    client.list(`${scope}/Microsoft.Authorization/policyExemptions`, policyVersion),
  ]);
  const listed = new Set(assignments.map((one) => idOf(one).toLowerCase()));
  const missing = also.filter((id) => !listed.has(id.toLowerCase()));
  const more = await Promise.all(missing.map((id) => single(client, id)));
  return [
    ...[...assignments, ...more].flatMap((one) => readAssignment(one, subscription) ?? []),
    ...policies.flatMap((one) => readPolicyExemption(one, subscription) ?? []),
  ];
}

async function single(client: Client, id: string): Promise<unknown> {
  try {
    return await client.get(id, assignmentsVersion);
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return undefined;
    throw error;
  }
}

function readAssignment(value: unknown, subscription: InForce["subscription"]): InForce | undefined {
  const about = field(value, "properties");
  if (text(field(about, "effect"), 50).toLowerCase() !== "exempt") return undefined;
  const key = text(field(about, "exemptionData", "assignedAssessment", "assessmentKey"), 200);
  const what = key || text(field(about, "displayName"), 200);
  return exemption(value, subscription, what, isoTime(field(about, "expiresOn")));
}

/** [policyExemptions 2022-07-01-preview]; which recommendation it is about, only its name says. */
function readPolicyExemption(value: unknown, subscription: InForce["subscription"]): InForce | undefined {
  const about = field(value, "properties");
  const what = text(field(about, "displayName"), 200) || text(field(value, "name"), 200);
  return exemption(value, subscription, what, isoTime(field(about, "expiresOn")));
}

function exemption(
  value: unknown,
  subscription: InForce["subscription"],
  what: string,
  expires: string | undefined,
): InForce | undefined {
  const id = idOf(value);
  if (id === "" || what === "") return undefined;
  const above = id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
  const place = readResourceId(above);
  const whole = !place || place.type === "microsoft.resources/subscriptions";
  const about = field(value, "properties");
  const called = text(field(about, "displayName"), 200);
  return {
    ...(called && called !== what && { called }),
    ...{ kind: "recommendation", id, what, where: whole ? "" : place.name, subscription, enabled: true },
    ...(!whole && { places: [placeOf([above], namesOf([subscription]))] }),
    ...(expires && { expires }),
    reason: text(field(about, "description"), 500) || text(field(about, "exemptionCategory"), 100),
  };
}

function idOf(value: unknown): string {
  return text(field(value, "id"), 2000);
}
