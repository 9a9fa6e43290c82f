import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { documentedBound } from "../../playground/kubernetes/bounds.ts";
import { simulationActions, simulationRoleName } from "../../src/azure/permissions/required-actions.ts";
import { definitions } from "../dispatch-parts.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", "docs", path), "utf8");

describe("the Azure role of simulations", () => {
  const role = JSON.parse(read("azure-simulation-role.json"));

  it("holds the actions that are used, each explained, and nothing else", () => {
    expect(role).toMatchObject({ Name: simulationRoleName, IsCustom: true, NotActions: [], DataActions: [] });
    expect(role.Actions).toEqual(simulationActions.map(({ action }) => action));
    const page = read("simulation-rights.md");
    const rows = [...page.matchAll(/^\| `([^`]+)`\s*\| (.*?)\s*\|$/gm)].map(([, action, purpose]) => [
      action,
      purpose,
    ]);
    expect(rows).toEqual(simulationActions.map(({ action, purpose }) => [action, purpose]));
    expect(page).toContain(`--role "${simulationRoleName}"`);
  });

  it("covers whatever a scenario says that it needs in Azure", () => {
    const wanted = [...definitions.scenarios.values()].flatMap(({ azureActions = [] }) => azureActions);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((action) => !role.Actions.includes(action))).toEqual([]);
  });
});

describe("the ClusterRole of simulations", () => {
  type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };
  const documents = parseAllDocuments(read("kubernetes-role.yaml")).map((one) => one.toJS());
  const rules: Rule[] = documents.find(({ kind }) => kind === "ClusterRole").rules;
  const allows = (group: string, resource: string, verb: string) =>
    rules.some(
      (rule) =>
        rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb),
    );

  it("covers whatever a scenario says that it needs, with the patch that applying is", () => {
    const missing = [...definitions.scenarios].flatMap(([name, { rights }]) =>
      rights.flatMap(({ apiGroup, resource, verbs }) =>
        [...verbs, ...(verbs.includes("create") && !resource.includes("/") ? ["patch"] : [])]
          .filter((verb) => !allows(apiGroup, resource, verb))
          .map((verb) => `${name}: ${verb} ${resource}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("bounds writes by a policy that an API server takes, dry runs included", () => {
    const policy = documents.find(({ kind }) => kind === "ValidatingAdmissionPolicy");
    // "if '*/*' is present, must not specify other resources" [admissionregistration validation].
    for (const { resources } of policy.spec.matchConstraints.resourceRules)
      expect(resources).toEqual(["*/*"]);
    expect(documentedBound()).toMatchObject({ namespace: "breakwater-simulation" });
    expect(
      policy.spec.matchConditions.map(({ expression }: { expression: string }) => expression).join(),
    ).not.toContain("dryRun");
    const [namespace] = documents.filter(({ kind }) => kind === "Namespace");
    expect(namespace.metadata.name).toBe(documentedBound()!.namespace);
    expect(Object.keys(namespace.metadata.labels)).not.toContain("app.kubernetes.io/managed-by");
  });

  it("has no wildcard and no secrets, and is bound to one identity", () => {
    const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(words.filter((word) => /[*]|secrets|escalate|bind|impersonate/.test(word))).toEqual([]);
    const binding = documents.find(({ kind }) => kind === "ClusterRoleBinding");
    expect(binding.roleRef.name).toBe(documents[0].metadata.name);
    expect(binding.subjects).toHaveLength(1);
  });
});
