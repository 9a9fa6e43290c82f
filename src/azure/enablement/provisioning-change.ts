import { createHash } from "node:crypto";
import { provisioningDefinitions } from "../../domain/catalogue/provisioning.ts";
import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import { UpstreamError } from "../../errors.ts";
import type { Client } from "../client/client.ts";
import { isEnforced } from "../coverage/read-coverage.ts";
import { field, text } from "../fields.ts";
import type { Operations } from "../simulations/operations.ts";

const policyVersion = "2023-04-01";
const roleVersion = "2022-04-01";

const root = ({ subscription }: PlannedStep) => `/subscriptions/${subscription.id}`;

function definitionOf({ installs }: PlannedStep) {
  const definition = provisioningDefinitions.find(({ kind }) => kind === installs);
  if (!definition) throw new Error(`No policy definition installs ${installs}.`);
  return definition;
}

function assignmentPath(step: PlannedStep): string {
  return `${root(step)}/providers/Microsoft.Authorization/policyAssignments/${step.after.assignment ?? ""}`;
}

async function read(client: Client, step: PlannedStep): Promise<unknown> {
  return orNothing(client.get(assignmentPath(step), policyVersion));
}

/** True where an assignment does what the step wants: the policy's effect takes place [policyAssignments, enforcementMode]. */
function isOurs(step: PlannedStep, there: unknown): boolean {
  return definitionIn(there).endsWith(definitionOf(step).id) && isEnforced(field(there, "properties"));
}

function definitionIn(assignment: unknown): string {
  return text(field(assignment, "properties", "policyDefinitionId"), 500).toLowerCase();
}

/** The assignment with its English name, its workspace, and whether its identity has the roles that the policy needs. */
export async function provisioningValues(client: Client, step: PlannedStep): Promise<Values> {
  const there = await read(client, step);
  const ours = isOurs(step, there);
  const workspace = text(
    field(there, "properties", "parameters", "logAnalyticsWorkspaceResourceId", "value"),
    500,
  );
  const all: Values = {
    assignment: ours ? (step.after.assignment ?? "") : there ? definitionIn(there) || "other" : "none",
    workspace: workspace || "none",
    roles: ours ? await rolesValue(client, step, principalOf(there)) : "none",
  };
  return Object.fromEntries(Object.keys(step.after).map((name) => [name, all[name] ?? ""]));
}

async function rolesValue(client: Client, step: PlannedStep, principal: string): Promise<string> {
  const missing = await missingRoles(client, step, principal);
  return missing.length === 0 ? "assigned" : "none";
}

async function missingRoles(client: Client, step: PlannedStep, principal: string): Promise<string[]> {
  if (!principal) return [...definitionOf(step).roles];
  const path = `${root(step)}/providers/Microsoft.Authorization/roleAssignments`;
  const listed = await client.list(path, roleVersion, `principalId eq '${principal.replaceAll("'", "''")}'`);
  // The filter also answers assignments below the subscription, which don't reach all of it [roleAssignments, $filter].
  const whole = listed.filter((one) => !/\/resourceGroups\//i.test(scopeOf(one)));
  const given = whole.map((one) =>
    text(field(one, "properties", "roleDefinitionId"), 500)
      .split("/")
      .at(-1)
      ?.toLowerCase(),
  );
  return definitionOf(step).roles.filter((role) => !given.includes(role));
}

/** Where a role assignment holds. */
function scopeOf(assignment: unknown): string {
  return text(field(assignment, "properties", "scope"), 2000) || text(field(assignment, "id"), 2000);
}

function principalOf(assignment: unknown): string {
  return text(field(assignment, "identity", "principalId"), 100);
}

/**
 * Makes the assignment where it isn't there, then gives its identity the roles that it lacks.
 * @throws UpstreamError where another one has its name: that stays as it is, and gets no roles
 */
export async function provision(client: Client, operations: Operations, step: PlannedStep): Promise<void> {
  const there = (await read(client, step)) ?? (await assign(operations, step));
  if (!isOurs(step, there)) throw nameTaken(step);
  const principal = principalOf(there);
  for (const role of await missingRoles(client, step, principal)) {
    const path = `${root(step)}/providers/Microsoft.Authorization/roleAssignments/${guidOf([assignmentPath(step), role, principal])}`;
    const roleDefinitionId = `${root(step)}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const properties = { roleDefinitionId, principalId: principal, principalType: "ServicePrincipal" };
    await operations.callOnce("PUT", path, roleVersion, { properties }).catch((error: unknown) => {
      if (!(error instanceof UpstreamError && error.code === "RoleAssignmentExists")) throw error;
    });
  }
}

async function assign(operations: Operations, step: PlannedStep): Promise<unknown> {
  const { id } = definitionOf(step);
  const { workspace, assignment } = step.after;
  const { body } = await operations.callOnce("PUT", assignmentPath(step), policyVersion, {
    location: step.location,
    identity: { type: "SystemAssigned" },
    properties: {
      displayName: assignment,
      description: "Created by Breakwater",
      metadata: { assignedBy: "Breakwater" },
      policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${id}`,
      parameters: workspace ? { logAnalyticsWorkspaceResourceId: { value: workspace } } : {},
      enforcementMode: "Default",
    },
  });
  return body;
}

function nameTaken({ after }: PlannedStep): UpstreamError {
  return new UpstreamError(
    `An assignment named "${after.assignment}" is there already, and doesn't deploy it (another policy, effect Disabled, or enforcement mode DoNotEnforce): it was left as it is`,
    { system: "azure", status: 409, code: "NameTaken", retryable: false },
  );
}

/** The same for the same words: a PUT of a role assignment may be repeated. */
export function guidOf(words: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(words).toLowerCase()).digest("hex");
  return [hash.slice(0, 8), ...[8, 12, 16].map((at) => hash.slice(at, at + 4)), hash.slice(20, 32)].join("-");
}

async function orNothing(reading: Promise<unknown>): Promise<unknown> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return undefined;
    throw error;
  }
}
