import { parametersOf } from "../../domain/catalogue/policy-parameters.ts";
import {
  type AssignedPolicy,
  type PolicyParameter,
  parameterText,
} from "../../domain/recommendations/policy-parameters.ts";
import type { Client } from "../client/client.ts";
import { problem } from "../client/problem.ts";
import { excludes } from "../coverage/assignments.ts";
import { field, list, record, text } from "../fields.ts";

const version = "2023-04-01";
/** Milliseconds for which a definition is kept: built-in ones change a few times a year, and one has hundreds of kB. */
const kept = 3_600_000;
const mostAssignments = 20;

/** The definition or initiative of an assignment; `value` nothing: it is gone. */
type Definitions = (id: string) => Promise<unknown>;

/**
 * Where a policy is assigned that holds for a subscription, by itself or in an initiative, with the parameters that the
 * catalogue knows [policyAssignments, policyDefinitions, policySetDefinitions 2023-04-01]. Management groups count too.
 * @param now milliseconds
 */
export function policyParametersReader(client: Client, now: () => number) {
  const read = new Map<string, { at: number; reading: Promise<unknown> }>();
  const definition: Definitions = (id) => {
    const known = read.get(id);
    if (known && now() - known.at < kept) return known.reading;
    const reading = client.get(id, version).catch((error: unknown) => {
      read.delete(id);
      if (problem(error).status === 404) return undefined;
      throw error;
    });
    read.set(id, { at: now(), reading });
    return reading;
  };
  return async (subscription: string, policy: string): Promise<AssignedPolicy[]> => {
    const path = `/subscriptions/${subscription}/providers/Microsoft.Authorization/policyAssignments`;
    const assignments = await client.list(path, version, "atScope()");
    const holding: AssignedPolicy[] = [];
    for (const assignment of assignments) {
      if (excludes(assignment, [`/subscriptions/${subscription}`])) continue;
      const assigned = await readAssigned(assignment, policy.toLowerCase(), definition);
      if (assigned && holding.length < mostAssignments) holding.push(assigned);
    }
    return holding;
  };
}

/** The value of an assignment's parameter, as people write it; without one its default holds. */
export function assignedText(assignment: unknown, name: string, fallback: string | undefined): string {
  const given = field(assignment, "properties", "parameters", name);
  return given === undefined ? (fallback ?? parameterText(undefined)) : parameterText(field(given, "value"));
}

async function readAssigned(
  assignment: unknown,
  policy: string,
  definitions: Definitions,
): Promise<AssignedPolicy | undefined> {
  const definition = text(field(assignment, "properties", "policyDefinitionId"), 2000);
  const id = text(field(assignment, "id"), 2000);
  const isSet = /\/policySetDefinitions\//i.test(definition);
  if (id === "" || (!isSet && !endsWith(definition, policy))) return undefined;
  const assigned = await definitions(definition);
  const parameters = isSet ? ofSet(assignment, assigned, policy) : ofDefinition(assignment, assigned, policy);
  if (!parameters) return undefined;
  const name =
    text(field(assignment, "properties", "displayName"), 300) || text(field(assignment, "name"), 200);
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
  return { id, name, scope, definition, parameters };
}

function endsWith(id: string, policy: string): boolean {
  return id.toLowerCase().endsWith(`/${policy}`);
}

function defaultOf(definition: unknown, name: string): Pick<PolicyParameter, "default"> {
  const schema = field(definition, "properties", "parameters", name);
  const given = field(schema, "defaultValue");
  return given === undefined ? {} : { default: parameterText(given) };
}

function ofDefinition(assignment: unknown, definition: unknown, policy: string): PolicyParameter[] {
  return parametersOf(policy).map(({ name }) => {
    const fallback = defaultOf(definition, name);
    return { name, value: assignedText(assignment, name, fallback.default), ...fallback, assigned: name };
  });
}

/** Undefined where the initiative doesn't have the policy. Its own parameters carry other names than the policy's. */
function ofSet(assignment: unknown, set: unknown, policy: string): PolicyParameter[] | undefined {
  const member = list(field(set, "properties", "policyDefinitions")).find((one) =>
    endsWith(text(field(one, "policyDefinitionId"), 2000), policy),
  );
  if (member === undefined) return undefined;
  const given = record(field(member, "parameters"));
  return parametersOf(policy).flatMap(({ name }): PolicyParameter[] => {
    const value = field(given, name, "value");
    if (value === undefined) return [];
    const assigned = typeof value === "string" ? parameterNamed(value) : undefined;
    if (assigned === undefined) return [{ name, value: parameterText(value) }];
    const fallback = defaultOf(set, assigned);
    return [{ name, value: assignedText(assignment, assigned, fallback.default), ...fallback, assigned }];
  });
}

/** `x` of `[parameters('x')]`. */
function parameterNamed(value: string): string | undefined {
  return /^\[parameters\('([^']{1,200})'\)\]$/i.exec(value)?.[1];
}
