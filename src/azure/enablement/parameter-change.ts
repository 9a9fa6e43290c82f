import { compareValues, type PlannedStep, type Values } from "../../domain/enablement/enablement.ts";
import { writtenValue } from "../../domain/recommendations/policy-parameters.ts";
import type { TurnedOn } from "../../ports/enablement.ts";
import type { Client } from "../client/client.ts";
import { field, record, text } from "../fields.ts";
import type { Operations } from "../simulations/operations.ts";
import { assignedText } from "./policy-parameters.ts";

/** An older version would drop what it doesn't know of the assignment (definition version, selectors, overrides). */
const version = "2025-01-01";

/** The value that an assignment has for the parameter of a step. */
function valuesIn(assignment: unknown, { after, assignment: at }: PlannedStep): Values {
  const [word = ""] = Object.keys(after);
  return { [word]: assignedText(assignment, at?.parameter ?? "", at?.default) };
}

export async function parameterValues(client: Client, step: PlannedStep): Promise<Values> {
  return valuesIn(await client.get(step.assignment?.id ?? "", version), step);
}

/** Assignments have no eTag: the whole of it is read just before it is written, with the one parameter changed. */
export async function changeParameter(
  client: Client,
  operations: Operations,
  step: PlannedStep,
): Promise<TurnedOn> {
  const id = step.assignment?.id ?? "";
  const there = await client.get(id, version);
  const now = valuesIn(there, step);
  const said = compareValues(step, now);
  if (said === "on") return { kind: "already" };
  if (said === "moved") return { kind: "moved", now };
  await operations.callOnce("PUT", id, version, assignmentBody(there, step));
  return { kind: "changed", failed: {} };
}

/** The assignment as it was read, with the parameter of the step; what Azure itself writes is left out. */
export function assignmentBody(assignment: unknown, { after, assignment: at }: PlannedStep): object {
  const { id: _, name: __, type: ___, systemData: ____, identity, ...body } = record(assignment);
  const {
    scope: _____,
    effectiveDefinitionVersion: ______,
    latestDefinitionVersion: _______,
    instanceId: ________,
    ...properties
  } = record(body.properties);
  const [word = "", written = ""] = Object.entries(after)[0] ?? [];
  const name = at?.parameter ?? "";
  const value = writtenValue(word, written);
  const others = Object.entries(record(properties.parameters)).filter(
    ([key]) => key.toLowerCase() !== name.toLowerCase(),
  );
  const assigned = record(field(identity, "userAssignedIdentities"));
  return {
    ...body,
    ...(identity !== undefined && {
      identity: {
        type: text(field(identity, "type"), 50),
        ...(Object.keys(assigned).length > 0 && {
          userAssignedIdentities: Object.fromEntries(Object.keys(assigned).map((one) => [one, {}])),
        }),
      },
    }),
    properties: { ...properties, parameters: { ...Object.fromEntries(others), [name]: { value } } },
  };
}
