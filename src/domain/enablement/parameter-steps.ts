import type { KnownParameter } from "../catalogue/policy-parameters.ts";
import {
  type AssignedPolicy,
  leadingAssignment,
  mostParameterText,
} from "../recommendations/policy-parameters.ts";
import type { Left, PlannedStep } from "./enablement.ts";
import type { Planned } from "./plan-steps.ts";

export type ParameterInput = Pick<PlannedStep, "on" | "subscription"> & {
  parameter: KnownParameter;
  /** Where its policy is assigned that holds for the subscription. */
  assigned: readonly AssignedPolicy[];
  /** The value that is wanted, as `parameterText` has it. */
  value: string;
};

/** The change of a parameter at the assignment that recommendations follow; nothing where it has the value. Pure. */
export function parameterSteps({ on, subscription, parameter, assigned, value }: ParameterInput): Planned {
  const { word, name } = parameter;
  const billable = { cores: 0, unknown: 0 };
  const left = (why: Left["why"], detail?: string): Planned => ({
    steps: [],
    left: [{ on, what: word, why, ...(detail && { detail }) }],
    billable,
  });
  if (on.kind !== "subscription") return left("whole-subscription", subscription.name);
  const leading = leadingAssignment(assigned);
  if (!leading) return left("not-assigned");
  const there = leading.parameters.find((one) => one.name === name);
  if (there?.assigned === undefined) return left("fixed", leading.name);
  if (!/^\/subscriptions\/[^/]+$/i.test(leading.scope)) return left("above", leading.scope.split("/").at(-1));
  if (there.value.length >= mostParameterText) return left("unread", "too long");
  if (there.value === value) return { steps: [], left: [], billable };
  const step: PlannedStep = {
    ...{ kind: "parameter", on, subscription },
    assignment: {
      id: leading.id,
      parameter: there.assigned,
      ...(there.default !== undefined && { default: there.default }),
    },
    before: { [word]: there.value },
    after: { [word]: value },
  };
  return { steps: [step], left: [], billable };
}
