import type { InForce } from "../../domain/exemptions/exemptions.ts";
import { UpstreamError } from "../../errors.ts";
import type { ExemptionAzure } from "../../ports/azure.ts";
import { exemptionActions, exemptionRoleName } from "../checks/optional-roles.ts";
import { assignRole, principalOf } from "../checks/role-commands.ts";
import type { Client } from "../client/client.ts";
import { field, isoTime } from "../fields.ts";
import { allows, readPermission } from "../permissions/required-actions.ts";
import type { Operations } from "../simulations/operations.ts";
import { assignmentBody, assignmentsVersion, recommendationExemptions } from "./recommendation-exemptions.ts";
import { ruleBody, ruleInForce, rulesPath, rulesVersion } from "./suppression-rules.ts";

/** What hides alerts and recommendations: read whoever made it, and made by a PUT that may be repeated. */
export function exemptionAzure(client: Client, operations: Operations): ExemptionAzure {
  return {
    async exemptionsOf(subscription, kind, also = []): Promise<InForce[]> {
      if (kind === "recommendation") return recommendationExemptions(client, subscription, also);
      const rules = await client.list(rulesPath(subscription.id), rulesVersion);
      return rules.map((one) => ruleInForce(one, subscription)).filter(({ what }) => what !== "");
    },
    async putExemption(plan, comment) {
      const [version, sent, end] =
        plan.kind === "alert"
          ? [rulesVersion, ruleBody(plan, comment), "expirationDateUtc"]
          : [assignmentsVersion, assignmentBody(plan, comment), "expiresOn"];
      const { body } = await operations.call("PUT", plan.resource, version, sent);
      const made = field(body, "properties") ? body : await accepted(client, plan.resource, version);
      return { expires: isoTime(field(made, "properties", end)) };
    },
    async exemptionRights(subscription, kind) {
      const path = `/subscriptions/${subscription}/providers/Microsoft.Authorization/permissions`;
      const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
      const missing = exemptionActions
        .filter((one) => one.for === kind)
        .map(({ action }) => action)
        .filter((action) => !allows(permissions, action));
      if (missing.length === 0) return undefined;
      const principal = await principalOf(client);
      return { missing, command: assignRole(exemptionRoleName, principal, `/subscriptions/${subscription}`) };
    },
  };
}

/** What Azure only accepted (202, or an empty answer) is made once it can be read; until then it is asked for again. */
async function accepted(client: Client, resource: string, version: string): Promise<unknown> {
  try {
    return await client.get(resource, version);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.status !== 404) throw error;
    const { message, system, status, code } = error;
    throw new UpstreamError(message, { system, status, code, retryable: true, cause: error });
  }
}
