import { standardFacts } from "./compliance-facts.ts";
import type { Estate, Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";

const type = "Microsoft.Security/standardAssignments";
const keyOf = (name: string) => guid(`standard ${name}`);

/** The standards that a subscription could be measured by [securityStandards 2024-08-01]: names have spaces here. */
export function standardsOf(scope: string): Resource[] {
  return standardFacts.map(({ name: resource }) => {
    const displayName = resource.replaceAll("-", " ");
    const name = keyOf(resource);
    return {
      ...{ id: `${scope}/providers/Microsoft.Security/securityStandards/${name}`, name },
      type: "Microsoft.Security/securityStandards",
      properties: {
        displayName,
        standardType: "Compliance",
        description: `Controls of ${displayName}`,
        assessments: [],
        cloudProviders: ["Azure"],
      },
    };
  });
}

/** Assignments of a subscription: those that measure it, and those that exempt [standardAssignments 2024-08-01]. */
export function assignmentsOf({ standards, standardAssignments }: Estate, subscription: string): Resource[] {
  const scope = `/subscriptions/${subscription}/providers/${type}/`.toLowerCase();
  const made = standardAssignments.filter(({ id }) => id.toLowerCase().startsWith(scope));
  const measured = standards
    .filter(({ subscriptionId }) => subscriptionId.toLowerCase() === subscription.toLowerCase())
    .map(({ name }): Resource => {
      const key = keyOf(name);
      return {
        ...{ id: `/subscriptions/${subscription}/providers/${type}/${key}`, name: key, type },
        properties: {
          displayName: name.replaceAll("-", " "),
          assignedStandard: { id: `/providers/Microsoft.Security/securityStandards/${key}` },
          effect: "Audit",
          excludedScopes: [],
        },
      };
    });
  return [...measured.filter(({ name }) => !made.some((one) => one.name === name)), ...made];
}

/** Measures a subscription by a standard from now on, by the key of the standard. */
export function assignStandard({ standards }: Estate, subscriptionId: string, key: string): void {
  const fact = standardFacts.find(({ name }) => keyOf(name) === key.toLowerCase());
  const there = standards.some((one) => one.subscriptionId === subscriptionId && one.name === fact?.name);
  if (fact && !there) standards.push({ subscriptionId, name: fact.name });
}
