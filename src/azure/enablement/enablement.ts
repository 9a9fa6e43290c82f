import { compareValues, type PlannedStep, type Values } from "../../domain/enablement/enablement.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import { UpstreamError } from "../../errors.ts";
import type { EnablementAzure, TurnedOn } from "../../ports/enablement.ts";
import type { Clock } from "../../ports/process.ts";
import { enablementActions, enablementRoleName } from "../checks/optional-roles.ts";
import { assignRole, principalOf } from "../checks/role-commands.ts";
import type { Client } from "../client/client.ts";
import { field, text } from "../fields.ts";
import { allows, readPermission } from "../permissions/required-actions.ts";
import type { Operations } from "../simulations/operations.ts";
import { clusterBody, clusterValues, clusterVersion } from "./cluster-change.ts";
import { changeParameter, parameterValues } from "./parameter-change.ts";
import { failedExtensions, planBody, planValues } from "./plan-change.ts";
import { policyParametersReader } from "./policy-parameters.ts";
import { provision, provisioningValues } from "./provisioning-change.ts";
import { assignStandard, clusterStandard, standardValues } from "./standard-change.ts";

/** Who owns a plan came with this version [pricings 2026-07-01]; what is written needs nothing newer than this one. */
const pricingVersion = "2024-01-01";
/** Someone else may change a cluster between our reading and our PUT so often. */
const mostConflicts = 3;

const scopeOf = ({ on }: PlannedStep) => (on.kind === "subscription" ? `/subscriptions/${on.id}` : on.id);
const pricingPath = (step: PlannedStep) =>
  `${scopeOf(step)}/providers/Microsoft.Security/pricings/${step.kind === "foundational" ? "FoundationalCspm" : "Containers"}`;

/** Reads and makes the changes of `enable`, each with a new look just before it. */
export function enablementAzure(client: Client, operations: Operations, clock: Clock): EnablementAzure {
  const valuesNow = async (step: PlannedStep): Promise<Values> => {
    if (step.kind === "cluster") return clusterValues(await client.get(step.on.id, clusterVersion), step);
    if (step.kind === "provisioning") return provisioningValues(client, step);
    if (step.kind === "standard") return standardValues(client, step);
    if (step.kind === "parameter") return parameterValues(client, step);
    return planValues(await client.get(pricingPath(step), pricingVersion), step);
  };
  return {
    valuesNow,
    clusterStandard: (subscription) => clusterStandard(client, subscription),
    policyParameters: policyParametersReader(client, () => Date.parse(clock.now())),
    async turnOn(step, { again = false } = {}) {
      if (step.kind === "cluster") return changeCluster(client, operations, step);
      if (step.kind === "plan" || step.kind === "foundational")
        return changePlan(client, operations, step, again);
      if (step.kind === "parameter") return changeParameter(client, operations, step);
      const now = await valuesNow(step);
      const said = compareValues(step, now);
      if (said === "on") return { kind: "already" };
      // Of two calls the first may have been made before we were killed: then the second one is what is left.
      if (said === "moved" && !again) return { kind: "moved", now };
      if (step.kind === "provisioning") await provision(client, operations, step);
      else await assignStandard(operations, step);
      return { kind: "changed", failed: {} };
    },
    async enablementRights(steps) {
      const missing = await Promise.all(steps.map((step) => missingFor(client, step)));
      const needed = steps.map((step) => actionsOf(step));
      if (missing.every((actions) => actions.length === 0)) return { needed, missing };
      const principal = await principalOf(client);
      const lacking = steps.flatMap((step, index) =>
        missing[index]!.map((action) => subscriptionOf(step, action)),
      );
      const commands = [...new Set(lacking)].map((id) =>
        assignRole(enablementRoleName, principal, `/subscriptions/${id}`),
      );
      return { needed, missing, command: commands.join("\n") };
    },
  };
}

function actionsOf({ kind }: PlannedStep): string[] {
  return enablementActions
    .filter((one) => !one.optional && one.for.includes(kind))
    .map(({ action }) => action);
}

const isOfWorkspace = (action: string) => /\/workspaces\//i.test(action);
const workspaceOf = ({ after, workspace }: PlannedStep) => after.workspace ?? workspace;

/** Where an action is needed: a workspace may lie in another subscription than the cluster. */
function subscriptionOf(step: PlannedStep, action: string): string {
  const workspace = isOfWorkspace(action) ? readResourceId(workspaceOf(step) ?? "") : undefined;
  return workspace?.subscription ?? step.subscription.id;
}

/** Each action is asked for where Azure will: the workspace's at the workspace. */
async function missingFor(client: Client, step: PlannedStep): Promise<string[]> {
  const needed = actionsOf(step);
  const atWorkspace = needed.filter(isOfWorkspace);
  const workspace = workspaceOf(step);
  const missing = await Promise.all([
    missingAt(
      client,
      scopeOf(step),
      needed.filter((action) => !atWorkspace.includes(action)),
    ),
    workspace && step.kind === "cluster" ? missingAt(client, workspace, atWorkspace) : [],
  ]);
  return missing.flat();
}

async function missingAt(client: Client, scope: string, actions: readonly string[]): Promise<string[]> {
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  // Where nothing may be read, as in a workspace's other subscription, none of it is allowed.
  const listed = await client.list(path, "2022-04-01").catch((error: unknown) => {
    if (error instanceof UpstreamError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  });
  const permissions = listed.map(readPermission);
  return actions.filter((action) => !allows(permissions, action));
}

async function changePlan(
  client: Client,
  operations: Operations,
  step: PlannedStep,
  again: boolean,
): Promise<TurnedOn> {
  const path = pricingPath(step);
  const there = await client.get(path, pricingVersion);
  const now = planValues(there, step);
  const said = compareValues(step, now);
  if (said === "on") return { kind: "already" };
  const failed = failedExtensions(there, step);
  const rest = Object.keys(step.after).filter((name) => !(name in failed));
  const ours = again && rest.every((name) => now[name] === step.after[name]);
  if (ours) return { kind: "changed", failed };
  if (said === "moved") return { kind: "moved", now };
  const sent = step.kind === "plan" ? planBody(there, step) : { properties: { pricingTier: "Standard" } };
  const { body } = await operations.callOnce("PUT", path, pricingVersion, sent);
  return { kind: "changed", failed: failedExtensions(body, step) };
}

/** With If-Match: what someone changed after we read the cluster is never overwritten. */
async function changeCluster(client: Client, operations: Operations, step: PlannedStep): Promise<TurnedOn> {
  for (let tries = 1; ; tries++) {
    const there = await client.get(step.on.id, clusterVersion);
    const now = clusterValues(there, step);
    const said = compareValues(step, now);
    if (said === "on") return { kind: "already" };
    if (said === "moved") return { kind: "moved", now };
    const eTag = text(field(there, "eTag"), 200) || text(field(there, "properties", "eTag"), 200);
    if (!eTag) throw noETag(step);
    try {
      const body = clusterBody(there, step);
      await operations.callOnce("PUT", step.on.id, clusterVersion, body, eTag);
      return { kind: "changed", failed: {} };
    } catch (error) {
      const conflict = error instanceof UpstreamError && error.status === 412;
      if (!conflict || tries >= mostConflicts) throw error;
    }
  }
}

function noETag({ on }: PlannedStep): UpstreamError {
  return new UpstreamError(
    `Azure named no eTag of ${on.name}: a change by someone else could be overwritten, so nothing was changed`,
    { system: "azure", status: 200, code: "NoETag", retryable: false },
  );
}
